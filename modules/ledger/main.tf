# SPDX-License-Identifier: MPL-2.0

# Remembers when each finding of an audit was first seen. A root of its own: it needs no provider and no key. See README.md.

terraform {
  required_version = ">= 1.5"
}

locals {
  report = jsondecode(file(var.results))
  at     = var.at == null ? local.report.at : var.at

  # The severity is today's: the state keeps that of the first day.
  findings = { for id, result in local.report.results : id => result.severity if result.status != "waived" }

  # A waiver names the account and the control, and says until when. It accepts the gap too.
  gaps = sort([
    for id, result in local.report.results : id
    if contains(["incomplete", "unavailable", "hidden"], result.control) && result.status != "waived"
  ])

  # By today's severity. Null is never.
  overdue_days = merge({ critical = 3, high = 7, medium = 30, low = 90 }, var.overdue_days)
}

# One for each finding: to add is new, to destroy is gone.
resource "terraform_data" "finding" {
  for_each = local.findings

  input = {
    first_seen = local.at
    severity   = each.value
  }

  lifecycle {
    # What was planned on the first day stays: the date must not move, and a new severity is no new finding.
    ignore_changes = [input]
  }
}

locals {
  # The input and not the output, which a plan does not know of a finding that is new.
  first_seen = { for id, finding in terraform_data.finding : id => finding.input.first_seen }

  due_days = { for id in keys(local.first_seen) : id => local.overdue_days[local.findings[id]] }

  later = sort([for id, first_seen in local.first_seen : id if timecmp(first_seen, local.at) > 0])
}
