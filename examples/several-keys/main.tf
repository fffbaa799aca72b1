# SPDX-License-Identifier: MPL-2.0

# Audits groups with several API keys, in one report with one gate. See "Several API keys" in examples/audit/README.md.

terraform {
  required_version = ">= 1.5"

  required_providers {
    virustotal = {
      source = "virustotal/virustotal"
    }
  }
}

variable "api_keys" {
  description = "The API key of an administrator of all groups of a region, by region. Set TF_VAR_api_keys, not a file."
  type        = object({ emea = string, apac = string })
  sensitive   = true
}

variable "regions" {
  description = "The groups that each key reads, by region."
  type        = object({ emea = set(string), apac = set(string) })
  nullable    = false
}

variable "groups" {
  description = "Policies by group ID, as in examples/audit."
  type        = any
  nullable    = false
}

variable "enforce" {
  description = "Whether the plan fails if the gate fails. audit.sh sets it."
  type        = bool
  default     = false
}

variable "at" {
  description = "Time of the audit, in RFC 3339 and UTC. Left out, it is the time of the plan."
  type        = string
  default     = null
}

variable "run" {
  description = "What runs the audit, shown in the reports. audit.sh fills it."
  type        = map(string)
  default     = {}
}

variable "scope" {
  description = "Name of what is audited. `modules/ledger` refuses a report of another scope."
  type        = string
  default     = ""
}

locals {
  at = var.at == null ? plantimestamp() : var.at
}

# A provider configuration has one API key, and a module block one provider configuration. So each key needs two blocks.
provider "virustotal" {
  alias   = "emea"
  api_key = var.api_keys.emea
}

module "emea" {
  source    = "./groups"
  providers = { virustotal = virustotal.emea }

  region  = "emea"
  regions = var.regions
  groups  = var.groups
  at      = local.at
}

provider "virustotal" {
  alias   = "apac"
  api_key = var.api_keys.apac
}

module "apac" {
  source    = "./groups"
  providers = { virustotal = virustotal.apac }

  region  = "apac"
  regions = var.regions
  groups  = var.groups
  at      = local.at
}

locals {
  audits = concat(values(module.emea.audits), values(module.apac.audits))

  # Unknown as soon as VirusTotal does not say which groups the owner of one key manages.
  unaudited = anytrue([for of in [module.emea, module.apac] : of.managed == null]) ? null : setsubtract(
    flatten([for of in [module.emea, module.apac] : tolist(of.managed)]), keys(var.groups)
  )
}

# In your own repository: source = "github.com/virustotal/terraform-provider-virustotal//modules/report?ref=main"
module "report" {
  source = "../../modules/report"

  audits    = local.audits
  at        = local.at
  run       = var.run
  scope     = var.scope
  unaudited = local.unaudited
}

output "findings" {
  description = "Severity of each finding that is not waived."
  value       = merge([for audit in local.audits : { for id, result in audit.results : id => result.severity if result.status != "waived" }]...)
}

output "controls" {
  description = "All controls, by group."
  value       = { for audit in local.audits : audit.evidence.group => audit.controls }
  sensitive   = true
}

output "unaudited" {
  description = "Groups that the owners of the API keys manage and that have no policy here. Null if VirusTotal does not say."
  value       = local.unaudited
}

output "roster" {
  description = "Current accounts, by group."
  value       = { for audit in local.audits : audit.evidence.group => audit.roster }
  sensitive   = true
}

output "report" {
  description = "The reports, by format."
  value       = module.report
  sensitive   = true
}

output "gate" {
  description = "`passed`, `failed` or `nothing audited`."
  value       = module.report.verdict

  precondition {
    condition     = !var.enforce || module.report.verdict == "passed"
    error_message = "The gate did not pass. Findings that fail it: ${length(module.report.failing)}."
  }
}
