# SPDX-License-Identifier: MPL-2.0

# The controls about quotas and budgets. Each holder, an account or the group, is judged once for each quota:
#
#   state    ok, finding, unknown, or early: there is no pace yet
#   missing  what is not known. Empty if a list that was not read is why
#   because  why it is not known
#   why      what is wrong

locals {
  # Numbers with thousands separators, for the texts.
  figures = {
    for n in toset(compact(flatten([
      [for spend in local.spends : [for n in [spend.used, spend.budget] : n == null ? "" : tostring(n)] if spend.budget != null || spend.id == ""],
      [for spend in local.spends : format("%d", floor(spend.projected + 0.5)) if spend.projected != null && (spend.budget != null || spend.id == "")],
      [for spend in local.spends : tostring(spend.used - spend.budget) if try(spend.used > spend.budget, false)],
      [for allowed in values(local.allowed) : allowed == null ? "" : tostring(allowed)],
      [for n in concat(local.same_weekdays, [local.by_day[local.yesterday]]) : n == null ? "" : tostring(n)],
    ]))) : n => strrev(join(",", regexall("-?.{1,3}", strrev(n))))
  }

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
  hidden_because = { for spend in local.spends : "${spend.quota}\n${spend.id}" => (
    spend.id == "" ? local.unused_because[spend.quota] : "VirusTotal does not show how much of ${spend.quota} the account consumed."
  ) if spend.used == null }

  verdicts = {
    quota_used_up = [
      for quota, spend in local.of_group : {
        id      = ""
        quota   = quota
        missing = local.group_refused ? [] : ["quotas.${quota}"]
        because = local.unused_because[quota]
        state = (
          local.allowed[quota] == null || spend.used == null ? "unknown"
          : local.no_limit[quota] ? "ok"
          : (local.allowed[quota] == 0 ? spend.used > 0 : spend.used >= local.allowed[quota]) ? "finding" : "ok"
        )
        why = "${quota} is used up: ${try(local.figures[spend.used], "")} of ${try(local.figures[local.allowed[quota]], "")}."
      }
    ]

    quota_runs_out = [
      for quota, spend in local.of_group : {
        id      = ""
        quota   = quota
        missing = local.allowed[quota] == null ? local.group_refused ? [] : ["quotas.${quota}"] : spend.unpaced
        because = local.allowed[quota] == null || spend.used == null ? local.unused_because[quota] : local.unpaced_because
        state = (
          local.allowed[quota] == null || spend.used == null ? "unknown"
          : local.no_limit[quota] ? "ok"
          : local.at_another_time ? "unknown"
          : try(spend.used >= local.allowed[quota], false) ? "ok"
          : spend.early ? "early"
          : spend.pace == null ? "unknown"
          : can(local.quota_ends[quota]) ? "finding" : "ok"
        )
        why = try(
          "${quota}: at this pace used up on ${formatdate("D MMMM", local.quota_ends[quota])}, ${join("", [for n in [local.days + 1 - tonumber(formatdate("D", local.quota_ends[quota]))] : n == 1 ? "1 day" : "${n} days"])} before it is reset on ${formatdate("D MMMM", local.next)} (${local.figures[spend.used]} of ${local.figures[local.allowed[quota]]} used).", ""
        )
      }
    ]

    over_budget = [
      for spend in local.spends : {
        id      = spend.id
        quota   = spend.quota
        missing = spend.missing
        because = try(local.hidden_because["${spend.quota}\n${spend.id}"], "")
        state   = spend.used == null ? "unknown" : spend.used > spend.budget ? "finding" : "ok"
        why     = try("${spend.quota}: ${local.figures[spend.used]} of a budget of ${local.figures[spend.budget]} used, ${local.figures[spend.used - spend.budget]} exceeded.", "")
      } if spend.budget != null
    ]

    over_budget_soon = [
      for spend in local.spends : {
        id      = spend.id
        quota   = spend.quota
        missing = spend.unpaced
        because = try(local.hidden_because["${spend.quota}\n${spend.id}"], local.unpaced_because)
        state = (
          spend.used == null ? "unknown"
          : local.at_another_time ? "unknown"
          : spend.used > spend.budget ? "ok"
          : spend.early ? "early"
          : spend.pace == null ? "unknown"
          : can(local.budget_ends["${spend.quota}\n${spend.id}"]) ? "finding" : "ok"
        )
        why = try("${spend.quota}: at this pace over its budget of ${local.figures[spend.budget]} on ${formatdate("D MMMM", local.budget_ends["${spend.quota}\n${spend.id}"])} (${local.figures[spend.used]} used).", "")
      } if spend.budget != null
    ]

    without_budget = [
      for spend in local.of_accounts : {
        id      = spend.id
        quota   = spend.quota
        missing = spend.missing
        because = try(local.hidden_because["${spend.quota}\n${spend.id}"], "")
        state   = spend.used == null ? "unknown" : spend.budget == null && spend.used > 0 ? "finding" : "ok"
        why     = "Used ${spend.quota}, and no budget is for this account."
      } if local.budgets[spend.quota].named && local.budgets[spend.quota].each == null && can(local.consumed[local.now_list[spend.quota]][spend.id])
    ]

    budget_stale = flatten([
      for id, quotas in local.named : [
        for quota in quotas : {
          id      = id
          quota   = quota
          missing = distinct(local.watched[id].hidden)
          because = "VirusTotal does not show how much the account consumed."
          state = (
            can(local.machines[id]) || can(local.members[id]) || local.watched[id].some ? "ok"
            : length(local.watched[id].hidden) > 0 || local.watched[id].cut || !local.complete.service_accounts ? "unknown" : "finding"
          )
          why = "A budget of ${quota} is for this account, which is no service account${var.members == null ? "" : ", no member"}, and used nothing in ${join(" and ", reverse(local.months_read))}."
        }
      ]
    ])
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
  holders = { for control, verdicts in local.verdicts : control => { for verdict in verdicts : verdict.id => verdict... } }

  rows_of_quotas = {
    for control, holders in local.holders : control => {
      of = {
        of    = { for id, verdicts in holders : id => true if length([for verdict in verdicts : verdict if verdict.state != "early"]) > 0 }
        lists = local.lists_of_verdicts[control]
      }
      needs = "quotas"
      missing = {
        for id, verdicts in holders : id => distinct(flatten([for verdict in verdicts : verdict.missing if verdict.state == "unknown"]))
        if length([for verdict in verdicts : verdict if verdict.state == "unknown"]) > 0
      }
      because = {
        for id, verdicts in holders : id => join(" ", distinct([for verdict in verdicts : verdict.because if verdict.state == "unknown"]))
        if length([for verdict in verdicts : verdict if verdict.state == "unknown"]) > 0
      }
      seen = {
        for id, verdicts in holders : id => true
        if length([for verdict in verdicts : verdict if verdict.state == "finding"]) > 0
        || length([for verdict in verdicts : verdict if verdict.state == "unknown"]) == 0 && length([for verdict in verdicts : verdict if verdict.state == "ok"]) > 0
      }
      findings = {
        for id, verdicts in holders : id => {
          why  = join(" ", [for verdict in verdicts : verdict.why if verdict.state == "finding"])
          what = [for verdict in verdicts : verdict.quota if verdict.state == "finding"]
        } if length([for verdict in verdicts : verdict if verdict.state == "finding"]) > 0
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
