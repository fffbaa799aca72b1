# SPDX-License-Identifier: MPL-2.0

variable "results" {
  description = "The output `results` of `modules/audit`, merged over groups."
  type = map(object({
    control     = string
    group       = string
    who         = string
    owner       = optional(string, "")
    severity    = string
    status      = string
    why         = optional(string, "")
    reason      = optional(string, "")
    approved_by = optional(string, "")
    until       = optional(string, "")
    what        = optional(string, "")
    blocks      = optional(list(string), [])
    ticket      = optional(string, "")
  }))
  nullable = false

  validation {
    condition     = alltrue([for r in values(var.results) : contains(["critical", "high", "medium", "low"], r.severity)])
    error_message = "The severity of a result must be critical, high, medium or low."
  }

  validation {
    condition     = alltrue([for r in values(var.results) : contains(["alarm", "error", "waived"], r.status)])
    error_message = "The status of a result must be alarm, error or waived."
  }

  validation {
    condition     = alltrue([for r in values(var.results) : r.control != null && r.group != null && r.who != null])
    error_message = "A result must have control, group and who."
  }
}

variable "controls" {
  description = "The output `controls` of `modules/audit`, by group."
  type = map(map(object({
    title            = string
    severity         = string
    risk             = optional(string, "")
    remedy           = optional(string, "")
    maps_to          = optional(map(list(string)), {})
    status           = string
    requirement      = optional(string, "")
    default_severity = optional(string, "")
    clock            = optional(string, "")
    population       = optional(number, 0)
    evaluated        = optional(number, 0)
    unknown          = optional(number, 0)
    alarms           = optional(number, 0)
    waived           = optional(number, 0)
    skipped_because  = optional(string, "")
  })))
  nullable = false

  validation {
    condition = alltrue(flatten([
      for controls in values(var.controls) : [for c in values(controls) : contains(["critical", "high", "medium", "low"], c.severity)]
    ]))
    error_message = "The severity of a control must be critical, high, medium or low."
  }

  validation {
    condition = alltrue(flatten([
      for controls in values(var.controls) : [for c in values(controls) : contains(["ok", "alarm", "error", "skip"], c.status)]
    ]))
    error_message = "The status of a control must be ok, alarm, error or skip."
  }
}

variable "at" {
  description = "Time of the audit, in RFC 3339 and UTC, such as `2026-11-24T03:00:00Z`."
  type        = string
  nullable    = false

  validation {
    condition = (
      can(regex("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?(Z|[+]00:00)$", var.at)) &&
      can(formatdate("YYYY", var.at))
    )
    error_message = "The time of the audit must be in RFC 3339 and UTC, such as 2026-11-24T03:00:00Z."
  }
}

variable "title" {
  description = "Title of the reports."
  type        = string
  default     = "VirusTotal access audit"
  nullable    = false

  validation {
    condition     = trimspace(var.title) != ""
    error_message = "The title must not be empty."
  }
}

variable "policy_file" {
  description = "Path of the policy in the repository, such as `audit/terraform.tfvars`. Code scanning shows the alerts in this file."
  type        = string
  default     = "terraform.tfvars"
  nullable    = false

  validation {
    condition = (
      var.policy_file != "" && !startswith(var.policy_file, "/") && !strcontains(var.policy_file, "\\") &&
      alltrue([for s in split("/", var.policy_file) : !contains(["", ".", ".."], s)])
    )
    error_message = "The path of the policy must be relative, with forward slashes and without \".\" or \"..\", such as audit/terraform.tfvars."
  }
}

variable "markdown_limit" {
  description = "Maximum size of the Markdown report in bytes, at least 200. GitHub's limit is 65,536 characters for a comment and 1 MiB for a job summary."
  type        = number
  default     = 60000
  nullable    = false

  validation {
    condition     = var.markdown_limit >= 200 && floor(var.markdown_limit) == var.markdown_limit
    error_message = "The maximum size of the Markdown report must be a whole number of bytes from 200."
  }
}

variable "evidence" {
  description = "The output `evidence` of `modules/audit`, by group. The HTML and Markdown reports show it."
  type = map(object({
    at                = optional(string, "")
    group             = optional(string, "")
    policy_sha256     = optional(string, "")
    requests_at_least = optional(number)
    lists             = optional(map(object({ count = number, complete = bool, unreadable = string })), {})
  }))
  default  = {}
  nullable = false
}

variable "failing" {
  description = "The output `failing` of `modules/audit`, for all groups. The HTML and Markdown reports then begin with whether the gate passed. Null leaves the gate out."
  type        = set(string)
  default     = null
}
