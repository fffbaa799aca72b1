# SPDX-License-Identifier: MPL-2.0

# When each finding of the audit was first seen. It needs no provider and no key. See ../README.md.

terraform {
  required_version = ">= 1.5"

  # Without a backend the state is the file terraform.tfstate in this directory. Where it is lost, everything is new.
  # backend "s3" {}
}

variable "results" {
  description = "The path of the `report.json` that `audit.sh` wrote."
  type        = string
}

# In a repository of your own: source = "github.com/virustotal/terraform-provider-virustotal//modules/ledger?ref=v0.1.0"
module "ledger" {
  source  = "../../../modules/ledger"
  results = var.results
  # overdue_days = { high = 5 }
}

output "overdue" {
  description = "What has been there for too long, by id: when it was first seen."
  value       = module.ledger.overdue
}
