# SPDX-License-Identifier: MPL-2.0

# The results: findings with severities and waivers, by ID.

locals {
  severity = { for control, entry in local.catalogue : control => try(var.severity[control], entry.severity) }

  open_findings = merge([
    for control, row in local.rows : {
      for id, finding in row.findings : "${control}\n${id}" => {
        control = control
        who     = id
        why     = finding.why
        what    = sort(distinct(finding.what))
        blocks  = control == "incomplete" ? local.blocked_by_lists : control == "unknown" ? local.undecided[id].blocks : []
      }
    } if can(local.active[control])
  ]...)

  # The valid waivers of each finding, and the names that they accept. For each name the last day counts, and all who approved it
  # until then. A control that names nothing has the one name "".
  covering = {
    for key, finding in local.open_findings : key => {
      for name in length(finding.what) == 0 ? [""] : finding.what : name => [
        for waiver in local.waivers_by_key[key] : waiver if length(waiver.what) == 0 || contains(waiver.what, name)
      ]
    } if can(local.waivers_by_key[key])
  }
  covered = {
    for key, names in local.covering : key => {
      for name, waivers in names : name => [for waiver in waivers : waiver if waiver.until == reverse(sort(waivers[*].until))[0]] if length(waivers) > 0
    }
  }
  waived = {
    for key, names in local.covered : key => {
      until       = sort([for waivers in values(names) : waivers[0].until])[0]
      approved_by = join(", ", sort(distinct(flatten([for waivers in values(names) : waivers[*].approved_by]))))
      reason      = join(" ", distinct(flatten([for waivers in values(names) : waivers[*].reason])))
      ticket      = join(", ", sort(distinct(compact(flatten([for waivers in values(names) : waivers[*].ticket])))))
    } if length(names) == length(local.covering[key])
  }
  accepted = {
    for key, names in local.covered : key => join(", ", concat(
      [for name in slice(keys(names), 0, min(5, length(names))) : "${name} until ${names[name][0].until}"],
      length(names) > 5 ? ["and ${length(names) - 5} more"] : [],
    )) if length(names) > 0 && !can(local.waived[key])
  }

  # The severity of what is unknown is the highest that it leaves undecided.
  unknown_severity = {
    for id, gap in local.undecided : id => local.severities[min([for control in gap.blocks : local.rank[local.severity[control]]]...)]
  }

  # Names within IDs of results. Terraform would make one character of %2F and a dot above, so the dot is encoded too.
  encoded = {
    for name in toset(concat([var.group_id], values(local.open_findings)[*].who)) :
    name => replace(replace(replace(name, "%", "%25"), "/\\/(\\p{M}*?)\u0307/", "%2F$${1}%CC%87"), "/", "%2F")
  }

  results = {
    for key, finding in local.open_findings :
    join("/", concat([local.encoded[var.group_id], finding.control], finding.who == "" ? [] : [local.encoded[finding.who]])) => {
      control     = finding.control
      group       = var.group_id
      who         = finding.who
      owner       = var.owner
      severity    = finding.control == "unknown" ? local.unknown_severity[finding.who] : local.severity[finding.control]
      status      = can(local.waived[key]) ? "waived" : local.catalogue[finding.control].result
      why         = "${finding.why}${can(local.accepted[key]) ? " Accepted: ${local.accepted[key]}." : ""}"
      what        = join(",", finding.what)
      blocks      = tolist(finding.blocks)
      reason      = try(local.waived[key].reason, "")
      approved_by = try(local.waived[key].approved_by, "")
      until       = try(local.waived[key].until, "")
      ticket      = try(local.waived[key].ticket, "")
    }
  }

  failing = [
    for id, result in local.results : id
    if result.status != "waived" && (result.control == "incomplete" || local.rank[result.severity] <= try(local.rank[var.fail_on], 3))
  ]
}
