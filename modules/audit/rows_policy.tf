# SPDX-License-Identifier: MPL-2.0

# The controls about the group, its settings and its roster. See rows_accounts.tf.

locals {
  people_in_charge   = length(local.populations.administrators_2fa.of)
  enough             = try(local.people_in_charge >= coalesce(var.minimum_administrators, 0), true)
  administrators_cut = anytrue([for list in ["members", "administrators", "service_accounts"] : !local.complete[list]])

  outside = [
    for pattern in try([for pattern in local.group.auto_add_users : pattern == null ? "" : pattern], []) : pattern
    if !try(can(local.domains[lower(regex("^[^@]*@([^@]*)$", pattern)[0])]), false)
  ]
  shows_auto_add = try(local.group.auto_add_users != null, false)

  # VirusTotal shows whether SAML or OIDC is forced, or does not say.
  sso_known = local.sso_forced || try(local.group.force_users_saml_login == false && local.group.force_users_oidc_login == false, false)

  next_review = try(substr(timeadd("${local.reviewed_on}T00:00:00Z", "${var.review_days * 24}h"), 0, 10), "")

  # Each name of the roster, and what it is there for.
  roster_entries = flatten([
    [for id in coalesce(local.expected.members, []) : { id = id, as = "member", there = can(local.people[id]), known = true }],
    [
      for id in coalesce(local.expected.administrators, []) :
      { id = id, as = "administrator", there = can(local.populations.administrators.of[id]), known = true }
    ],
    [
      for id in coalesce(local.expected.service_accounts, []) :
      { id = id, as = "service account", there = can(local.populations.service_accounts.of[id]), known = true }
    ],
    [for role, ids in coalesce(local.expected_roles, {}) : [
      for id in ids : {
        id    = id
        as    = role
        there = role == local.administrator_role ? can(local.populations.administrators.of[id]) : try(contains(local.accounts[id].roles, role), false)
        known = role == local.administrator_role || try(local.roles_known[id], true)
      }
    ]],
  ])
  roster_names = { for entry in local.roster_entries : entry.id => entry... }
  roster_lists = distinct(flatten([
    local.expected.members == null ? [] : ["members", "administrators"],
    local.expected.service_accounts == null ? [] : ["service_accounts"],
    local.expected.administrators == null && local.expected_roles == null ? [] : local.account_lists,
  ]))
  roster_cut  = anytrue([for list in local.roster_lists : !local.complete[list]])
  roster_gone = { for id, entries in local.roster_names : id => [for entry in entries : entry.as if !entry.there && entry.known] }

  rows_of_policy = {
    single_sign_on_not_forced = {
      of    = local.populations.group_object
      needs = "single_sign_on"
      seen  = { for id in keys(local.populations.group_object.of) : id => true if local.sso_known }
      findings = {
        for id in keys(local.populations.group_object.of) : id => { why = "VirusTotal shows that the group forces neither SAML nor OIDC.", what = [] }
        if local.sso_known && !local.sso_forced
      }
    }

    # Enough administrators are enough, however the list ends.
    too_few_administrators = {
      of   = { of = local.populations.group.of, lists = local.enough ? [] : local.account_lists }
      seen = { for id in keys(local.populations.group.of) : id => true if local.enough || !local.administrators_cut }
      findings = {
        for id in keys(local.populations.group.of) : id => {
          why  = "The group has ${local.people_in_charge} of at least ${coalesce(var.minimum_administrators, 0)} administrators."
          what = []
        } if !local.enough && !local.administrators_cut
      }
    }

    # VirusTotal omits what was never set.
    auto_add_outside_domains = {
      of   = { of = { for id in keys(local.populations.group_object.of) : id => true if local.shows_auto_add }, lists = local.group_lists }
      seen = { for id in keys(local.populations.group_object.of) : id => true if local.shows_auto_add }
      findings = {
        for id in keys(local.populations.group_object.of) : id => {
          why  = "Anyone with these addresses joins the group: ${join(", ", slice(sort(distinct(local.outside)), 0, min(5, length(distinct(local.outside)))))}${length(distinct(local.outside)) > 5 ? " and ${length(distinct(local.outside)) - 5} more" : ""}."
          what = local.outside
        } if length(local.outside) > 0
      }
    }

    review_overdue = {
      of   = local.populations.group
      seen = local.populations.group.of
      findings = {
        for id in keys(local.populations.group.of) : id => {
          why  = "The roster was last reviewed on ${local.reviewed_on}, and its next review was due on ${local.next_review}."
          what = []
        }
        if try(timecmp("${local.today}T00:00:00Z", "${local.next_review}T00:00:00Z") > 0, false)
      }
    }

    # A name that is missing from a cut list may be in the rest of it.
    roster_stale = {
      of      = { of = { for id in keys(local.roster_names) : id => true }, lists = local.roster_lists }
      missing = { for id, entries in local.roster_names : id => alltrue(entries[*].known) ? [] : ["roles"] if !alltrue(entries[*].known) }
      seen = {
        for id, entries in local.roster_names : id => true
        if alltrue([for entry in entries : entry.known && (entry.there || !local.roster_cut)]) || !local.roster_cut && length(local.roster_gone[id]) > 0
      }
      findings = {
        for id, gone in local.roster_gone : id => {
          why  = "In the roster but no longer in the group as ${join(", ", slice(gone, 0, min(5, length(gone))))}${length(gone) > 5 ? " and ${length(gone) - 5} more" : ""}."
          what = []
        }
        if length(gone) > 0 && !local.roster_cut
      }
    }
  }
}
