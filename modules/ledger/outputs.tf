# SPDX-License-Identifier: MPL-2.0

# Do not add an output that changes at every run, such as a time: -detailed-exitcode would always be 2.
output "overdue" {
  description = "When each overdue finding was first seen, by id. The current severity counts."
  value = {
    for id, first_seen in local.first_seen : id => first_seen
    if local.due_days[id] == null ? false : timecmp(local.at, timeadd(first_seen, "${coalesce(local.due_days[id], 0) * 24}h")) > 0
  }

  # The resource may have no instances, so the preconditions are here.
  precondition {
    condition     = var.accept_gaps || length(local.gaps) == 0
    error_message = "The report is incomplete, so the ledger would treat earlier findings as resolved:\n${join("\n", [for id in slice(local.gaps, 0, min(20, length(local.gaps))) : "- ${id}"])}${length(local.gaps) > 20 ? "\n… and ${length(local.gaps) - 20} more" : ""}\nRun the audit again once everything can be read, waive these findings, or set accept_gaps = true."
  }

  precondition {
    condition     = length(local.later) == 0
    error_message = "The report of ${local.at} is older than the ledger: ${length(local.later)} of its findings were first seen later, for example ${join("", slice(local.later, 0, min(1, length(local.later))))}. Apply reports in chronological order."
  }
}
