# SPDX-License-Identifier: MPL-2.0

# The findings of the report, those of the ledger that it did not look at, and what changed.

locals {
  ranks = { low = 1, medium = 2, high = 3, critical = 4 }

  # The groups of the report by their names in IDs. Two groups may differ only in case.
  groups = { for group in keys(local.report.controls) : local.encoded[group] => group... }

  # By group and control: what the report looked at, and the clocks. Controls that are one matter share a clock.
  looked_at = {
    for group, names in local.groups : group => {
      for id in distinct(flatten([for name in names : keys(local.report.controls[name])])) : id => true
      if alltrue([for name in names : try(local.report.controls[name][id].status != "skip", false)])
    }
    if alltrue([for name in names : can(local.report.groups[name]) || can(local.report.spends[name])])
  }
  clocks = {
    for group, names in local.groups : group => merge([
      for name in names : { for id, control in local.report.controls[name] : id => control.clock if try(control.clock, "") != "" }
    ]...)
  }

  # IDs in lower case: VirusTotal may write a name in another case the next day.
  copies = { for id, result in local.report.results : lower(id) => result... }
  results = {
    for id, copies in local.copies : id => {
      severity = [for name in ["critical", "high", "medium", "low"] : name if anytrue([for copy in copies : copy.severity == name])][0]
      waived   = alltrue([for copy in copies : copy.status == "waived"])
      blocks   = flatten([for copy in copies : try(copy.blocks, [])])
      parts    = split("/", id)
    }
  }

  # What a finding is about: the control or, if it has one, its clock, of an account or of the group.
  matters = {
    for id in concat(keys(local.results), [for id in keys(local.before) : id if !can(local.results[id])]) : id => join("/", concat(
      [split("/", id)[0], try(":${local.clocks[split("/", id)[0]][split("/", id)[1]]}", split("/", id)[1])], slice(split("/", id), 2, length(split("/", id))),
    ))
  }

  # What the results leave undecided: of one account, or of everybody in the group.
  blocked = {
    for matter in flatten([
      for id, result in local.results : [
        for control in result.blocks : join("/", concat(
          [result.parts[0], try(":${local.clocks[result.parts[0]][control]}", control)], slice(result.parts, 2, length(result.parts)),
        ))
      ]
    ]) : matter => true...
  }

  # Recorded findings that are not in the report.
  absent = { for id, f in local.before : id => f if !can(local.results[id]) }
  # Those of which the matter goes on under the ID of another control.
  heirs = { for id in keys(local.results) : local.matters[id] => id... if !can(local.before[id]) }
  moved = { for id in keys(local.absent) : local.matters[id] => id... if can(local.heirs[local.matters[id]]) }

  # By ID: what was recorded of the same matter.
  history = {
    for id in keys(local.results) : id => can(local.before[id]) ? [local.before[id]] : [for old in try(local.moved[local.matters[id]], []) : local.absent[old]]
  }

  # Kept is what the report did not look at.
  kept = {
    for id, f in local.absent : id => merge(f, { not_looked_at = f.not_looked_at == "" ? local.at : f.not_looked_at })
    if !can(local.heirs[local.matters[id]]) && (
      !can(local.looked_at[split("/", id)[0]][split("/", id)[1]]) ||
      can(local.blocked[local.matters[id]]) ||
      can(local.blocked[join("/", slice(split("/", local.matters[id]), 0, 2))])
    )
  }

  findings = merge(local.kept, {
    for id, result in local.results : id => {
      first_seen    = concat(sort(local.history[id][*].first_seen), [local.at])[0]
      severity      = result.severity
      waived        = result.waived
      not_looked_at = ""
    }
  })
  digests = {
    for group, evidence in merge({ for group, spend in try(local.report.spends, {}) : group => spend.evidence }, local.report.groups) :
    lower(group) => evidence.policy_sha256... if can(regex(".", evidence.policy_sha256))
  }
  policies_now = merge(local.policies, { for group, digests in local.digests : group => length(digests) == 1 ? digests[0] : sha256(join("", digests)) })

  new  = [for id, result in local.results : id if length(local.history[id]) == 0 && !result.waived]
  gone = [for id in keys(local.absent) : id if !can(local.kept[id]) && !can(local.heirs[local.matters[id]])]
  worse = [
    for id, result in local.results : id
    if !result.waived && local.ranks[result.severity] >= 3 && length(local.history[id]) > 0 &&
    alltrue([for old in local.history[id] : old.waived || local.ranks[old.severity] < local.ranks[result.severity]])
  ]
  eased = [
    for id, result in local.results : id
    if length(local.history[id]) > 0 && anytrue([for old in local.history[id] : !old.waived]) && (
      result.waived || alltrue([for old in local.history[id] : local.ranks[old.severity] > local.ranks[result.severity]])
    )
  ]
  policy_changed = [for group, sha256 in local.policies_now : group if try(local.policies[group] != sha256, false)]

  # Compared as text, since values of different types are never equal.
  changed = var.recorded == null || jsonencode([local.findings, local.policies_now]) != jsonencode([local.past.findings, local.past.policies])

  # The days until a finding is overdue, by severity. Null means never.
  overdue_days = merge({ critical = 3, high = 7, medium = 30, low = 90 }, var.overdue_days)
  overdue = {
    for id, result in local.results : id => local.findings[id].first_seen
    if result.waived || local.overdue_days[result.severity] == null ? false : timecmp(
      local.at, timeadd(local.findings[id].first_seen, "${coalesce(local.overdue_days[result.severity], 0) * 24}h"),
    ) > 0
  }

  # What hold fails on.
  held = sort(toset(concat(local.new, local.worse, keys(local.overdue))))

  # Times in the ledger that are later than the report.
  later = [
    for at in reverse(sort(concat([for f in values(local.before) : f.first_seen], local.past.changed_at == "" ? [] : [local.past.changed_at]))) : at
    if timecmp(at, local.at) > 0
  ]
}
