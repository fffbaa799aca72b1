# SPDX-License-Identifier: MPL-2.0

variable "groups" {
  description = "Policies by group ID. A policy is an object of the inputs of `modules/audit`, all optional: `{}` is the default policy, and null turns a control off."
  type        = any
  nullable    = false

  validation {
    condition     = can(keys(var.groups)) && length(try(keys(var.groups), [])) > 0
    error_message = "groups must map at least one group ID to a policy, such as { my_group = {} }."
  }

  validation {
    condition     = alltrue([for policy in try(values(var.groups), []) : can(keys(policy))])
    error_message = "The policy of a group must be an object, such as { my_group = {} }."
  }

  validation {
    condition = length(setsubtract(flatten([for policy in try(values(var.groups), []) : try(keys(policy), [])]), [
      "allowed_domains", "approvers", "dormant_days", "fail_on", "member_daily_limit", "minimum_administrators",
      "owner", "privilege_days", "quota_share", "quotas", "read_group", "require_single_sign_on",
      "review_days", "roster", "service_account_daily_limit", "severity", "skip", "two_factor_by_absence",
      "waiver_days", "waivers",
    ])) == 0
    error_message = "A policy must have only inputs of modules/audit, which its README.md lists. Others: ${join(", ", setsubtract(
      flatten([for policy in try(values(var.groups), []) : try(keys(policy), [])]), [
        "allowed_domains", "approvers", "dormant_days", "fail_on", "member_daily_limit", "minimum_administrators",
        "owner", "privilege_days", "quota_share", "quotas", "read_group", "require_single_sign_on",
        "review_days", "roster", "service_account_daily_limit", "severity", "skip", "two_factor_by_absence",
        "waiver_days", "waivers",
    ]))}."
  }
}

variable "enforce" {
  description = "Whether the plan fails if the gate fails. Otherwise the plan only warns."
  type        = bool
  default     = false
  nullable    = false
}

variable "fail_on" {
  description = "Lowest severity that fails the gate: `critical`, `high`, `medium` or `low`. A group's policy can set its own."
  type        = string
  default     = "high"
  nullable    = false

  validation {
    condition     = contains(["critical", "high", "medium", "low"], var.fail_on)
    error_message = "fail_on must be critical, high, medium or low."
  }
}

variable "at" {
  description = "Time of the audit, in RFC 3339 and UTC, such as `2026-01-31T00:00:00Z`. Null is the time of the plan."
  type        = string
  default     = null

  validation {
    condition     = var.at == null || (can(timeadd(var.at, "0s")) && try(endswith(var.at, "Z"), false))
    error_message = "The time of the audit must be in RFC 3339 and UTC, such as 2026-01-31T00:00:00Z. For the time of the plan, leave it out: -var at=null is a text."
  }
}
