# SPDX-License-Identifier: MPL-2.0

# The controls about quotas and budgets. Each holder, an account or the group, is judged once for each quota:
#
#   state    ok, finding, unknown, or early: there is no pace yet
#   hidden   whether a number is not shown; otherwise it is the pace that is not known
#   missing  what is not known. Empty if a list that was not read is why
#
# Texts are written for findings only: a group can have thousands of accounts that are ok.

locals {
  unpaced_because = (
    local.at_another_time ? "The time is more than a day from that of the run, and what the group used differs from its requests by day."
    : local.contradicted ? "VirusTotal shows a negative number of requests, or requests of a day that has not come yet."
    : "VirusTotal does not show each day's requests, and the others do not add up to what was used."
  )
  unused_because = {
    for quota in local.quotas : quota => (
      try(local.group.quotas == null, true) ? "VirusTotal does not show the quotas of the group to this key."
      : !can(local.group.quotas[quota]) ? "The group has no quota ${quota}, or VirusTotal does not show it."
      : "VirusTotal does not show what of ${quota} is allowed and used, or shows a negative number."
    )
  }
  quotas_missing = { for quota in local.quotas : quota => local.group_refused ? [] : ["quotas.${quota}"] }

  verdicts = {
    quota_used_up = [
      for quota, spend in local.of_group : {
        id      = ""
        quota   = quota
        hidden  = true
        missing = local.quotas_missing[quota]
        state = (
          local.allowed[quota] == null || spend.used == null ? "unknown"
          : local.no_limit[quota] ? "ok"
          : (local.allowed[quota] == 0 ? spend.used > 0 : spend.used >= local.allowed[quota]) ? "finding" : "ok"
        )
      }
    ]

    quota_runs_out = [
      for quota, spend in local.of_group : {
        id      = ""
        quota   = quota
        hidden  = local.allowed[quota] == null || spend.used == null
        missing = local.allowed[quota] == null ? local.quotas_missing[quota] : spend.unpaced
        state = (
          local.allowed[quota] == null || spend.used == null ? "unknown"
          : local.no_limit[quota] ? "ok"
          : local.at_another_time ? "unknown"
          : try(spend.used >= local.allowed[quota], false) ? "ok"
          : spend.early ? "early"
          : spend.pace == null ? "unknown"
          : can(local.quota_ends[quota]) ? "finding" : "ok"
        )
      }
    ]

    over_budget = [
      for spend in local.budgeted : {
        id      = spend.id
        quota   = spend.quota
        hidden  = true
        missing = spend.missing
        state   = spend.used == null ? "unknown" : spend.used > spend.budget ? "finding" : "ok"
      }
    ]

    over_budget_soon = [
      for spend in local.budgeted : {
        id      = spend.id
        quota   = spend.quota
        hidden  = spend.used == null
        missing = spend.unpaced
        state = (
          spend.used == null ? "unknown"
          : local.at_another_time ? "unknown"
          : spend.used > spend.budget ? "ok"
          : spend.early ? "early"
          : spend.pace == null ? "unknown"
          : can(local.budget_ends["${spend.quota}\n${spend.id}"]) ? "finding" : "ok"
        )
      }
    ]

    without_budget = [
      for spend in local.of_accounts : {
        id      = spend.id
        quota   = spend.quota
        hidden  = true
        missing = spend.missing
        state   = spend.used == null ? "unknown" : spend.budget == null && spend.used > 0 ? "finding" : "ok"
      } if local.budgets[spend.quota].named && local.budgets[spend.quota].each == null && can(local.consumed[local.now_list[spend.quota]][spend.id])
    ]

    budget_stale = flatten([
      for id, quotas in local.named : [
        for quota in quotas : {
          id      = id
          quota   = quota
          hidden  = true
          missing = distinct(local.watched[id].hidden)
          state = (
            can(local.machines[id]) || can(local.members[id]) || local.watched[id].some ? "ok"
            : length(local.watched[id].hidden) > 0 || local.watched[id].cut || !local.complete.service_accounts ? "unknown" : "finding"
          )
        }
      ]
    ])
  }

  # By control and state: the verdicts of each holder.
  by_state = {
    for control, verdicts in local.verdicts : control => {
      for state in ["ok", "finding", "unknown", "early"] : state => { for verdict in verdicts : verdict.id => verdict... if verdict.state == state }
    }
  }

  # Numbers with thousands separators, for the texts.
  over = [for spend in local.budgeted : spend if try(spend.used > spend.budget || can(local.budget_ends["${spend.quota}\n${spend.id}"]), false)]
  figures = {
    for n in toset(concat(
      flatten([for spend in local.over : [tostring(spend.used), tostring(spend.budget), tostring(spend.used - spend.budget)]]),
      [for n in concat(values(local.used), values(local.allowed), local.same_weekdays, [local.by_day[local.yesterday]]) : tostring(n) if n != null],
    )) : n => strrev(join(",", regexall("-?.{1,3}", strrev(n))))
  }

  whys = {
    quota_used_up = {
      for quota, spend in local.of_group : "${quota}\n" => "${quota} is used up: ${local.figures[spend.used]} of ${local.figures[local.allowed[quota]]}."
      if spend.used != null && local.allowed[quota] != null
    }
    quota_runs_out = {
      for quota, end in local.quota_ends : "${quota}\n" => "${quota}: at this pace used up on ${formatdate("D MMMM", end)}, ${
        join("", [for n in [local.days + 1 - tonumber(formatdate("D", end))] : n == 1 ? "1 day" : "${n} days"])
      } before it is reset on ${formatdate("D MMMM", local.next)} (${local.figures[local.used[quota]]} of ${local.figures[local.allowed[quota]]} used)."
    }
    over_budget = {
      for spend in local.over : "${spend.quota}\n${spend.id}" =>
      "${spend.quota}: ${local.figures[spend.used]} of a budget of ${local.figures[spend.budget]} used, ${local.figures[spend.used - spend.budget]} exceeded."
    }
    over_budget_soon = {
      for spend in local.over : "${spend.quota}\n${spend.id}" =>
      "${spend.quota}: at this pace over its budget of ${local.figures[spend.budget]} on ${formatdate("D MMMM", local.budget_ends["${spend.quota}\n${spend.id}"])} (${local.figures[spend.used]} used)."
      if can(local.budget_ends["${spend.quota}\n${spend.id}"])
    }
    without_budget = {
      for verdict in flatten(values(local.by_state.without_budget.finding)) : "${verdict.quota}\n${verdict.id}" => "Used ${verdict.quota}, and no budget is for this account."
    }
    budget_stale = {
      for verdict in flatten(values(local.by_state.budget_stale.finding)) : "${verdict.quota}\n${verdict.id}" =>
      "A budget of ${verdict.quota} is for this account, which is no service account${var.members == null ? "" : ", no member"}, and used nothing in ${join(" and ", reverse(local.months_read))}."
    }
  }

  # The lists that verdicts come from.
  budget_lists = concat(length(local.group_budgets) > 0 ? ["group"] : [], [for quota in local.account_budgets : local.now_list[quota]])
  lists_of_verdicts = {
    quota_used_up    = ["group"]
    quota_runs_out   = ["group", "api_usage"]
    over_budget      = local.budget_lists
    over_budget_soon = distinct(concat(local.budget_lists, contains(local.group_budgets, local.api) || !local.at_is_now ? ["group", "api_usage"] : []))
    without_budget   = [for quota in local.exclusive : local.now_list[quota]]
    budget_stale     = concat(["service_accounts"], local.period_lists)
  }
  rows_of_quotas = {
    for control, states in local.by_state : control => {
      of = {
        of    = { for id in keys(merge(states.ok, states.finding, states.unknown)) : id => true }
        lists = local.lists_of_verdicts[control]
      }
      needs   = "quotas"
      missing = { for id, verdicts in states.unknown : id => distinct(flatten(verdicts[*].missing)) }
      because = {
        for id, verdicts in states.unknown : id => join(" ", distinct([
          for verdict in verdicts : (
            !verdict.hidden ? local.unpaced_because
            : id == "" ? local.unused_because[verdict.quota]
            : control == "budget_stale" ? "VirusTotal does not show how much the account consumed."
            : "VirusTotal does not show how much of ${verdict.quota} the account consumed."
          )
        ]))
      }
      seen = { for id in concat(keys(states.finding), [for id in keys(states.ok) : id if !can(states.unknown[id]) && !can(states.finding[id])]) : id => true }
      findings = {
        for id, verdicts in states.finding : id => {
          why  = join(" ", [for verdict in verdicts : local.whys[control]["${verdict.quota}\n${id}"]])
          what = verdicts[*].quota
        }
      }
    }
  }

  # What could not be judged at this hour.
  not_yet = flatten([
    for control, verdicts in local.verdicts : [
      for verdict in verdicts : "${control}: ${verdict.id == "" ? "the group" : verdict.id} (${verdict.quota})" if verdict.state == "early"
    ] if can(local.enabled[control])
  ])
  too_early = {
    for control, row in local.rows_of_quotas : control => "too early in the month for a projection"
    if length(row.of.of) == 0 && length(local.verdicts[control]) > 0
  }
}
