# SPDX-License-Identifier: MPL-2.0

# The findings about the roster and the waivers.

locals {
  # For each list of the roster: the accounts that are expected, those in the roster (listed), those that VirusTotal lists
  # (named), and those that it shows. An account that VirusTotal lists without attributes has only the result unavailable.
  reviews = {
    members = {
      control  = "unexpected_member"
      role     = "member"
      needs    = ["members", "administrators"]
      expected = local.expected_members
      listed   = local.expected.members
      named    = keys(local.lists)
      shown    = keys(local.members)
      twice    = [for id in keys(local.members) : id if local.second_factors[id].twice]
    }
    administrators = {
      control  = "unexpected_administrator"
      role     = "administrator"
      needs    = ["administrators"]
      expected = local.expected.administrators
      listed   = local.expected.administrators
      named    = keys(local.administrator_lists)
      shown    = [for id in keys(local.administrator_lists) : id if local.is_shown[id]]
      twice    = [for id, same in local.administrator_lists : id if length(same) > 1 && local.is_shown[id]]
    }
    service_accounts = {
      control  = "unexpected_service_account"
      role     = "service account"
      needs    = ["service_accounts"]
      expected = local.expected.service_accounts
      listed   = local.expected.service_accounts
      named    = keys(local.service_account_lists)
      shown    = [for id, shown in local.is_shown_service : id if shown]
      twice    = [for id, same in local.service_account_lists : id if length(same) > 1 && local.is_shown_service[id]]
    }
  }

  # If two accounts have the same id, the roster can have approved only one.
  unexpected = flatten([
    for list, review in local.reviews : concat(
      [
        for id, expected in merge({ for id in review.shown : id => false }, { for id in review.expected : id => true }) :
        { control = review.control, who = id, why = "This ${review.role} is not in the roster." } if !expected
      ],
      [for id in review.twice : { control = review.control, who = id, why = "Two accounts have this id after Unicode normalization, and the roster can mean only one." }],
    ) if review.expected != null
  ])

  # Accounts that are missing from an incomplete list may be in the rest of it.
  stale_names = flatten([
    for list, review in local.reviews : [
      for id, named in merge({ for id in review.listed : id => false }, { for id in review.named : id => true }) :
      { control = "roster_stale", who = id, why = "The roster has this ${review.role}, but the group does not." } if !named
    ] if review.listed != null && length(setintersection(review.needs, local.unread)) == 0
  ])

  overdue = [
    for reviewed_on in var.roster == null || var.review_days == null ? [] : [local.reviewed_on] :
    { control = "review_overdue", who = var.group_id, why = "The roster was last reviewed on ${reviewed_on}, more than ${var.review_days} days ago." }
    if timecmp("${local.today}T00:00:00Z", timeadd("${reviewed_on}T00:00:00Z", "${coalesce(var.review_days, 0) * 24}h")) > 0
  ]

  expired = [
    for waiver in local.waivers : {
      control = "waiver_expired", who = waiver.who
      why     = "The waiver of ${waiver.control}, approved by ${waiver.approved_by}, ended on ${waiver.until}."
    } if !waiver.valid
  ]

  findings = concat(local.measured, local.unexpected, local.stale_names, local.overdue)

  # What could not be evaluated. A waiver for one of these may still be needed, so it is not stale.
  not_evaluated = concat(
    flatten([for missing in local.not_sent : [for control in missing.controls : [for id in missing.ids : "${control}/${id}"]]]),
    [for id, member in local.members : "privilege_ends/${id}" if !member.shows_privileges],
    flatten([for id in keys(local.second_factor_unknown) : ["no_second_factor/${id}", "administrator_without_second_factor/${id}"]]),
    flatten([for id in local.unavailable : [for control in keys(local.catalogue) : "${control}/${id}"]]),
  )

  # The findings that each waiver covers, including those that could not be evaluated.
  needed = merge(
    { for key in distinct([for waiver in local.waivers : "${waiver.control}/${waiver.who}"]) : key => [] },
    { for key in concat([for finding in local.findings : "${finding.control}/${finding.who}"], local.not_evaluated) : key => key... },
  )

  # Waivers without a finding, unless the control is skipped or its lists are incomplete.
  stale = [
    for waiver in local.waivers : {
      control = "waiver_stale", who = waiver.who
      why     = "${local.is_known[waiver.who] ? "There is no finding to waive" : "The group has no account with this id"}. The waiver of ${waiver.control}, approved by ${waiver.approved_by}, ends on ${waiver.until}."
    }
    if waiver.valid && local.asked[waiver.control] && length(local.needed["${waiver.control}/${waiver.who}"]) == 0 && length(setintersection(local.needs[waiver.control], local.unread)) == 0
  ]
}
