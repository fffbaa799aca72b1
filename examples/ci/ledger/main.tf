# SPDX-License-Identifier: MPL-2.0

# Records when each finding of the audit was first seen. It needs no provider and no API key. See ../README.md.

terraform {
  required_version = ">= 1.5"

  # Without a backend, the state is terraform.tfstate in this directory. If it is lost, all findings are new.
  # backend "s3" {}
}

variable "results" {
  description = "Path of the `report.json` of `audit.sh`."
  type        = string
}

# In a repository of your own: source = "github.com/virustotal/terraform-provider-virustotal//modules/ledger?ref=v0.1.0"
module "ledger" {
  source  = "../../../modules/ledger"
  results = var.results
  # overdue_days = { high = 5 }
  # accept_gaps  = true
}

output "overdue" {
  description = "When each overdue finding was first seen, by id."
  value       = module.ledger.overdue
}
