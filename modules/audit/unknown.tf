# SPDX-License-Identifier: MPL-2.0

# What is not known. Derived once from the rows: whoever is in a population and was not seen is unknown.

locals {
  rows_judged = merge(local.rows_of_accounts, local.rows_of_holdings, local.rows_of_policy)

  # While the group forces single sign-on, VirusTotal does not ask for 2FA.
  disabled = merge(
    { for control, entry in local.catalogue : control => "the group forces single sign-on" if local.sso_forced && entry.clock == "2fa" },
    local.skipped,
  )
  active = { for control in keys(local.catalogue) : control => true if !can(local.disabled[control]) }

  # By control and ID: what is missing. An empty list is a matter of `incomplete`.
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
      why = join(" ", distinct(concat(
        flatten([
          for reasons in [distinct([for gap in gaps : gap.because if gap.because != ""])] : [
            slice(reasons, 0, min(5, length(reasons))), length(reasons) > 5 ? ["And ${length(reasons) - 5} more."] : []
          ]
        ]),
        [
          for names in [sort(distinct([for gap in gaps : gap.what if gap.because == ""]))] :
          id != "" && !try(local.accounts[id].shown, true) ? "VirusTotal lists this account without attributes."
          : "Not visible to this API key: ${join(", ", slice(names, 0, min(5, length(names))))}${length(names) > 5 ? " and ${length(names) - 5} more" : ""}."
          if length(names) > 0
        ],
      )))
    }
  }
}
