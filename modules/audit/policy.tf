# SPDX-License-Identifier: MPL-2.0

# The policy in force: the time, the controls that are enabled, what they need to know, the roster and the waivers. Nothing
# here fails on a wrong policy: refusals.tf says what is wrong with it.

locals {
  catalogue  = jsondecode(file("${path.module}/controls.json"))
  severities = ["critical", "high", "medium", "low"]
  rank       = { for i, severity in local.severities : severity => i }

  # What must not reach a terminal or the log of a pipeline: control characters, characters that change the direction of text,
  # and the beginning of a command to the pipeline. Terraform wraps messages, so any word can begin a line.
  unprintable = "/[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]|::+|##+[[:alpha:]]*\\[/"

  # The time of the audit in UTC. timeadd keeps the offset, so the time is shifted by it before the offset is replaced.
  given = can(timeadd(var.at, "0s")) ? var.at : plantimestamp()
  zone  = regex("(?:[Zz]|([+-])(\\d\\d):(\\d\\d))$", local.given)
  at = local.zone[0] == null ? timeadd(local.given, "0s") : replace(
    timeadd(local.given, "${local.zone[0] == "+" ? "-" : ""}${local.zone[1]}h${local.zone[2]}m"), "/[+-]\\d\\d:\\d\\d$/", "Z"
  )
  today = substr(local.at, 0, 10)

  # What lies outside these is no evidence.
  earliest = "2004-01-01T00:00:00Z"
  latest   = try(timeadd(local.at, "24h"), local.at)

  dormant_before = try(timeadd(local.at, "-${var.dormant_days * 24}h"), local.at)
  ends_before    = try(timeadd(local.at, "${var.privilege_days * 24}h"), local.at)
  ended_after    = try(timeadd(local.at, "-${var.privilege_days * 24}h"), local.at)

  domains = { for domain in coalesce(var.allowed_domains, []) : try(lower(domain), "") => true }

  # The roster's lists. Null if a list is not checked.
  expected = {
    for list in ["members", "administrators", "service_accounts"] : list => try(toset([for id in var.roster[list] : tostring(id) if id != null]), null)
  }
  expected_roles = try({ for role, ids in var.roster.roles : role => toset([for id in ids : tostring(id) if id != null]) }, null)
  in_roster      = { for list, ids in local.expected : list => { for id in coalesce(ids, []) : id => true } }
  reviewed_on    = try(coalesce(tostring(var.roster.reviewed_on)), "")
  reviewed_by    = try(coalesce(tostring(var.roster.reviewed_by)), "")

  # A waiver without who is for the group, whose results have no name. A waiver is valid until the end of its last day, and one
  # that its own account approved covers nothing.
  given_waivers = [
    for waiver in try([for waiver in var.waivers : waiver], []) : {
      who         = try(coalesce(tostring(waiver.who)), "")
      control     = try(coalesce(tostring(waiver.control)), "")
      reason      = try(coalesce(tostring(waiver.reason)), "")
      approved_by = try(coalesce(tostring(waiver.approved_by)), "")
      until       = try(coalesce(tostring(waiver.until)), "")
      ticket      = try(coalesce(tostring(waiver.ticket)), "")
      what        = try(sort(distinct([for name in waiver.what : tostring(name)])), [])
    }
  ]
  waivers = [
    for waiver in local.given_waivers : merge(waiver, {
      key     = "${waiver.control}\n${waiver.who}"
      expired = try(timecmp("${waiver.until}T00:00:00Z", "${local.today}T00:00:00Z") < 0, true)
      self    = waiver.who != "" && lower(trimspace(waiver.who)) == lower(trimspace(waiver.approved_by))
    }) if can(local.enabled[waiver.control])
  ]
  valid_waivers = [for waiver in local.waivers : waiver if !waiver.expired && !waiver.self]

  # The controls that the policy turns off.
  off = {
    auto_add_outside_domains   = var.allowed_domains == null || !var.read_group
    dormant                    = var.dormant_days == null
    foreign_mail_domain        = var.allowed_domains == null
    no_daily_limit             = var.member_daily_limit == null && var.service_account_daily_limit == null
    privilege_ends             = var.privilege_days == null
    quota_nearly_used_up       = var.quota_share == null
    review_overdue             = var.roster == null || var.review_days == null
    roster_stale               = var.roster == null
    self_approved              = length(local.given_waivers) == 0
    single_sign_on_not_forced  = !var.require_single_sign_on
    too_few_administrators     = try(coalesce(var.minimum_administrators, 0) == 0, true)
    unexpected_administrator   = local.expected.administrators == null
    unexpected_member          = local.expected.members == null
    unexpected_role            = local.expected_roles == null
    unexpected_service_account = local.expected.service_accounts == null
    waiver_expired             = length(local.given_waivers) == 0
    waiver_stale               = length(local.given_waivers) == 0
  }
  skipped = merge({ for control, off in local.off : control => "switched off by the policy" if off }, var.skip)
  enabled = { for control in keys(local.catalogue) : control => true if !can(local.skipped[control]) }

  # What the enabled controls need to know of each account and of the group.
  needs = {
    email      = can(local.enabled.dormant) || can(local.enabled.foreign_mail_domain)
    last_login = can(local.enabled.dormant)
    user_since = can(local.enabled.dormant)
    privileges = can(local.enabled.privilege_ends)
    quotas     = can(local.enabled.quota_nearly_used_up)
    limits     = can(local.enabled.no_daily_limit)
  }
  limits = {
    user            = local.needs.limits ? var.member_daily_limit : null
    service_account = local.needs.limits ? var.service_account_daily_limit : null
  }
  attributes = {
    users = compact([
      "has_2fa",
      local.needs.email ? "email" : "",
      local.needs.last_login ? "last_login" : "",
      local.needs.user_since ? "user_since" : "",
      local.needs.privileges ? "privileges" : "",
      local.needs.quotas || local.limits.user != null ? "quotas" : "",
    ])
    # At least one attribute must be asked for.
    service_accounts = coalescelist(compact([
      local.needs.privileges ? "privileges" : "",
      local.needs.quotas || local.limits.service_account != null ? "quotas" : "",
    ]), ["status"])
    group = compact([
      can(local.enabled.single_sign_on_not_forced) || var.require_single_sign_on ? "force_users_saml_login" : "",
      can(local.enabled.single_sign_on_not_forced) || var.require_single_sign_on ? "force_users_oidc_login" : "",
      can(local.enabled.auto_add_outside_domains) ? "auto_add_users" : "",
      local.needs.privileges ? "privileges" : "",
      local.needs.quotas ? "quotas" : "",
    ])
  }
}
