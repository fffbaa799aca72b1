# SPDX-License-Identifier: MPL-2.0

# What is not known. Derived once from the rows: whoever is in a population and was not seen is unknown.

locals {
  rows_judged = merge(local.rows_of_quotas, local.rows_of_accounts)

  disabled = merge(local.too_early, local.skipped)
  active   = { for control in keys(local.catalogue) : control => true if !can(local.disabled[control]) }

  # By control and ID: what is missing. An empty list is a matter of `spend_incomplete`.
  unknown = {
    for control, row in local.rows_judged : control => {
      for id in keys(row.of.of) : id => try(row.missing[id], [row.needs], []) if !can(row.seen[id]) || can(row.missing[id])
    } if can(local.active[control])
  }

  gaps = flatten([
    for control, ids in local.unknown : [
      for id, what in ids : [
        for name in what : { control = control, id = id, what = name, key = "${control}\n${name}", because = try(local.rows_judged[control].because[id], "") }
      ]
    ]
  ])

  # What is missing for the whole population of a control is one result, of the group.
  gap_sizes = { for gap in local.gaps : gap.key => gap.id... }
  gap_of_all = {
    for key, ids in local.gap_sizes : key => true
    if length(ids) == length(local.rows_judged[split("\n", key)[0]].of.of) && can(local.rows_judged[split("\n", key)[0]].needs)
  }
  gaps_by_id = { for gap in local.gaps : can(local.gap_of_all[gap.key]) ? "" : gap.id => gap... }

  undecided = {
    for id, gaps in local.gaps_by_id : id => {
      what   = sort(distinct(gaps[*].what))
      blocks = sort(distinct(gaps[*].control))
      why    = join(" ", distinct(gaps[*].because))
    }
  }
}
