# SPDX-License-Identifier: MPL-2.0

output "findings" {
  description = "Severity of each finding that is not waived, by `<group>/<control>/<who>`. Compare two plans to see which findings are new and which are gone."
  value       = { for id, result in local.results : id => result.severity if result.status != "waived" }
}

output "controls" {
  description = "All controls, by group."
  value       = local.controls
}

output "roster" {
  description = "Current members, administrators and service accounts by group, for the next access review."
  value       = { for group, audit in module.audit : group => audit.roster }
}

# Sensitive, so that plans do not print it. audit.sh writes each format to a file.
output "report" {
  description = "The reports, by format."
  value       = module.report
  sensitive   = true
}

# A separate output, so that the other outputs are in the plan even if the gate fails.
output "gate" {
  description = "`passed` or `failed`. If the gate fails and `enforce` is true, the plan fails."
  value       = length(local.failing) == 0 ? "passed" : "failed"

  precondition {
    condition     = !var.enforce || length(local.failing) == 0
    error_message = "Findings that fail the gate: ${length(local.failing)}.\n${join("\n", [for id in local.failing : "- ${id} (${local.results[id].severity}): ${local.results[id].why}"])}"
  }
}
