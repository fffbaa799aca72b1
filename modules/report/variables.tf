# SPDX-License-Identifier: MPL-2.0

variable "audits" {
  description = "Outputs of `modules/audit`, a group each: `values(module.audit)`, or `[module.audit]` of one. Of several keys: `concat(values(module.emea), values(module.apac))`."
  type = list(object({
    results = map(object({
      control     = string
      group       = string
      who         = optional(string, "")
      owner       = optional(string, "")
      severity    = string
      status      = string
      why         = optional(string, "")
      what        = optional(string, "")
      blocks      = optional(list(string), [])
      reason      = optional(string, "")
      approved_by = optional(string, "")
      until       = optional(string, "")
      ticket      = optional(string, "")
    }))
    controls = map(object({
      title            = string
      requirement      = optional(string, "")
      severity         = string
      default_severity = optional(string)
      risk             = optional(string, "")
      remedy           = optional(string, "")
      maps_to          = optional(map(list(string)), {})
      clock            = optional(string, "")
      status           = string
      population       = optional(number, 0)
      evaluated        = optional(number, 0)
      unknown          = optional(number, 0)
      alarms           = optional(number, 0)
      waived           = optional(number, 0)
      skipped_because  = optional(string, "")
    }))
    accounts = optional(list(object({
      id            = string
      kind          = optional(string, "user")
      administrator = optional(bool, false)
      roles         = optional(list(string), [])
      two_factor    = optional(string, "")
      last_login    = optional(string, "")
      user_since    = optional(string, "")
      mail_domain   = optional(string, "")
      daily_limit   = optional(string, "")
      in_roster     = optional(any)
      findings      = optional(list(string), [])
    })), [])
    evidence = object({
      at                  = optional(string, "")
      group               = string
      owner               = optional(string, "")
      fail_on             = optional(string, "high")
      policy              = optional(string, "{}")
      policy_sha256       = optional(string, "")
      weaker_than_default = optional(list(string), [])
      reviewed_on         = optional(string, "")
      reviewed_by         = optional(string, "")
      reviewer_in_roster  = optional(bool)
      next_review         = optional(string, "")
      lists = optional(map(object({
        count      = optional(number)
        complete   = optional(bool)
        unreadable = optional(string)
      })), {})
      requests_at_least = optional(number, 0)
    })
    failing = optional(list(string), [])
  }))
  nullable = false

  validation {
    condition     = length(distinct(var.audits[*].evidence.group)) == length(var.audits)
    error_message = "Each group must be audited once. Audited twice: ${join(", ", distinct([for a in var.audits : a.evidence.group if length([for b in var.audits : b if b.evidence.group == a.evidence.group]) > 1]))}."
  }

  validation {
    condition     = alltrue(flatten([for a in var.audits : [for r in concat(values(a.results)[*].severity, values(a.controls)[*].severity) : contains(["critical", "high", "medium", "low"], r)]]))
    error_message = "The severity of a result or control must be critical, high, medium or low."
  }

  validation {
    condition     = alltrue(flatten([for a in var.audits : [for r in values(a.results) : contains(["alarm", "error", "waived"], r.status)]]))
    error_message = "The status of a result must be alarm, error or waived."
  }

  validation {
    condition     = alltrue(flatten([for a in var.audits : [for c in values(a.controls) : contains(["ok", "alarm", "error", "skip"], c.status)]]))
    error_message = "The status of a control must be ok, alarm, error or skip."
  }

  validation {
    condition     = alltrue(flatten([for a in var.audits : [for id in a.failing : contains(keys(a.results), id)]]))
    error_message = "Each ID in failing must be the ID of a result of the same audit."
  }
}

variable "spends" {
  description = "Outputs of `modules/spend`, a group each: `values(module.spend)`. Their findings count as those of the audits."
  type = list(object({
    results = map(object({
      control     = string
      group       = string
      who         = optional(string, "")
      owner       = optional(string, "")
      severity    = string
      status      = string
      why         = optional(string, "")
      what        = optional(string, "")
      blocks      = optional(list(string), [])
      reason      = optional(string, "")
      approved_by = optional(string, "")
      until       = optional(string, "")
      ticket      = optional(string, "")
    }))
    controls = map(object({
      title            = string
      requirement      = optional(string, "")
      severity         = string
      default_severity = optional(string)
      risk             = optional(string, "")
      remedy           = optional(string, "")
      maps_to          = optional(map(list(string)), {})
      clock            = optional(string, "")
      status           = string
      population       = optional(number, 0)
      evaluated        = optional(number, 0)
      unknown          = optional(number, 0)
      alarms           = optional(number, 0)
      waived           = optional(number, 0)
      skipped_because  = optional(string, "")
    }))
    evidence = object({
      at                  = optional(string, "")
      group               = string
      owner               = optional(string, "")
      fail_on             = optional(string, "high")
      policy              = optional(string, "{}")
      policy_sha256       = optional(string, "")
      weaker_than_default = optional(list(string), [])
      not_yet             = optional(list(string), [])
      lists = optional(map(object({
        count      = optional(number)
        complete   = optional(bool)
        unreadable = optional(string)
      })), {})
      requests_at_least = optional(number, 0)
    })
    failing = optional(list(string), [])
    quotas = optional(map(object({
      allowed      = optional(number)
      used         = optional(number)
      budget       = optional(number)
      pace         = optional(number)
      projected    = optional(number)
      runs_out_on  = optional(string)
      resets_on    = optional(string)
      period_start = optional(string)
      days         = optional(number)
      elapsed      = optional(number)
      by_day       = optional(map(number))
    })), {})
    accounts = optional(list(object({
      id        = string
      kind      = optional(string, "user")
      quota     = string
      used      = optional(number)
      share     = optional(number)
      budget    = optional(number)
      projected = optional(number)
      previous  = optional(number)
    })), [])
  }))
  default  = []
  nullable = false

  validation {
    condition     = length(distinct(var.spends[*].evidence.group)) == length(var.spends)
    error_message = "The spend of each group must be given once."
  }

  validation {
    condition = alltrue(flatten([for s in var.spends : [
      [for severity in concat(values(s.results)[*].severity, values(s.controls)[*].severity) : contains(["critical", "high", "medium", "low"], severity)],
      [for r in values(s.results) : contains(["alarm", "error", "waived"], r.status)],
      [for c in values(s.controls) : contains(["ok", "alarm", "error", "skip"], c.status)],
      [for id in s.failing : can(s.results[id])],
    ]]))
    error_message = "Results, controls and failing must be as modules/spend writes them: severities, statuses and IDs."
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

variable "run" {
  description = "What ran the audit, shown as it is: `time`, `commit`, `pipeline`, `actor`, versions and others. The Markdown report ends with the link `url`. If `time` is not the time of the audit, the reports show it beside that."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "client" {
  description = "The data source `virustotal_client_config`: whose API key read the groups, and from where. Null leaves it out."
  type = object({
    username         = optional(string)
    base_url         = optional(string)
    api_key_source   = optional(string)
    provider_version = optional(string)
  })
  default = null
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

variable "scope" {
  description = "Name of what is audited, such as a tenant. It is written to the JSON report, and `modules/ledger` refuses a report of another scope."
  type        = string
  default     = ""
  nullable    = false
}

variable "unaudited" {
  description = "Groups that the API key's owner manages and that no policy names. The reports begin with them. Null: not known."
  type        = set(string)
  default     = null
}

variable "account_metrics" {
  description = "Whether `prometheus` has a series for each account of `spends`. Its labels then name people."
  type        = bool
  default     = false
  nullable    = false
}
