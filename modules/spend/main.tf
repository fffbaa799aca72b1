# SPDX-License-Identifier: MPL-2.0

# Reads what a VirusTotal group has consumed, compares it with budgets, and projects the end of the month. See README.md.

terraform {
  required_version = ">= 1.5"

  required_providers {
    virustotal = {
      source = "virustotal/virustotal"
    }
  }
}

# What VirusTotal refuses is null: the group is then incomplete, and other groups are judged all the same. Everything else is read
# after the group, so that nothing is read with a wrong policy.
data "virustotal_group" "itself" {
  id               = var.group_id
  attributes       = ["quotas"]
  allow_unreadable = true

  lifecycle {
    precondition {
      condition     = length(local.refusals) == 0
      error_message = join("\n", local.refusals)
    }
  }
}

locals {
  group_id = data.virustotal_group.itself.id
}

# The 31 days until `at`. VirusTotal's default period can lose the first day of the month.
data "virustotal_group_api_usage" "days" {
  group_id         = local.group_id
  start_date       = local.days_before[30]
  end_date         = local.today
  allow_unreadable = true
}

data "virustotal_group_service_accounts" "all" {
  group_id         = local.group_id
  attributes       = ["user_since"]
  allow_unreadable = true
}

# Only the consumption is used, and at least one attribute must be requested.
data "virustotal_group_users_consuming_quota" "month" {
  for_each = local.periods

  group_id         = local.group_id
  quota            = each.value.quota
  period           = each.value.month
  attributes       = ["status"]
  allow_unreadable = true
}

# Whose API key this is: an account that only reads consumes nothing.
data "virustotal_client_config" "key" {
  count = can(local.enabled.unused_service_account) ? 1 : 0
}
