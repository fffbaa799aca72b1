# SPDX-License-Identifier: MPL-2.0

# What became of each control.

locals {
  results_by = { for id, result in local.results : "${result.control}/${result.status}" => id... }

  # The controls that an open result leaves undecided.
  undecided_controls = { for control in distinct(flatten([for result in local.results : result.blocks if result.status == "error"])) : control => true }

  counts = {
    for control, row in local.rows : control => {
      population = length(row.of.of)
      evaluated  = length(row.seen)
      unknown    = length(try(local.unknown[control], {}))
      alarms     = length(try(local.results_by["${control}/alarm"], [])) + length(try(local.results_by["${control}/error"], []))
      waived     = length(try(local.results_by["${control}/waived"], []))
    } if can(local.active[control])
  }

  highest_unknown = try(local.severities[min([for severity in values(local.unknown_severity) : local.rank[severity]]...)], local.catalogue.unknown.severity)

  controls = {
    for control, entry in local.catalogue : control => merge(
      { population = 0, evaluated = 0, unknown = 0, alarms = 0, waived = 0 },
      try(local.counts[control], {}),
      {
        title            = "${entry.title}${var.two_factor_by_absence && entry.clock == "2fa" ? " (by absence: members who are not in the list of those without it count as having it)" : ""}"
        requirement      = entry.requirement
        severity         = control == "unknown" ? local.highest_unknown : local.severity[control]
        default_severity = entry.severity
        risk             = entry.risk
        remedy           = entry.remedy
        maps_to          = { for framework, numbers in entry.maps_to : framework => tolist(numbers) }
        clock            = entry.clock
        skipped_because  = try(local.disabled[control], "")
        status = (
          !can(local.active[control]) ? "skip"
          : can(local.undecided_controls[control]) || contains(local.blocked_by_lists, control) ? "error"
          : local.counts[control].population > 0 && local.counts[control].evaluated == 0 ? "error"
          : local.counts[control].alarms > 0 ? entry.result
          : "ok"
        )
      }
    )
  }

  results_of = { for id, result in local.results : result.who => result.control... }
  accounts_judged = [
    for id, account in local.accounts : {
      id            = id
      kind          = account.service_account ? "service_account" : "user"
      administrator = local.is_administrator[id]
      roles         = tolist(account.roles)
      two_factor    = account.service_account || !can(local.active.no_2fa) && !can(local.active.administrator_without_2fa) ? "" : local.two_factor[id]
      last_login    = try(substr(reverse(local.logins[id])[0], 0, 10), "")
      user_since    = try(substr(local.since[id][0], 0, 10), "")
      mail_domain   = try(join(",", compact(local.mail_domains[id])), "")
      daily_limit   = try(local.limit_of[id].limit, "")
      in_roster     = account.service_account ? can(local.in_roster.service_accounts[id]) : can(local.expected_member[id])
      findings      = tolist(sort(distinct(try(local.results_of[id], []))))
    }
  ]
}
