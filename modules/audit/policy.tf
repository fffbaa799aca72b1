# SPDX-License-Identifier: MPL-2.0

# Dates, expected accounts, waivers and skipped controls, from the policy.

locals {
  # The time of the audit in UTC. timeadd keeps the offset, so the time is shifted by it before the offset is replaced.
  given = var.at == null ? plantimestamp() : var.at
  zone  = regex("(?:Z|([+-])(\\d\\d):(\\d\\d))$", local.given)
  at = local.zone[0] == null ? timeadd(local.given, "0s") : replace(
    timeadd(local.given, "${local.zone[0] == "+" ? "-" : ""}${local.zone[1]}h${local.zone[2]}m"), "/[+-]\\d\\d:\\d\\d$/", "Z"
  )

  today          = substr(local.at, 0, 10)
  dormant_before = var.dormant_days == null ? null : timeadd(local.at, "-${var.dormant_days * 24}h")
  ends_before    = var.privilege_days == null ? null : timeadd(local.at, "${var.privilege_days * 24}h")

  domains = var.allowed_domains == null ? [] : [for domain in var.allowed_domains : lower(domain)]

  # The roster's lists. Null if a list is not checked.
  expected = {
    for list in ["members", "administrators", "service_accounts"] : list => try(toset([for id in var.roster[list] : tostring(id)]), null)
  }

  # An administrator in the roster is also expected as a member.
  expected_members = local.expected.members == null ? null : setunion(local.expected.members, try(toset([for id in local.expected.administrators : id]), []))
  reviewed_on      = try(var.roster.reviewed_on, "")
  reviewed_on_text = local.reviewed_on == "" ? "none" : local.reviewed_on

  # A waiver is valid until the end of its last day.
  waivers = [for waiver in var.waivers : merge(waiver, { valid = timecmp(local.at, timeadd("${waiver.until}T00:00:00Z", "24h")) < 0 })]
  waivers_too_long = [
    for waiver in var.waivers : "${waiver.control} of ${waiver.who} until ${waiver.until}"
    if var.waiver_days == null ? false : timecmp("${waiver.until}T00:00:00Z", timeadd("${local.today}T00:00:00Z", "${coalesce(var.waiver_days, 0) * 24}h")) > 0
  ]
  waiver_days_text = var.waiver_days == null ? "any" : tostring(var.waiver_days)

  # All variables except at, so that audits with the same policy have the same digest.
  policy = sha256(jsonencode({
    allowed_domains          = var.allowed_domains
    bar                      = var.bar
    dormant_days             = var.dormant_days
    group_id                 = var.group_id
    minimum_administrators   = var.minimum_administrators
    owner                    = var.owner
    privilege_days           = var.privilege_days
    quota_share              = var.quota_share
    quotas                   = var.quotas
    read_group               = var.read_group
    review_days              = var.review_days
    roster                   = var.roster == null ? null : merge({ reviewed_by = var.roster.reviewed_by, reviewed_on = var.roster.reviewed_on }, local.expected)
    second_factor_by_absence = var.second_factor_by_absence
    severity                 = var.severity
    skip                     = var.skip
    waiver_days              = var.waiver_days
    waivers                  = var.waivers
  }))

  # The controls that the policy turns off.
  not_asked_for = {
    dormant                    = var.dormant_days == null
    foreign_mail_domain        = var.allowed_domains == null
    never_logged_in            = var.dormant_days == null
    privilege_ends             = var.privilege_days == null
    quota_nearly_used_up       = var.quota_share == null
    review_overdue             = var.roster == null || var.review_days == null
    roster_stale               = alltrue([for ids in values(local.expected) : ids == null])
    too_few_administrators     = coalesce(var.minimum_administrators, 0) == 0
    unexpected_administrator   = local.expected.administrators == null
    unexpected_member          = local.expected.members == null
    unexpected_service_account = local.expected.service_accounts == null
    waiver_expired             = length(var.waivers) == 0
    waiver_stale               = length(var.waivers) == 0
  }

  skipped = merge({ for control, off in local.not_asked_for : control => "not asked for" if off }, var.skip)
  asked   = { for control in keys(local.catalogue) : control => !contains(keys(local.skipped), control) }
}
