# SPDX-License-Identifier: MPL-2.0

# Records since when each finding of the audit has been open. It needs no provider and no API key. See ../README.md.

terraform {
  required_version = ">= 1.5"

  # Without a backend, the state is terraform.tfstate in this directory. If it is lost, so is the ledger.
  # backend "s3" {}
}

variable "results" {
  description = "Path of the `report.json` of `audit.sh`."
  type        = string
}

variable "recorded" {
  description = "The output `recorded` of the last run. `ledger.sh` passes it."
  type        = any
  default     = null
}

variable "first" {
  description = "Whether this is the first report."
  type        = bool
  default     = false
}

variable "forget" {
  description = "Findings, by ID, and groups to remove from the ledger."
  type        = set(string)
  default     = []
}

variable "hold" {
  description = "Whether to fail if a finding is new, worse or overdue."
  type        = bool
  default     = false
}

# In a repository of your own: source = "github.com/virustotal/terraform-provider-virustotal//modules/ledger?ref=main"
module "ledger" {
  source   = "../../../modules/ledger"
  results  = var.results
  recorded = var.recorded
  first    = var.first
  forget   = var.forget
  hold     = var.hold
  # scope        = "production"
  # overdue_days = { high = 5 }
}

output "recorded" {
  description = "The ledger. `recorded.last` has the changes of the last report that differed."
  value       = module.ledger.recorded
}

output "overdue" {
  description = "Since when each overdue finding has been open, by ID."
  value       = module.ledger.overdue
}

output "not_looked_at" {
  description = "The time of the first report that did not look at a recorded finding, by ID."
  value       = module.ledger.not_looked_at
}
