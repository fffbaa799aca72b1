# SPDX-License-Identifier: MPL-2.0

# Records when each finding of an audit was first seen. It is a root module that needs no provider and no API key. See
# README.md.

terraform {
  required_version = ">= 1.5"
}

locals {
  report = jsondecode(file(var.results))
  at     = var.at == null ? local.report.at : var.at

  # The findings with their current severities. The state has the severities that they were first seen with.
  findings = { for id, result in local.report.results : id => result.severity if result.status != "waived" }

  # The findings that say that something was not read. A waiver accepts the gap.
  gaps = sort([
    for id, result in local.report.results : id
    if contains(["incomplete", "unknown"], result.control) && result.status != "waived"
  ])

  # The days until a finding is overdue, by current severity. Null means never.
  overdue_days = merge({ critical = 3, high = 7, medium = 30, low = 90 }, var.overdue_days)
}

# One resource per finding. In a plan, a resource to add is a new finding, and a resource to destroy a finding that is gone.
resource "terraform_data" "finding" {
  for_each = local.findings

  input = {
    first_seen = local.at
    severity   = each.value
  }

  lifecycle {
    # The date must not change, and a finding with another severity is not new.
    ignore_changes = [input]
  }
}

locals {
  # The output of a new resource is unknown during the plan, so this uses the input.
  first_seen = { for id, finding in terraform_data.finding : id => finding.input.first_seen }

  due_days = { for id in keys(local.first_seen) : id => local.overdue_days[local.findings[id]] }

  later = sort([for id, first_seen in local.first_seen : id if timecmp(first_seen, local.at) > 0])
}
