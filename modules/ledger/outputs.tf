# SPDX-License-Identifier: MPL-2.0

# The only output: any that changes at each run, such as a time, would make each plan a change.
output "overdue" {
  description = "When each overdue finding was first seen, by id. Today's severity decides."
  value = {
    for id, first_seen in local.first_seen : id => first_seen
    if local.due_days[id] == null ? false : timecmp(local.at, timeadd(first_seen, "${coalesce(local.due_days[id], 0) * 24}h")) > 0
  }

  # The preconditions are here rather than at the resource, because there may be no findings.
  precondition {
    condition     = var.accept_gaps || length(local.gaps) == 0
    error_message = "Not everything was read, and findings that were not looked for would seem gone:\n${join("\n", [for id in slice(local.gaps, 0, min(20, length(local.gaps))) : "- ${id}"])}${length(local.gaps) > 20 ? "\n… and ${length(local.gaps) - 20} more" : ""}\nAudit again once it can be read, waive what stays hidden, or set accept_gaps = true."
  }

  precondition {
    condition     = length(local.later) == 0
    error_message = "The report of ${local.at} is older than the ledger: ${length(local.later)} of its findings were first seen later, such as ${join("", slice(local.later, 0, min(1, length(local.later))))}. Reports go into the ledger in their order."
  }
}
