# SPDX-License-Identifier: MPL-2.0

# The facts: what the group and each account used of each quota, and their pace. Null is not known.

locals {
  used    = { for quota in local.quotas : quota => try(local.group.quotas[quota].used >= 0, false) ? local.group.quotas[quota].used : null }
  allowed = { for quota in local.quotas : quota => try(local.group.quotas[quota].allowed >= 0, false) ? local.group.quotas[quota].allowed : null }

  # A limit that means none, in VirusTotal's numbers.
  no_limit = { for quota, allowed in local.allowed : quota => try(contains([1000000000, 60000000000], allowed), false) }

  # What all accounts consumed, by list. Null if the list was not read to its end, or lacks a number.
  sums = {
    for list, consumed in local.consumed : list => (
      !local.complete[list] ? null : length(consumed) == 0 ? 0 : try(sum(values(consumed)), null)
    )
  }

  # The group has the ID "". An account that is missing in a complete list used nothing.
  uses = concat(
    [
      for quota in local.quotas : {
        id       = ""
        quota    = quota
        used     = local.used[quota]
        previous = try(local.sums[local.last_list[quota]], null)
        budget   = local.budgets[quota].group
        missing  = local.group_refused ? [] : ["quotas.${quota}"]
      }
    ],
    flatten([
      for quota in local.quotas : [
        for id in keys(merge(local.consumed[local.now_list[quota]], local.budgets[quota].accounts)) : {
          id    = id
          quota = quota
          used = (
            can(local.consumed[local.now_list[quota]][id]) ? local.consumed[local.now_list[quota]][id]
            : local.complete[local.now_list[quota]] ? 0 : null
          )
          previous = (
            can(local.consumed[local.last_list[quota]][id]) ? local.consumed[local.last_list[quota]][id]
            : try(local.complete[local.last_list[quota]], false) ? 0 : null
          )
          budget  = try(local.budgets[quota].accounts[id], local.budgets[quota].each)
          missing = can(local.consumed[local.now_list[quota]][id]) ? ["consumed.${quota}"] : []
        }
      ]
    ]),
  )

  # The pace of API requests of the group is known by day. All else is what was used in this month and the last, over the days of
  # both; without a last month, in this month alone, from its eighth day on.
  paces = [
    for use in local.uses : (
      local.at_another_time || use.used == null ? null
      : use.id == "" && use.quota == local.api ? local.api_pace
      : try(use.previous > 0, false) ? (use.used + use.previous) / (local.elapsed + local.days_last)
      : local.elapsed < 7 ? null
      : use.used / local.elapsed
    )
  ]

  # Projected is a straight line to the end of the month.
  spends = [
    for i, use in local.uses : {
      id        = use.id
      quota     = use.quota
      used      = use.used
      previous  = use.previous
      budget    = use.budget
      missing   = use.missing
      pace      = local.paces[i]
      projected = local.paces[i] == null ? null : use.used + local.paces[i] * (local.days - local.elapsed)
      early     = use.used != null && !(use.id == "" && use.quota == local.api) && !try(use.previous > 0, false) && local.elapsed < 7
      unpaced = (
        use.used == null ? use.missing
        : local.at_another_time || use.id == "" && use.quota == local.api ? local.usage_refused || local.group_refused ? [] : ["api_usage"]
        : []
      )
    }
  ]
  of_group    = { for spend in local.spends : spend.quota => spend if spend.id == "" }
  of_accounts = [for spend in local.spends : spend if spend.id != ""]
  budgeted    = [for spend in local.spends : spend if spend.budget != null]

  # Days on which a limit is reached at this pace.
  quota_ends = {
    for quota, spend in local.of_group : quota => timeadd(local.at, "${floor((local.allowed[quota] - spend.used) / spend.pace * 24)}h")
    if try(spend.projected > local.allowed[quota] && local.allowed[quota] > spend.used && !local.no_limit[quota], false)
  }
  budget_ends = {
    for spend in local.budgeted : "${spend.quota}\n${spend.id}" => timeadd(local.at, "${floor((spend.budget - spend.used) / spend.pace * 24)}h")
    if try(spend.projected > spend.budget && spend.budget >= spend.used, false)
  }

  machines     = { for id in toset(coalesce(local.service_accounts.ids, [])) : id => true }
  created      = { for account in coalesce(local.service_accounts.service_accounts, []) : account.id => account.user_since... }
  key_owner    = try(data.virustotal_client_config.key[0].username, "")
  oldest_first = local.firsts[local.history]

  # What service accounts and those with a budget consumed in all months that are read: "some", "nothing", or not known.
  watched = {
    for id in keys(merge(local.machines, local.named)) : id => {
      some   = anytrue([for list in local.period_lists : try(local.consumed[list][id] > 0, false)])
      hidden = [for list in local.period_lists : "consumed.${local.periods[list].quota}" if try(local.consumed[list][id] == null, false)]
      cut    = anytrue([for list in local.period_lists : !local.complete[list] && !can(local.consumed[list][id])])
    }
  }
}
