# SPDX-License-Identifier: MPL-2.0

output "results" {
  description = "Findings by `<group>/<control>/<who>`, of the group itself by `<group>/<control>`: objects of `control`, `group`, `who`, `owner`, `severity`, `status` (`alarm`, `error` or `waived`), `why`, `what` (the names concerned, joined by commas), `blocks` (the controls that an error leaves undecided), and the waiver's `reason`, `approved_by`, `until` and `ticket`. IDs are stable from plan to plan."
  value       = local.results
}

output "controls" {
  description = "Controls by ID: objects of `title`, `requirement`, `severity`, `default_severity`, `risk`, `remedy`, `maps_to`, `clock`, `status` (`ok`, `alarm`, `error` or `skip`), `population`, `evaluated`, `unknown`, `alarms`, `waived` and `skipped_because`."
  value       = local.controls
}

output "accounts" {
  description = "Everybody who was judged, sorted by ID: objects of `id`, `kind` (`user` or `service_account`), `administrator`, `roles`, `two_factor` (`on`, `off` or `unknown`), `last_login`, `user_since`, `mail_domain`, `daily_limit`, `in_roster` and `findings`."
  value       = local.accounts_judged
}

output "roster" {
  description = "Current accounts and roles, in the form of the variable `roster`, to review and commit. A list that was not read completely is null."
  value = {
    reviewed_on      = ""
    reviewed_by      = ""
    members          = local.complete.members && local.complete.administrators ? keys(local.people) : null
    administrators   = alltrue([for list in local.account_lists : local.complete[list]]) ? keys(local.populations.administrators.of) : null
    service_accounts = local.complete.service_accounts ? keys(local.populations.service_accounts.of) : null
    roles            = alltrue([for list in local.account_lists : local.complete[list]]) && alltrue(values(local.roles_known)) ? local.roles_now : null
  }
}

output "evidence" {
  description = "What was audited, and how: `at`, `group`, `owner`, `fail_on`, `policy` (all variables except `at`, as JSON), `policy_sha256`, `weaker_than_default`, `reviewed_on`, `reviewed_by`, `reviewer_in_roster`, `next_review`, `lists` (by list: `count`, `complete` and `unreadable`) and `requests_at_least`."
  value = {
    at                  = local.at
    group               = var.group_id
    owner               = var.owner
    fail_on             = var.fail_on
    policy              = local.policy
    policy_sha256       = sha256(local.policy)
    weaker_than_default = local.weaker
    reviewed_on         = local.reviewed_on
    reviewed_by         = local.reviewed_by
    reviewer_in_roster  = local.reviewer_in_roster
    next_review         = local.next_review
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
  description = "IDs of the results that fail the gate: those with the severity `fail_on` or above that are not waived, and `incomplete`."
  value       = local.failing
}
