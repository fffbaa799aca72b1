# SPDX-License-Identifier: MPL-2.0

output "findings" {
  description = "What is wrong and not waived: `<group>/<control>/<who>` to its severity. The difference between two plans is what came and what went."
  value       = { for id, result in local.results : id => result.severity if result.status != "waived" }
}

output "controls" {
  description = "The state of every control, by group."
  value       = local.controls
}

output "roster" {
  description = "Today's members, administrators and service accounts, by group: for the next access review."
  value       = { for group, audit in module.audit : group => audit.roster }
}

# Sensitive, so that plans do not print it. audit.sh writes each format to a file.
output "report" {
  description = "The results in the formats that people and machines read, by format."
  value       = module.report
  sensitive   = true
}

# A separate output: if its precondition fails, the plan fails but still has all other outputs.
output "gate" {
  description = "`open` where nothing bars. Else, with `enforce`, the plan fails here."
  value       = length(local.barring) == 0 ? "open" : "closed"

  precondition {
    condition     = !var.enforce || length(local.barring) == 0
    error_message = "Results that bar: ${length(local.barring)}.\n${join("\n", [for id in local.barring : "- ${id} (${local.results[id].severity}): ${local.results[id].why}"])}"
  }
}
