# SPDX-License-Identifier: MPL-2.0

# Audits VirusTotal groups, each against its policy in terraform.tfvars. See README.md.

terraform {
  required_version = ">= 1.5"

  required_providers {
    virustotal = {
      source = "virustotal/virustotal"
    }
  }
}

# Set VIRUSTOTAL_API_KEY to the API key of an administrator of all groups.
provider "virustotal" {}

locals {
  # The same time for all groups.
  at = var.at == null ? plantimestamp() : var.at

  # The defaults of modules/audit. optional() cannot set them, because it also replaces an explicit null, which turns a control
  # off.
  defaults = {
    allowed_domains          = null
    at                       = local.at
    bar                      = var.bar
    dormant_days             = 90
    minimum_administrators   = 2
    owner                    = ""
    privilege_days           = 30
    quota_share              = 0.9
    quotas                   = null
    read_group               = true
    review_days              = 90
    roster                   = null
    second_factor_by_absence = false
    severity                 = {}
    skip                     = {}
    waiver_days              = 366
    waivers                  = []
  }

  policies = { for group, policy in var.groups : group => merge(local.defaults, policy) }
}

# In your own repository: source = "github.com/virustotal/terraform-provider-virustotal//modules/audit?ref=v0.1.0"
module "audit" {
  source   = "../../modules/audit"
  for_each = local.policies

  group_id                 = each.key
  allowed_domains          = each.value.allowed_domains
  at                       = each.value.at
  bar                      = each.value.bar
  dormant_days             = each.value.dormant_days
  minimum_administrators   = each.value.minimum_administrators
  owner                    = each.value.owner
  privilege_days           = each.value.privilege_days
  quota_share              = each.value.quota_share
  quotas                   = each.value.quotas
  read_group               = each.value.read_group
  review_days              = each.value.review_days
  roster                   = each.value.roster
  second_factor_by_absence = each.value.second_factor_by_absence
  severity                 = each.value.severity
  skip                     = each.value.skip
  waiver_days              = each.value.waiver_days
  waivers                  = each.value.waivers
}
