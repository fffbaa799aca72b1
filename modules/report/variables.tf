# SPDX-License-Identifier: MPL-2.0

variable "results" {
  description = "Results of the audit of all groups: a map of `<group>/<control>/<who>` to a result, as in the output `results` of `modules/audit`."
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
    error_message = "A result must name its control, its group and who it is about."
  }
}

variable "controls" {
  description = "The controls of each group: a map of the group's id to the output `controls` of `modules/audit`. What a control maps to is a map of a framework's name to a list of numbers."
  type = map(map(object({
    title           = string
    severity        = string
    risk            = optional(string, "")
    remedy          = optional(string, "")
    maps_to         = optional(map(list(string)), {})
    status          = string
    evaluated       = optional(number, 0)
    alarms          = optional(number, 0)
    waived          = optional(number, 0)
    errors          = optional(number, 0)
    skipped_because = optional(string, "")
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
  description = "When the audit was made, as RFC 3339 in UTC, such as `2026-11-24T03:00:00Z`. It is the only time in a report."
  type        = string
  nullable    = false

  validation {
    condition = (
      can(regex("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?(Z|[+]00:00)$", var.at)) &&
      can(formatdate("YYYY", var.at))
    )
    error_message = "The time must be RFC 3339 in UTC, such as 2026-11-24T03:00:00Z."
  }
}

variable "title" {
  description = "The title of the reports."
  type        = string
  default     = "VirusTotal access audit"
  nullable    = false

  validation {
    condition     = trimspace(var.title) != ""
    error_message = "The title must not be empty."
  }
}

variable "policy_file" {
  description = "The file that holds the audit's policy, as a path in the repository with forward slashes. Code scanning shows the findings on its first line."
  type        = string
  default     = "terraform.tfvars"
  nullable    = false

  validation {
    condition = (
      var.policy_file != "" && !startswith(var.policy_file, "/") && !strcontains(var.policy_file, "\\") &&
      alltrue([for s in split("/", var.policy_file) : !contains(["", ".", ".."], s)])
    )
    error_message = "The policy's file must be a relative path with forward slashes and without \".\" or \"..\", such as audit/terraform.tfvars."
  }
}

variable "markdown_limit" {
  description = "How long the Markdown may be, in bytes of UTF-8. A comment on GitHub holds 65,536 characters, a job summary 1 MiB."
  type        = number
  default     = 60000
  nullable    = false

  validation {
    condition     = var.markdown_limit >= 200 && floor(var.markdown_limit) == var.markdown_limit
    error_message = "The limit of the Markdown must be a whole number of at least 200 bytes."
  }
}

variable "evidence" {
  description = "What was looked at: a map of the group's id to the output `evidence` of `modules/audit`. The HTML and the Markdown show it."
  type = map(object({
    at                = optional(string, "")
    group             = optional(string, "")
    members           = optional(number)
    administrators    = optional(number)
    service_accounts  = optional(number)
    requests_at_least = optional(number)
    policy            = optional(string, "")
  }))
  default  = {}
  nullable = false
}

variable "barring" {
  description = "The ids of the results that bar the gate, merged over groups. The HTML and the Markdown then begin with whether the gate is barred. Null: they do not mention the gate."
  type        = set(string)
  default     = null
}
