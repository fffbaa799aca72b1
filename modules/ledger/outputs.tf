# SPDX-License-Identifier: MPL-2.0

# Do not add an output that changes at every run, such as a time: -detailed-exitcode would always be 2.
locals {
  recorded = {
    changed_at = local.changed ? local.at : local.past.changed_at
    findings   = local.findings
    policies   = local.policies_now
    last = {
      new            = local.changed ? sort(local.new) : sort(local.past.last.new)
      gone           = local.changed ? sort(local.gone) : sort(local.past.last.gone)
      worse          = local.changed ? sort(local.worse) : sort(local.past.last.worse)
      eased          = local.changed ? sort(local.eased) : sort(local.past.last.eased)
      policy_changed = local.changed ? sort(local.policy_changed) : sort(local.past.last.policy_changed)
    }
  }
  shown = "${join("\n", [for id in slice(local.held, 0, min(20, length(local.held))) : "- ${replace(id, "/[[:cntrl:]]/", "�")}"])}${length(local.held) > 20 ? "\n… and ${length(local.held) - 20} more" : ""}"
}

output "recorded" {
  description = "The ledger. Pass it as `recorded` to the next run. It has, for each finding, since when it has been open, its severity, whether it is waived, and since when it was not looked at. `last` has the changes of the last report that differed."
  value       = local.recorded

  precondition {
    condition     = var.recorded != null || var.first
    error_message = "The ledger is missing: recorded is null. Without it, every finding would be new. For the first report, set first = true."
  }

  precondition {
    condition     = try(local.report.scope, "") == var.scope
    error_message = "The report is of the scope \"${try(local.report.scope, "")}\", and the ledger of \"${var.scope}\". A ledger records the reports of one scope."
  }

  precondition {
    condition     = length(local.later) == 0
    error_message = "The report of ${local.at} is older than the ledger, which has a time of ${join("", slice(local.later, 0, min(1, length(local.later))))}. Apply reports in chronological order."
  }

  precondition {
    condition     = !var.hold || length(local.held) == 0
    error_message = "New, worse or overdue:\n${local.shown}"
  }
}

output "new" {
  description = "IDs of the findings that were new in the last report that differed, except those that were waived at once."
  value       = toset(local.recorded.last.new)
}

output "gone" {
  description = "IDs of the findings that were gone in the last report that differed. What was not looked at is not gone."
  value       = toset(local.recorded.last.gone)
}

output "worse" {
  description = "IDs of the critical and high findings that got a higher severity or lost their waiver in the last report that differed."
  value       = toset(local.recorded.last.worse)
}

output "eased" {
  description = "IDs of the findings that got a lower severity or a waiver in the last report that differed."
  value       = toset(local.recorded.last.eased)
}

output "policy_changed" {
  description = "Groups whose policy was different in the last report that differed."
  value       = toset(local.recorded.last.policy_changed)
}

output "overdue" {
  description = "Since when each overdue finding has been open, by ID. Waived findings, and those that were not looked at, are not overdue."
  value       = local.overdue
}

output "not_looked_at" {
  description = "The time of the first report that did not look at a recorded finding, by ID."
  value       = { for id, f in local.findings : id => f.not_looked_at if f.not_looked_at != "" }
}
