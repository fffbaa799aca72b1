# SPDX-License-Identifier: MPL-2.0

variable "group_id" {
  description = "Id of the group to audit."
  type        = string
  nullable    = false

  validation {
    condition     = trimspace(var.group_id) != ""
    error_message = "group_id must not be empty."
  }
}

variable "owner" {
  description = "Team or person responsible for the findings. Reports group by it."
  type        = string
  default     = ""
  nullable    = false
}

variable "at" {
  description = "Time of the audit, in RFC 3339, such as `2026-01-31T00:00:00Z`. Null is the time of the plan."
  type        = string
  default     = null

  validation {
    condition     = var.at == null || can(timeadd(var.at, "0s"))
    error_message = "The time of the audit must be in RFC 3339, such as 2026-01-31T00:00:00Z."
  }
}

# The policy. Null turns off the controls that a variable belongs to.

variable "dormant_days" {
  description = "Number of days without a login after which an account is dormant. CIS Safeguard 5.3 requires 45. Null turns `dormant` and `never_logged_in` off."
  type        = number
  default     = 90

  validation {
    condition     = var.dormant_days == null ? true : var.dormant_days >= 1 && var.dormant_days <= 36500 && floor(var.dormant_days) == var.dormant_days
    error_message = "dormant_days must be a whole number from 1 to 36500, or null."
  }
}

variable "minimum_administrators" {
  description = "Minimum number of administrators. 0 or null turns `too_few_administrators` off."
  type        = number
  default     = 2

  validation {
    condition     = var.minimum_administrators == null ? true : var.minimum_administrators >= 0 && floor(var.minimum_administrators) == var.minimum_administrators
    error_message = "minimum_administrators must be a whole number from 0, or null."
  }
}

variable "allowed_domains" {
  description = "Allowed domains of members' e-mail addresses, such as `example.com`. Subdomains are not included. Null turns `foreign_mail_domain` off."
  type        = set(string)
  default     = null

  validation {
    condition     = var.allowed_domains == null ? true : alltrue([for domain in var.allowed_domains : can(regex("^[^@*?\\s]+$", domain))])
    error_message = "A domain must not contain @, *, ? or spaces. For example: example.com."
  }
}

variable "quota_share" {
  description = "Utilization from which a quota counts as nearly used up: `0.9` is 90 %. Null turns `quota_nearly_used_up` off."
  type        = number
  default     = 0.9

  validation {
    condition     = var.quota_share == null ? true : var.quota_share > 0 && var.quota_share <= 1
    error_message = "quota_share must be above 0 and at most 1, or null."
  }
}

variable "quotas" {
  description = "Names of the quotas to check. Null is all except `intelligence_hunting_rules`, which counts existing rules."
  type        = set(string)
  default     = null

  validation {
    condition     = var.quotas == null ? true : length(var.quotas) > 0 && alltrue([for name in var.quotas : try(trimspace(name) != "", false)])
    error_message = "quotas must have at least one name, and none of them empty. To check no quotas, set quota_share to null."
  }
}

variable "privilege_days" {
  description = "A granted privilege that expires within this number of days is a finding. Null turns `privilege_ends` off."
  type        = number
  default     = 30

  validation {
    condition     = var.privilege_days == null ? true : var.privilege_days >= 1 && var.privilege_days <= 36500 && floor(var.privilege_days) == var.privilege_days
    error_message = "privilege_days must be a whole number from 1 to 36500, or null."
  }
}

variable "second_factor_by_absence" {
  description = "Whether to read only the list of members without a second factor, and assume that all other members have one. Use it only if VirusTotal's filter `2fa_enabled:true` does not work. The titles of the controls mention it."
  type        = bool
  default     = false
  nullable    = false
}

variable "read_group" {
  description = "Whether to also audit the group's own quotas and privileges. Takes one more request."
  type        = bool
  default     = true
  nullable    = false
}

# Approved accounts and accepted findings.

variable "roster" {
  description = "Approved accounts: `{ reviewed_on = \"2026-11-02\", reviewed_by = \"marit\", members = [], administrators = [], service_accounts = [] }`. The three lists contain ids: usernames of members and administrators, and ids of service accounts, but no e-mail addresses. A list that is null or not set is not checked. Administrators count as members too. Null turns the controls of the roster off."

  # An object type would silently drop a misspelled attribute, and with it the check.
  type    = any
  default = null

  validation {
    condition     = var.roster == null ? true : can(keys(var.roster)) && length(setsubtract(try(keys(var.roster), []), ["reviewed_on", "reviewed_by", "members", "administrators", "service_accounts"])) == 0
    error_message = "The roster must be an object with no attributes other than reviewed_on, reviewed_by, members, administrators and service_accounts."
  }

  validation {
    condition     = var.roster == null ? true : try(can(regex("^\\d{4}-\\d\\d-\\d\\d$", var.roster.reviewed_on)) && can(timeadd("${var.roster.reviewed_on}T00:00:00Z", "0s")), false)
    error_message = "The roster must have reviewed_on, the day of the last review, such as 2026-11-02."
  }

  validation {
    condition     = var.roster == null ? true : try(trimspace(var.roster.reviewed_by) != "", false)
    error_message = "The roster must have reviewed_by, the reviewer."
  }

  validation {
    condition = var.roster == null ? true : alltrue([
      for list in ["members", "administrators", "service_accounts"] :
      try(var.roster[list], null) == null ? true : try(alltrue([for id in toset(var.roster[list]) : trimspace(id) != ""]), false)
    ])
    error_message = "The roster's lists must contain ids, none of them empty."
  }
}

