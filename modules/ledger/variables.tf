# SPDX-License-Identifier: MPL-2.0

# Each validation passes if an earlier one fails, so that a problem is reported once.
variable "results" {
  description = "Path of the audit's `report.json`."
  type        = string
  nullable    = false

  validation {
    condition     = can(file(var.results))
    error_message = "The report ${var.results} does not exist, or cannot be read as text."
  }

  validation {
    condition     = can(jsondecode(file(var.results))) || !can(file(var.results))
    error_message = "The report ${var.results} is not JSON. It may be incomplete."
  }

  validation {
    condition     = can(timeadd(jsondecode(file(var.results)).at, "0s")) || !can(jsondecode(file(var.results)))
    error_message = "The report ${var.results} must be an object whose \"at\" is a time in RFC 3339, such as 2026-11-24T03:00:00Z."
  }

  validation {
    condition = !can(timeadd(jsondecode(file(var.results)).at, "0s")) || (
      can(keys(jsondecode(file(var.results)).results)) && can(keys(jsondecode(file(var.results)).groups)) &&
      can([for controls in values(jsondecode(file(var.results)).controls) : [for control in values(controls) : regex(".", control.status)]]) &&
      can(regex("", try(jsondecode(file(var.results)).scope, "")))
    )
    error_message = "The report ${var.results} must have \"results\", \"groups\" and \"controls\", as modules/report writes them. If it has none, they are {}, not null."
  }

  validation {
    condition = alltrue([
      for id, result in try(coalesce(jsondecode(file(var.results)).results, {}), {}) : try(
        can(regex("^[^/]+/[^/]+(/[^/]+)?$", id)) &&
        contains(["critical", "high", "medium", "low"], result.severity) &&
        contains(["alarm", "error", "waived"], result.status) &&
        can([for control in try(result.blocks, []) : regex(".", control)]),
        false,
      )
    ])
    error_message = "Each result in ${var.results} must have an id such as group/control/who, a severity (critical, high, medium or low) and a status (alarm, error or waived)."
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
  description = "Ids of findings, and groups, to drop from the ledger: for example a group that is no longer audited. What is still open is new then."
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
