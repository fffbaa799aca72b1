# SPDX-License-Identifier: MPL-2.0

# What the policy judges: the members of a group, and VirusTotal's two answers on their second factor.

terraform {
  required_providers {
    virustotal = {
      source = "virustotal/virustotal"
    }
  }
}

variable "group_id" {
  description = "The group's id."
  type        = string
}

data "virustotal_group_users" "all" {
  group_id = var.group_id
}

data "virustotal_group_users" "with_second_factor" {
  group_id = var.group_id
  filter   = "2fa_enabled:true"
}

data "virustotal_group_users" "without_second_factor" {
  group_id = var.group_id
  filter   = "2fa_enabled:false"
}
