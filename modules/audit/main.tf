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

# The lists below need an administrator's key. They are read after the administrators, so that a wrong key or group causes one
# error only.
data "virustotal_group_administrators" "all" {
  group_id = var.group_id
}

locals {
  group_id = data.virustotal_group_administrators.all.group_id
}

data "virustotal_group_users" "all" {
  group_id = local.group_id

  lifecycle {
    # Validations cannot refer to other variables before Terraform 1.9.
    precondition {
      condition     = length(local.waivers_too_long) == 0
      error_message = "${var.group_id}: a waiver must end within ${local.waiver_days_text} days of ${local.today}: ${join(", ", local.waivers_too_long)}."
    }

    precondition {
      condition     = var.roster == null ? true : timecmp("${local.reviewed_on}T00:00:00Z", timeadd(local.at, "24h")) <= 0
      error_message = "${var.group_id}: the roster's reviewed_on, ${local.reviewed_on_text}, is more than one day after the time of the audit, ${local.at}."
    }
  }
}

# Administrators cannot see has_2fa of other users. VirusTotal's filter finds the members with and without a second factor.
data "virustotal_group_users" "without_second_factor" {
  group_id = local.group_id
  filter   = "2fa_enabled:false"
}

data "virustotal_group_users" "with_second_factor" {
  count = var.second_factor_by_absence ? 0 : 1

  group_id = local.group_id
  filter   = "2fa_enabled:true"
}

data "virustotal_group_service_accounts" "all" {
  group_id = local.group_id
}

data "virustotal_group" "itself" {
  count = var.read_group ? 1 : 0

  id = local.group_id
}
