output "findings" {
  description = "What falls short of the policy: who, what, why and how_grave. The gravest first, then by kind, then by name."
  value       = local.findings

  precondition {
    condition     = length(local.barring) == 0
    error_message = "The group ${var.group_id} falls short of its policy.\n${join("\n", [for finding in local.barring : "- ${finding.who}: ${finding.what} (${finding.how_grave}). ${finding.why}"])}"
  }
}

output "exempted" {
  description = "What would be a finding, were the member not exempt."
  value       = local.exempted
}
