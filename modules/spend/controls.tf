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

  highest_unknown = try(local.severities[min([for severity in values(local.unknown_severity) : local.rank[severity]]...)], local.catalogue.spend_unknown.severity)

  controls = {
    for control, entry in local.catalogue : control => merge(
      { population = 0, evaluated = 0, unknown = 0, alarms = 0, waived = 0 },
      try(local.counts[control], {}),
      {
        title            = entry.title
        requirement      = entry.requirement
        severity         = control == "spend_unknown" ? local.highest_unknown : local.severity[control]
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
}
