# SPDX-License-Identifier: MPL-2.0

variable "groups" {
  description = "The groups to audit, by id, each with its policy: the variables of `modules/audit`, every one optional. `{}` is the default policy, and an explicit null switches off."
  type        = any
  nullable    = false

  validation {
    condition     = can(keys(var.groups)) && length(try(keys(var.groups), [])) > 0
    error_message = "The groups must be a map of group ids to policies with at least one group, such as { my_group = {} }."
  }

  validation {
    condition     = alltrue([for policy in try(values(var.groups), []) : can(keys(policy))])
    error_message = "The policy of a group must be an object, such as { my_group = {} }."
  }

  validation {
    condition = length(setsubtract(flatten([for policy in try(values(var.groups), []) : try(keys(policy), [])]), [
      "allowed_domains", "at", "bar", "dormant_days", "minimum_administrators", "owner", "privilege_days", "quota_share", "quotas",
      "read_group", "review_days", "roster", "second_factor_by_absence", "severity", "skip", "waiver_days", "waivers",
    ])) == 0
    error_message = "A policy must have only variables of modules/audit, which its README.md lists. It has ${join(", ", distinct(flatten([for policy in try(values(var.groups), []) : try(keys(policy), [])])))}."
  }
}

variable "enforce" {
  description = "Whether results that bar fail the plan. They only warn otherwise."
  type        = bool
  default     = false
  nullable    = false
}

variable "bar" {
  description = "From this severity on a result bars: `critical`, `high`, `medium` or `low`. A group's policy can have a `bar` of its own."
  type        = string
  default     = "high"
  nullable    = false

  validation {
    condition     = contains(["critical", "high", "medium", "low"], var.bar)
    error_message = "A severity must be critical, high, medium or low."
  }
}

variable "at" {
  description = "The moment to audit for, in RFC 3339, for a result that can be repeated: `2026-01-31T00:00:00Z`. Null is the time of the plan."
  type        = string
  default     = null

  validation {
    condition     = var.at == null || (can(timeadd(var.at, "0s")) && try(endswith(var.at, "Z"), false))
    error_message = "The time of the audit must be in RFC 3339 and UTC, such as 2026-01-31T00:00:00Z."
  }
}
