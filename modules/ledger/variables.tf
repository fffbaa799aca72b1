# SPDX-License-Identifier: MPL-2.0

variable "results" {
  description = "Path of the audit's `report.json`."
  type        = string
  nullable    = false

  validation {
    condition     = can(file(var.results))
    error_message = "The report ${var.results} does not exist, or cannot be read as text."
  }

  # Decoded once for the condition and once for the message: a report can have thousands of results.
  validation {
    condition = !can(file(var.results)) || [
      for report in [try(jsondecode(file(var.results)), null)] :
      can(timeadd(report.at, "0s")) && can(keys(report.results)) && can(keys(report.groups)) && can(regex("", try(report.scope, ""))) &&
      can([for controls in values(report.controls) : [for control in values(controls) : regex(".", control.status)]]) &&
      alltrue(try([
        for id, result in report.results : try(
          can(regex("^[^/]+/[^/]+(/[^/]+)?$", id)) &&
          contains(["critical", "high", "medium", "low"], result.severity) &&
          contains(["alarm", "error", "waived"], result.status) &&
          can([for control in try(result.blocks, []) : regex(".", control)]),
          false,
        )
      ], []))
    ][0]
    error_message = [
      for report in [try(jsondecode(file(var.results)), null)] :
      "The report ${var.results} ${
        report == null ? "is not JSON. It may be incomplete."
        : !can(timeadd(report.at, "0s")) ? "must be an object whose \"at\" is a time in RFC 3339, such as 2026-11-24T03:00:00Z."
        : !can(keys(report.results)) || !can(keys(report.groups)) || !can([for controls in values(report.controls) : [for control in values(controls) : regex(".", control.status)]])
        ? "must have \"results\", \"groups\" and \"controls\", as modules/report writes them. If it has none, they are {}, not null."
        : "has a result without an ID such as group/control/who, a severity (critical, high, medium or low) or a status (alarm, error or waived)."
      }"
    ][0]
  }
}

variable "recorded" {
  description = "The output `recorded` of the last run that was applied. Null only with `first`."
  type = object({
    changed_at = string
    findings = map(object({
      first_seen    = string
      severity      = string
      waived        = bool
      not_looked_at = string
    }))
    policies = map(string)
    last = object({
      new            = set(string)
      gone           = set(string)
      worse          = set(string)
      eased          = set(string)
      policy_changed = set(string)
    })
  })
  default = null

  validation {
    condition = var.recorded == null ? true : try(
      can(timeadd(var.recorded.changed_at, "0s")) && alltrue([
        for f in values(var.recorded.findings) :
        can(timeadd(f.first_seen, "0s")) && contains(["critical", "high", "medium", "low"], f.severity) && f.waived != null && (
          f.not_looked_at == "" || can(timeadd(f.not_looked_at, "0s"))
        )
      ]) && alltrue([for sha256 in values(var.recorded.policies) : sha256 != null]) && alltrue([for ids in values(var.recorded.last) : ids != null]),
      false,
    )
    error_message = "The ledger is not the output \"recorded\" of an earlier run: it must have times in RFC 3339 and severities."
  }
}

variable "first" {
  description = "Whether this is the first report: only then may `recorded` be null."
  type        = bool
  default     = false
  nullable    = false
}

variable "scope" {
  description = "What the ledger is about, such as an environment. A report of another `scope` is refused."
  type        = string
  default     = ""
  nullable    = false
}

variable "overdue_days" {
  description = "Number of days after which a finding is overdue, by severity: `{ critical = 1 }`. Defaults to critical 3, high 7, medium 30, low 90. Null means never."
  type        = map(number)
  default     = {}
  nullable    = false

  validation {
    condition     = length(setsubtract(keys(var.overdue_days), ["critical", "high", "medium", "low"])) == 0
    error_message = "The keys of overdue_days must be critical, high, medium or low."
  }

  validation {
    condition     = alltrue([for days in values(var.overdue_days) : days == null ? true : days >= 0 && days <= 36500 && floor(days) == days])
    error_message = "The values of overdue_days must be whole numbers from 0 to 36500, or null."
  }
}

variable "forget" {
  description = "Findings, by ID, and groups to remove from the ledger, for example a group that is no longer audited. If the report still has such a finding, it is new."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "hold" {
  description = "Whether to fail if a finding is new, worse or overdue, compared with `recorded`."
  type        = bool
  default     = false
  nullable    = false
}
