# SPDX-License-Identifier: MPL-2.0

# The policy in force, and what it weakens.

locals {
  # All variables except at and members, which is what was read elsewhere, so that runs with the same policy have the same digest.
  inputs = {
    approvers   = var.approvers
    budgets     = var.budgets
    fail_on     = var.fail_on
    group_id    = var.group_id
    history     = var.history
    owner       = var.owner
    quotas      = var.quotas
    rise_factor = var.rise_factor
    severity    = var.severity
    skip        = var.skip
    waiver_days = var.waiver_days
    waivers     = var.waivers
  }
  policy = jsonencode(local.inputs)

  # Numbers that weaken the policy if they are larger than the default.
  larger  = { rise_factor = 5, waiver_days = 366 }
  lowered = { for control, severity in var.severity : control => severity if try(local.rank[severity] > local.rank[local.catalogue[control].severity], false) }

  weaker = concat(
    [for name, normal in local.larger : "${name}: ${try(tostring(coalesce(local.inputs[name])), "null")} instead of ${normal}" if local.inputs[name] == null ? true : local.inputs[name] > normal],
    var.history < 1 ? ["history: 0 instead of 1"] : [],
    var.fail_on == "critical" ? ["fail_on: critical instead of high"] : [],
    [for control, severity in local.lowered : "${control}: ${severity} instead of ${local.catalogue[control].severity}"],
    [for control, reason in var.skip : "${control}: skipped, ${reason}"],
    [
      for waiver in local.valid_waivers : "waivers: the waiver of ${waiver.control} for ${waiver.who == "" ? "the group" : waiver.who} accepts what comes later too"
      if length(waiver.what) == 0 && local.catalogue[waiver.control].names_things
    ],
  )
}
