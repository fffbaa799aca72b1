# SPDX-License-Identifier: MPL-2.0

# Audits a VirusTotal group against a policy. See README.md.

terraform {
  required_version = ">= 1.5"

  required_providers {
    virustotal = {
      source = "virustotal/virustotal"
    }
  }
}

# A list that VirusTotal refuses has null IDs: the group is then incomplete, and other groups are audited all the same.
# The other lists are read after the administrators, so that nothing is read with a wrong policy.
data "virustotal_group_administrators" "all" {
  group_id         = var.group_id
  attributes       = local.attributes.users
  allow_unreadable = true

  lifecycle {
    precondition {
      condition     = length(local.refusals) == 0
      error_message = join("\n", local.refusals)
    }
  }
}

locals {
  group_id = data.virustotal_group_administrators.all.group_id
}

data "virustotal_group_users" "all" {
  group_id         = local.group_id
  attributes       = local.attributes.users
  allow_unreadable = true
}

# Administrators cannot see has_2fa of other users. VirusTotal's filter finds the members with and without 2FA.
data "virustotal_group_users" "without_2fa" {
  group_id         = local.group_id
  filter           = "2fa_enabled:false"
  attributes       = ["has_2fa"]
  allow_unreadable = true
}

data "virustotal_group_users" "with_2fa" {
  count = var.two_factor_by_absence ? 0 : 1

  group_id         = local.group_id
  filter           = "2fa_enabled:true"
  attributes       = ["has_2fa"]
  allow_unreadable = true
}

data "virustotal_group_service_accounts" "all" {
  group_id         = local.group_id
  attributes       = local.attributes.service_accounts
  allow_unreadable = true
}

data "virustotal_group" "itself" {
  count = var.read_group && length(local.attributes.group) > 0 ? 1 : 0

  id               = local.group_id
  attributes       = local.attributes.group
  allow_unreadable = true
}
