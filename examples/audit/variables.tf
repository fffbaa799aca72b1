variable "group_id" {
  description = "The group to audit."
  type        = string
  nullable    = false

  validation {
    condition     = trimspace(var.group_id) != ""
    error_message = "The id of the group must not be empty."
  }
}

# The policy. Null switches a part of it off.

variable "dormant_days" {
  description = "Who has not logged in for this many days is dormant. Null: not checked."
  type        = number
  default     = 90

  validation {
    condition     = try(var.dormant_days > 0 && floor(var.dormant_days) == var.dormant_days, var.dormant_days == null)
    error_message = "The days must be a whole number from 1, or null."
  }
}

variable "minimum_administrators" {
  description = "The fewest administrators that the group must have. 0: not checked."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = var.minimum_administrators >= 0 && floor(var.minimum_administrators) == var.minimum_administrators
    error_message = "The number of administrators must be a whole number from 0."
  }
}

variable "allowed_administrators" {
  description = "The ids of all who may be administrators. Null: not checked."
  type        = set(string)
  default     = null
}

variable "allowed_domains" {
  description = "The mail domains that members may have, such as example.com. A subdomain is a domain of its own. Null: not checked."
  type        = set(string)
  default     = null

  validation {
    condition     = alltrue([for domain in coalesce(var.allowed_domains, []) : can(regex("^[^@*\\s]+$", domain))])
    error_message = "A mail domain has no @, * or space in it: example.com."
  }
}

variable "quota_share" {
  description = "From this share on, a quota is nearly used up: 0.9 is nine tenths. Null: not checked."
  type        = number
  default     = 0.9

  validation {
    condition     = try(var.quota_share > 0 && var.quota_share <= 1, var.quota_share == null)
    error_message = "The share must be above 0 and at most 1, or null."
  }
}

variable "privilege_days" {
  description = "A granted privilege that ends within this many days ends soon. Null: not checked."
  type        = number
  default     = 30

  validation {
    condition     = try(var.privilege_days > 0 && floor(var.privilege_days) == var.privilege_days, var.privilege_days == null)
    error_message = "The days must be a whole number from 1, or null."
  }
}

variable "read_group" {
  description = "Whether to audit the group's own quotas and privileges too, for one more request."
  type        = bool
  default     = false
  nullable    = false
}

variable "exempt" {
  description = "The ids of members whose findings are accepted. They move to the output exempted."
  type        = set(string)
  default     = []
  nullable    = false
}

# What follows from a finding.

variable "gravity" {
  description = "How grave a kind of finding is (low, medium or high) where it should differ from what policy.tf says."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for gravity in values(var.gravity) : try(contains(["low", "medium", "high"], gravity), false)])
    error_message = "A gravity is low, medium or high."
  }

  validation {
    condition = alltrue([
      for what in keys(var.gravity) : contains([
        "dormant", "foreign_mail_domain", "hidden", "incomplete", "never_logged_in", "no_second_factor", "privilege_ends",
        "privileges_hidden", "quota_nearly_used_up", "too_few_administrators", "unavailable", "unexpected_administrator",
      ], what)
    ])
    error_message = "There is no such kind of finding: README.md lists them."
  }
}

variable "enforce" {
  description = "Whether findings of enforce_gravity, or graver ones, fail the plan. They only warn otherwise."
  type        = bool
  default     = false
  nullable    = false
}

variable "enforce_gravity" {
  description = "The least gravity that fails the plan when enforce is true: low, medium or high."
  type        = string
  default     = "high"
  nullable    = false

  validation {
    condition     = contains(["low", "medium", "high"], var.enforce_gravity)
    error_message = "A gravity is low, medium or high."
  }
}

variable "at" {
  description = "The moment to audit for, in RFC 3339, for a result that can be repeated. Null: the time of the plan."
  type        = string
  default     = null

  validation {
    condition     = var.at == null || can(timeadd(var.at, "0s"))
    error_message = "The moment must be in RFC 3339: 2026-01-31T00:00:00Z."
  }
}
