# SPDX-License-Identifier: MPL-2.0

output "results" {
  description = "Findings by `<group>/<control>/<who>`: objects of `control`, `group`, `who`, `owner`, `severity`, `status` (`alarm`, `error` or `waived`), `why`, and the waiver's `reason`, `approved_by` and `until`. Ids are stable from plan to plan."
  value       = local.results
}

output "controls" {
  description = "Controls by id: objects of `title`, `severity`, `risk`, `remedy`, `maps_to`, `status` (`ok`, `alarm`, `error` or `skip`), `evaluated`, `alarms`, `waived`, `errors` and `skipped_because`."
  value       = local.controls
}

output "roster" {
  description = "Current members, administrators and service accounts, in the form of the variable `roster`, to review and commit."
  value = {
    reviewed_on      = local.today
    reviewed_by      = ""
    members          = keys(local.lists)
    administrators   = keys(local.administrator_lists)
    service_accounts = keys(local.service_account_lists)
  }
}

output "evidence" {
  description = "What was audited: `at`, `group`, the number of `members`, `administrators` and `service_accounts`, `requests_at_least`, and `policy`, the SHA-256 of all variables except `at`."
  value = {
    at                = local.at
    group             = var.group_id
    members           = length(local.lists)
    administrators    = length(local.administrator_lists)
    service_accounts  = length(local.service_account_lists)
    requests_at_least = var.read_group ? local.pages + 1 : local.pages
    policy            = local.policy
  }
}

output "barring" {
  description = "Ids of the findings that fail the gate: those with the severity `bar` or above that are not waived."
  value       = local.barring
}

locals {
  # One request per 40 items, and at least one per list.
  pages = sum([
    for ids in concat([local.all.ids, local.without.ids, local.administrators.ids, local.service_accounts.ids], local.with[*].ids) : max(1, ceil(length(ids) / 40))
  ])
}
