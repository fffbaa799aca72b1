# SPDX-License-Identifier: MPL-2.0

# refusals.tf checks the policy.

variable "group_id" {
  description = "ID of the group to audit."
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
}

# The policy. Null turns off the controls that a variable belongs to.

variable "dormant_days" {
  description = "Number of days without a login after which an account is dormant. CIS Safeguard 5.3 requires 45. Null turns `dormant` off."
  type        = number
  default     = 90
}

variable "minimum_administrators" {
  description = "Minimum number of administrators who are people. 0 or null turns `too_few_administrators` off."
  type        = number
  default     = 2
}

variable "allowed_domains" {
  description = "Allowed domains of e-mail addresses, such as `example.com`. Subdomains are not included. Null turns `foreign_mail_domain` and `auto_add_outside_domains` off."
  type        = set(string)
  default     = null
}

variable "quota_share" {
  description = "Utilization from which a quota counts as nearly used up: `0.9` is 90 %. Null turns `quota_nearly_used_up` off."
  type        = number
  default     = 0.9
}

variable "quotas" {
  description = "Names of the quotas to check. Null is all except `intelligence_hunting_rules`, `api_requests_hourly` and those that end in `_per_minute`, which are no budgets."
  type        = set(string)
  default     = null
}

variable "privilege_days" {
  description = "A granted privilege that ends in the next number of days, or ended in the last, is a finding. Null turns `privilege_ends` off."
  type        = number
  default     = 30
}

variable "member_daily_limit" {
  description = "The most that a member's own daily limit of API requests may be. Null does not check members."
  type        = number
  default     = null
}

variable "service_account_daily_limit" {
  description = "The most that a service account's own daily limit of API requests may be. Null does not check service accounts."
  type        = number
  default     = null
}

variable "require_single_sign_on" {
  description = "Whether the group must force SAML or OIDC login. If it does, the controls about 2FA are skipped, because VirusTotal then does not ask for its own 2FA. VirusTotal does not show whether a login with Google, GitHub or Microsoft is forced: in that case, add `administrator_without_2fa` and `no_2fa` to `skip`."
  type        = bool
  default     = false
  nullable    = false
}

variable "two_factor_by_absence" {
  description = "Whether to read only the list of members without 2FA, and assume that all other members have it. Use it only if VirusTotal's filter `2fa_enabled:true` does not work. The titles of the controls say so."
  type        = bool
  default     = false
  nullable    = false
}

variable "read_group" {
  description = "Whether to also audit the group's own settings, quotas and privileges. Takes one more request."
  type        = bool
  default     = true
  nullable    = false
}

# Approved accounts and accepted findings. An object type would silently drop a misspelled attribute, and with it the check.

variable "roster" {
  description = "Approved accounts: `{ reviewed_on = \"2026-11-02\", reviewed_by = \"marit\", members = [], administrators = [], service_accounts = [], roles = { USER_ROLE_FILE_DOWNLOADS = [] } }`. The lists contain IDs: usernames, and IDs of service accounts, but no e-mail addresses. A list that is null or not set is not checked; at least one is required. Administrators count as members too. Null turns the controls of the roster off."
  type        = any
  default     = null
}

variable "review_days" {
  description = "Number of days after which a review of the roster is overdue. Null turns `review_overdue` off."
  type        = number
  default     = 90
}

variable "waivers" {
  description = "Findings that are accepted until a date: `[{ who = \"joe\", control = \"dormant\", reason = \"On leave.\", approved_by = \"marit\", until = \"2027-01-31\" }]`. `who` is the ID of a user (the username, not the e-mail address) or of a service account; without it, the waiver is for the group. `until` is the last day, in UTC. Optional: `what`, the names that are accepted (quotas, privileges, attributes, roles or patterns), `granted_on` and `ticket`."
  type        = any
  default     = []
  nullable    = false
}

variable "waiver_days" {
  description = "Maximum number of days from the audit to the end of a waiver. Null is no limit."
  type        = number
  default     = 366
}

variable "approvers" {
  description = "Who may approve waivers and sign the roster. Null is anybody."
  type        = set(string)
  default     = null
}

# Severities, and the controls that are skipped.

variable "severity" {
  description = "Severities that replace the module's, by control: `{ dormant = \"high\" }`. One of `critical`, `high`, `medium` and `low`. Not for `incomplete` and `unknown`."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "fail_on" {
  description = "Lowest severity that fails the gate: `critical`, `high`, `medium` or `low`."
  type        = string
  default     = "high"
  nullable    = false
}

variable "skip" {
  description = "Controls to skip, each with a reason that the reports show: `{ foreign_mail_domain = \"The group is shared with partners.\" }`. Not for `incomplete` and `unknown`."
  type        = map(string)
  default     = {}
  nullable    = false
}
