# SPDX-License-Identifier: MPL-2.0

output "results" {
  description = "Findings by `<group>/<control>/<who>`, of the group itself by `<group>/<control>`: objects of `control`, `group`, `who`, `owner`, `severity`, `status` (`alarm`, `error` or `waived`), `why`, `what` (the quotas concerned, joined by commas), `blocks` (the controls that an error leaves undecided), and the waiver's `reason`, `approved_by`, `until` and `ticket`. IDs are stable from plan to plan."
  value       = local.results
}

output "controls" {
  description = "Controls by ID: objects of `title`, `requirement`, `severity`, `default_severity`, `risk`, `remedy`, `maps_to`, `clock`, `status` (`ok`, `alarm`, `error` or `skip`), `population`, `evaluated`, `unknown`, `alarms`, `waived` and `skipped_because`."
  value       = local.controls
}

output "quotas" {
  description = "Each quota: objects of `allowed`, `used`, `budget`, `pace` (per day), `projected` (at the end of the month), `runs_out_on`, `resets_on`, `period_start`, `days` (of the month), `elapsed` and `by_day` (day to requests, only of `api_requests_monthly`). Null is not known, or none."
  value = {
    for quota, spend in local.of_group : quota => {
      allowed      = local.allowed[quota]
      used         = spend.used
      budget       = spend.budget
      pace         = try(floor(spend.pace * 100 + 0.5) / 100, null)
      projected    = try(floor(spend.projected + 0.5), null)
      runs_out_on  = try(substr(local.quota_ends[quota], 0, 10), null)
      resets_on    = substr(local.next, 0, 10)
      period_start = substr(local.first, 0, 10)
      days         = local.days
      elapsed      = floor(local.elapsed * 10000 + 0.5) / 10000
      by_day       = quota == local.api && !local.usage_refused ? tomap({ for date in local.month_days : date => local.by_day[date] }) : null
    }
  }
}

output "accounts" {
  description = "Who used how much of each quota, most first: objects of `id`, `kind` (`user`, `service_account`, or `unknown` if the service accounts were not read completely), `quota`, `used`, `share` (of what all accounts used), `budget`, `projected` and `previous` (in the month before). Null is not known, or none."
  value       = local.accounts
}

output "evidence" {
  description = "What was judged, and how: `at`, `group`, `owner`, `fail_on`, `policy` (all variables except `at` and `members`, as JSON), `policy_sha256`, `weaker_than_default`, `not_yet` (for whom it is too early in the month), `lists` (by list: `count`, `complete` and `unreadable`) and `requests_at_least`. `reviewed_on`, `reviewed_by`, `reviewer_in_roster` and `next_review` are empty, so that the object is that of `modules/audit`."
  value = {
    at                  = local.at
    group               = var.group_id
    owner               = var.owner
    fail_on             = var.fail_on
    policy              = local.policy
    policy_sha256       = sha256(local.policy)
    weaker_than_default = local.weaker
    not_yet             = local.not_yet
    reviewed_on         = ""
    reviewed_by         = ""
    reviewer_in_roster  = false
    next_review         = ""
    lists = tomap({
      for name, list in local.lists : name => {
        count      = list.count
        complete   = local.complete[name]
        unreadable = list.refused ? try(coalesce(list.unreadable), "VirusTotal gave no reason.") : ""
      }
    })

    # One request per 40 items, and at least one per list.
    requests_at_least = sum([for list in values(local.lists) : max(1, ceil(list.count / 40))])
  }
}

output "failing" {
  description = "IDs of the results that fail the gate: those with the severity `fail_on` or above that are not waived, and `spend_incomplete`."
  value       = local.failing
}
