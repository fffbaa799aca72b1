# SPDX-License-Identifier: MPL-2.0

# Audits the groups of one API key, each against its policy.

terraform {
  required_providers {
    virustotal = {
      source = "virustotal/virustotal"
    }
  }
}

variable "region" {
  description = "The region of the API key."
  type        = string
}

variable "regions" {
  description = "Group IDs by region."
  type        = map(set(string))
}

variable "groups" {
  description = "Policies by group ID, of all regions: objects of the inputs of `modules/audit`, all optional."
  type        = any
  nullable    = false
}

variable "at" {
  description = "Time of the audit."
  type        = string
}

locals {
  # The defaults of modules/audit, as in examples/audit.
  defaults = {
    allowed_domains             = null
    approvers                   = null
    dormant_days                = 90
    fail_on                     = "high"
    member_daily_limit          = null
    minimum_administrators      = 2
    owner                       = ""
    privilege_days              = 30
    quota_share                 = 0.9
    quotas                      = null
    read_group                  = true
    require_single_sign_on      = false
    review_days                 = 90
    roster                      = null
    service_account_daily_limit = null
    severity                    = {}
    skip                        = {}
    two_factor_by_absence       = false
    waiver_days                 = 366
    waivers                     = []
  }

  policies = { for group, policy in var.groups : group => merge(local.defaults, policy) if contains(var.regions[var.region], group) }

  # Nobody would audit a group without a region, and nobody would notice.
  assigned   = flatten([for groups in values(var.regions) : tolist(groups)])
  unassigned = setunion(setsubtract(keys(var.groups), local.assigned), setsubtract(local.assigned, keys(var.groups)))
}

# In your own repository: source = "github.com/virustotal/terraform-provider-virustotal//modules/audit?ref=main"
module "audit" {
  source   = "../../../modules/audit"
  for_each = local.policies

  group_id                    = each.key
  at                          = var.at
  allowed_domains             = each.value.allowed_domains
  approvers                   = each.value.approvers
  dormant_days                = each.value.dormant_days
  fail_on                     = each.value.fail_on
  member_daily_limit          = each.value.member_daily_limit
  minimum_administrators      = each.value.minimum_administrators
  owner                       = each.value.owner
  privilege_days              = each.value.privilege_days
  quota_share                 = each.value.quota_share
  quotas                      = each.value.quotas
  read_group                  = each.value.read_group
  require_single_sign_on      = each.value.require_single_sign_on
  review_days                 = each.value.review_days
  roster                      = each.value.roster
  service_account_daily_limit = each.value.service_account_daily_limit
  severity                    = each.value.severity
  skip                        = each.value.skip
  two_factor_by_absence       = each.value.two_factor_by_absence
  waiver_days                 = each.value.waiver_days
  waivers                     = each.value.waivers
}

data "virustotal_user_groups_managed" "this" {
  allow_unreadable = true
}

output "audits" {
  description = "The outputs of `modules/audit`, by group ID."
  value       = module.audit

  precondition {
    condition     = length(local.unassigned) == 0
    error_message = "Each group needs a policy in groups, and a region in regions. Not so: ${join(", ", local.unassigned)}."
  }

  precondition {
    condition = alltrue([for policy in local.policies : length(setsubtract(keys(policy), keys(local.defaults))) == 0])
    error_message = "A policy must have only inputs of modules/audit, which its README.md lists. Others: ${join(", ", distinct(flatten([
      for policy in local.policies : setsubtract(keys(policy), keys(local.defaults))
    ])))}."
  }
}

output "managed" {
  description = "The groups that the API key's owner manages. Null if VirusTotal does not say."
  value       = data.virustotal_user_groups_managed.this.complete == true ? data.virustotal_user_groups_managed.this.ids : null
}
