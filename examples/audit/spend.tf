# SPDX-License-Identifier: MPL-2.0

# Who spends the quotas of which group, and against which budgets. A group that is not named here is not read.

variable "spend" {
  description = "Budgets by group ID. The value is an object of the inputs of `modules/spend`, all optional: `{ my_group = {} }` watches the group's API requests, and null turns a control off."
  type        = any
  default     = {}
  nullable    = false

  validation {
    condition     = can(keys(var.spend)) && alltrue([for policy in try(values(var.spend), []) : can(keys(policy))])
    error_message = "spend must map group IDs to objects, such as { my_group = {} }."
  }

  validation {
    condition = length(setsubtract(flatten([for policy in try(values(var.spend), []) : try(keys(policy), [])]), [
      "approvers", "budgets", "fail_on", "history", "owner", "quotas", "rise_factor", "severity", "skip", "waiver_days", "waivers",
    ])) == 0
    error_message = "An object in spend must have only inputs of modules/spend, which its README.md lists. Others: ${join(", ", setsubtract(
      flatten([for policy in try(values(var.spend), []) : try(keys(policy), [])]), [
        "approvers", "budgets", "fail_on", "history", "owner", "quotas", "rise_factor", "severity", "skip", "waiver_days", "waivers",
    ]))}."
  }
}

locals {
  # The defaults of modules/spend. The team is that of the group's audit.
  spend_defaults = {
    approvers   = null
    budgets     = {}
    fail_on     = var.fail_on
    history     = 1
    quotas      = ["api_requests_monthly"]
    rise_factor = 5
    severity    = {}
    skip        = {}
    waiver_days = 366
    waivers     = []
  }

  spends = { for group, policy in var.spend : group => merge(local.spend_defaults, { owner = try(local.policies[group].owner, "") }, policy) }
}

# In your own repository: source = "github.com/virustotal/terraform-provider-virustotal//modules/spend?ref=main"
module "spend" {
  source   = "../../modules/spend"
  for_each = local.spends

  group_id    = each.key
  at          = local.at
  approvers   = each.value.approvers
  budgets     = each.value.budgets
  fail_on     = each.value.fail_on
  history     = each.value.history
  members     = try(alltrue(values(module.audit[each.key].evidence.lists)[*].complete), false) ? module.audit[each.key].accounts[*].id : null
  owner       = each.value.owner
  quotas      = each.value.quotas
  rise_factor = each.value.rise_factor
  severity    = each.value.severity
  skip        = each.value.skip
  waiver_days = each.value.waiver_days
  waivers     = each.value.waivers
}
