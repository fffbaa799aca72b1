# SPDX-License-Identifier: MPL-2.0

# The results: findings with severities and waivers, merged by id.

locals {
  # By "<control>/<who>", so that several findings about one account are one result.
  found = {
    for finding in concat(local.findings, local.expired, local.stale) : "${finding.control}/${finding.who}" => finding... if local.asked[finding.control]
  }

  # The valid waivers by result. If an account has the same name as the group, a waiver for a control that applies to both
  # is ambiguous, and covers neither.
  covering = merge(
    { for key in keys(local.found) : key => [] },
    { for waiver in local.waivers : "${waiver.control}/${waiver.who}" => waiver... if waiver.valid && !(
      waiver.who == var.group_id && contains(["hidden", "privilege_ends", "quota_nearly_used_up"], waiver.control) && local.namesake
    ) },
  )
  namesake = contains(keys(local.lists), var.group_id) || contains(keys(local.service_account_lists), var.group_id)

  waiver = {
    for key, waivers in local.covering : key => length(waivers) == 0 ? null : [
      for waiver in waivers : waiver if waiver.until == reverse(sort(waivers[*].until))[0]
    ][0]
  }

  results = {
    for key, findings in local.found : "${var.group_id}/${key}" => {
      control     = findings[0].control
      group       = var.group_id
      who         = findings[0].who
      owner       = var.owner
      severity    = local.severities[findings[0].control]
      status      = local.waiver[key] == null ? local.catalogue[findings[0].control].status : "waived"
      why         = join(" ", distinct(findings[*].why))
      reason      = local.waiver[key] == null ? "" : local.waiver[key].reason
      approved_by = local.waiver[key] == null ? "" : local.waiver[key].approved_by
      until       = local.waiver[key] == null ? "" : local.waiver[key].until
    }
  }

  barring = [
    for id, result in local.results : id
    if result.status != "waived" && local.rank[result.severity] <= local.rank[var.bar]
  ]
}
