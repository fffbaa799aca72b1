# SPDX-License-Identifier: MPL-2.0

# Each validation passes if an earlier one fails, so that a problem is reported once.
variable "results" {
  description = "Path of the audit's `report.json`: an object with `at` and `results`."
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
    condition     = can(keys(jsondecode(file(var.results)).results)) || !can(jsondecode(file(var.results)))
    error_message = "The report ${var.results} must be an object whose \"results\" is an object with a result for each id. Without results, it is {}, not null."
  }

  validation {
    condition = alltrue([
      for result in try(values(jsondecode(file(var.results)).results), []) : try(
        can(regex(".", result.control)) &&
        contains(["critical", "high", "medium", "low"], result.severity) &&
        contains(["alarm", "error", "waived"], result.status),
        false,
      )
    ])
    error_message = "Each result in ${var.results} must have a control, a severity (critical, high, medium or low) and a status (alarm, error or waived)."
  }
}

variable "at" {
  description = "Time of the audit, in RFC 3339, such as `2026-11-24T03:00:00Z`. Null is the time in the report."
  type        = string
  default     = null

  validation {
    condition     = var.at == null || can(timeadd(var.at, "0s"))
    error_message = "The time of the audit must be in RFC 3339, such as 2026-11-24T03:00:00Z."
  }
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

variable "accept_gaps" {
  description = "Whether to accept a report with findings of `incomplete` or `unknown` that are not waived. Earlier findings of what was not read are then gone, and lose their dates."
  type        = bool
  default     = false
  nullable    = false
}