variable "review_days" {
  description = "Number of days after which a review of the roster is overdue. Null turns `review_overdue` off."
  type        = number
  default     = 90

  validation {
    condition     = var.review_days == null ? true : var.review_days >= 1 && var.review_days <= 36500 && floor(var.review_days) == var.review_days
    error_message = "review_days must be a whole number from 1 to 36500, or null."
  }
}

variable "waivers" {
  description = "Findings that are accepted until a date: `[{ who = \"joe\", control = \"dormant\", reason = \"On leave.\", approved_by = \"marit\", until = \"2027-01-31\" }]`. `who` is the id of a user (the username, not the e-mail address), of a service account, or of the group. `until` is the last day, in UTC."
  type        = list(object({ who = string, control = string, reason = string, approved_by = string, until = string }))
  default     = []
  nullable    = false

  validation {
    condition     = alltrue(flatten([for waiver in var.waivers : [for text in values(waiver) : try(trimspace(text) != "", false)]]))
    error_message = "A waiver must have who, control, reason, approved_by and until, none of them empty."
  }

  validation {
    condition     = !anytrue([for waiver in var.waivers : can(regex("[*?]", "${waiver.who}${waiver.control}"))])
    error_message = "A waiver is for one account and one control. Wildcards (* or ?) are not supported."
  }

  validation {
    condition = alltrue([
      for waiver in var.waivers : try(contains([
        "administrator_without_second_factor", "dormant", "foreign_mail_domain", "hidden", "never_logged_in", "no_second_factor",
        "privilege_ends", "quota_nearly_used_up", "review_overdue", "roster_stale", "second_factor_unknown", "too_few_administrators",
        "unavailable", "unexpected_administrator", "unexpected_member", "unexpected_service_account",
      ], waiver.control), false)
    ])
    error_message = "The control of a waiver must be one that the README of modules/audit lists, and not incomplete, waiver_expired or waiver_stale. Found: ${join(", ", [for waiver in var.waivers : coalesce(waiver.control, "null")])}."
  }

  validation {
    condition = alltrue([
      for waiver in var.waivers : try(can(regex("^\\d{4}-\\d\\d-\\d\\d$", waiver.until)) && can(timeadd("${waiver.until}T00:00:00Z", "0s")), false)
    ])
    error_message = "A waiver's until must be a day, such as 2027-01-31."
  }
}

variable "waiver_days" {
  description = "Maximum number of days from the audit to the end of a waiver. Null is no limit."
  type        = number
  default     = 366

  validation {
    condition     = var.waiver_days == null ? true : var.waiver_days >= 1 && var.waiver_days <= 36500 && floor(var.waiver_days) == var.waiver_days
    error_message = "waiver_days must be a whole number from 1 to 36500, or null."
  }
}

# Severities, and the controls that are skipped.

variable "severity" {
  description = "Severities that replace the module's, by control: `{ dormant = \"high\" }`. One of `critical`, `high`, `medium` and `low`."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for severity in values(var.severity) : try(contains(["critical", "high", "medium", "low"], severity), false)])
    error_message = "A severity must be critical, high, medium or low."
  }

  validation {
    condition = length(setsubtract(keys(var.severity), [
      "administrator_without_second_factor", "dormant", "foreign_mail_domain", "hidden", "incomplete", "never_logged_in", "no_second_factor",
      "privilege_ends", "quota_nearly_used_up", "review_overdue", "roster_stale", "second_factor_unknown", "too_few_administrators",
      "unavailable", "unexpected_administrator", "unexpected_member", "unexpected_service_account", "waiver_expired", "waiver_stale",
    ])) == 0
    error_message = "severity has a control that does not exist. The README of modules/audit lists the controls. Found: ${join(", ", keys(var.severity))}."
  }
}

variable "bar" {
  description = "Lowest severity that fails the gate: `critical`, `high`, `medium` or `low`."
  type        = string
  default     = "high"
  nullable    = false

  validation {
    condition     = contains(["critical", "high", "medium", "low"], var.bar)
    error_message = "bar must be critical, high, medium or low."
  }
}

variable "skip" {
  description = "Controls to skip, each with a reason that the reports show: `{ foreign_mail_domain = \"The group is shared with partners.\" }`."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for reason in values(var.skip) : try(trimspace(reason) != "", false)])
    error_message = "The reason to skip a control must not be empty."
  }

  validation {
    condition = length(setsubtract(keys(var.skip), [
      "administrator_without_second_factor", "dormant", "foreign_mail_domain", "hidden", "never_logged_in", "no_second_factor",
      "privilege_ends", "quota_nearly_used_up", "review_overdue", "roster_stale", "second_factor_unknown", "too_few_administrators",
      "unavailable", "unexpected_administrator", "unexpected_member", "unexpected_service_account", "waiver_expired", "waiver_stale",
    ])) == 0
    error_message = "skip has a control that does not exist, or incomplete, which cannot be skipped. The README of modules/audit lists the controls. Found: ${join(", ", keys(var.skip))}."
  }
}
