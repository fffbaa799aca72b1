# SPDX-License-Identifier: MPL-2.0

# The reports, and the gate that they decide.

variable "run" {
  description = "What runs the audit, shown in the reports: `time`, `commit`, `pipeline`, `actor`, `url`, versions. `audit.sh` fills it."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "scope" {
  description = "Name of what is audited, such as a tenant. `modules/ledger` refuses a report of another scope."
  type        = string
  default     = ""
  nullable    = false
}

data "virustotal_client_config" "this" {}

# The groups that the API key's owner manages. VirusTotal shows them to their owner only.
data "virustotal_user_groups_managed" "this" {
  allow_unreadable = true
}

locals {
  managed   = data.virustotal_user_groups_managed.this
  unaudited = local.managed.ids == null || local.managed.complete != true ? null : sort(setsubtract(local.managed.ids, keys(var.groups)))
}

# In your own repository: source = "github.com/virustotal/terraform-provider-virustotal//modules/report?ref=main"
module "report" {
  source = "../../modules/report"

  audits    = values(module.audit)
  spends    = values(module.spend)
  at        = local.at
  client    = data.virustotal_client_config.this
  run       = var.run
  scope     = var.scope
  unaudited = local.unaudited
}

output "findings" {
  description = "Severity of each finding that is not waived, by `<group>/<control>/<who>`. Compare two plans to see which findings are new and which are gone."
  value       = merge([for part in concat(values(module.audit), values(module.spend)) : { for id, result in part.results : id => result.severity if result.status != "waived" }]...)
}

# Sensitive, so that plans do not print them: what a person reads is short. The reports show them, and `terraform output -json`.
output "controls" {
  description = "All controls, by group."
  value       = { for group in setunion(keys(module.audit), keys(module.spend)) : group => merge(try(module.audit[group].controls, {}), try(module.spend[group].controls, {})) }
  sensitive   = true
}

output "roster" {
  description = "Current members, administrators and service accounts by group, for the next access review."
  value       = { for group, audit in module.audit : group => audit.roster }
  sensitive   = true
}

output "unaudited" {
  description = "Groups that the API key's owner manages and that have no policy here. Null if VirusTotal does not say."
  value       = local.unaudited
}

# audit.sh writes each format to a file.
output "report" {
  description = "The reports, by format."
  value       = module.report
  sensitive   = true
}

# A separate output, so that the other outputs are in the plan even if the gate fails. Names come from outside: what a terminal or
# a CI log would obey is replaced.
output "gate" {
  description = "`passed`, `failed` or `nothing audited`. If the gate does not pass and `enforce` is true, the plan fails."
  value       = module.report.verdict

  precondition {
    condition = !var.enforce || module.report.verdict == "passed"
    error_message = module.report.verdict == "nothing audited" ? "Nothing was audited." : "Findings that fail the gate: ${length(module.report.failing)}.\n${join("\n", [
      for id in module.report.failing : "- ${replace(replace(replace(id, "/(?s)^(.{300}).+$/", "$1…"), "/[\\pC\\x{2028}\\x{2029}]/", "\ufffd"), "##", "# #")}"
    ])}"
  }
}
