# SPDX-License-Identifier: MPL-2.0

# refusals.tf checks the policy.

variable "group_id" {
  description = "ID of the group."
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
  description = "Time of the run, in RFC 3339, such as `2026-01-31T00:00:00Z`. Its month, in UTC, is the one that is judged. Null is the time of the plan."
  type        = string
  default     = null
}

# What is read.

variable "quotas" {
  description = "Names of the monthly quotas to read. `api_requests_monthly` is always read. VirusTotal breaks these down by account: `api_requests_monthly`, `intelligence_downloads_monthly`, `intelligence_searches_monthly`, `intelligence_retrohunt_jobs_monthly`, `intelligence_vtdiff_creation_monthly`, `private_scans_monthly` and `private_urlscans_monthly`."
  type        = set(string)
  default     = ["api_requests_monthly"]
  nullable    = false
}

variable "history" {
  description = "Number of months before this one to read, from 0 to 2. 0 turns `unused_service_account` off."
  type        = number
  default     = 1
  nullable    = false
}

# Budgets. An object type would silently drop a misspelled attribute, and with it the check.

variable "budgets" {
  description = "Budgets by quota: `{ api_requests_monthly = { group = 250000, each = 20000, accounts = { puffin_ferries_ci = 150000 } } }`. `group` is for the whole group, `accounts` for these IDs, and `each` for every other account. At least one of them is required."
  type        = any
  default     = {}
  nullable    = false
}

variable "members" {
  description = "IDs of existing accounts, such as `module.audit[\"my_group\"].accounts[*].id`. A budget for anybody else who used nothing is `budget_stale`, which is off if `members` is null and `history` is 0."
  type        = set(string)
  default     = null
}

variable "rise_factor" {
  description = "`sudden_rise` is a finding if the last full day had more than this many times the requests of the busiest of the same weekday in the four weeks before. Null turns `sudden_rise` off."
  type        = number
  default     = 5
}

# Findings that are accepted.

variable "waivers" {
  description = "Findings that are accepted until a date: `[{ who = \"joe\", control = \"over_budget\", what = [\"api_requests_monthly\"], reason = \"A migration.\", approved_by = \"marit\", until = \"2027-01-31\" }]`. Without `who`, the waiver is for the group. `until` is the last day, in UTC. Optional: `what`, the names of the quotas that are accepted, `granted_on` and `ticket`."
  type        = any
  default     = []
  nullable    = false
}

variable "waiver_days" {
  description = "Maximum number of days from `at` to the end of a waiver. Null is no limit."
  type        = number
  default     = 366
}

variable "approvers" {
  description = "Who may approve waivers. Null is anybody."
  type        = set(string)
  default     = null
}

# Severities, and the controls that are skipped.

variable "severity" {
  description = "Severities that replace the module's, by control: `{ quota_runs_out = \"high\" }`. One of `critical`, `high`, `medium` and `low`. Not for `spend_incomplete` and `spend_unknown`."
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
  description = "Controls to skip, each with a reason that the reports show. Not for `spend_incomplete` and `spend_unknown`."
  type        = map(string)
  default     = {}
  nullable    = false
}
