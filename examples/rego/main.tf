# SPDX-License-Identifier: MPL-2.0

# The data that the policy evaluates: the members of a group, with and without 2FA.

terraform {
  required_version = ">= 1.6" # The JSON of older versions does not say whether the plan failed.

  required_providers {
    virustotal = {
      source = "virustotal/virustotal"
    }
  }
}

variable "group_id" {
  description = "ID of the group."
  type        = string
}

data "virustotal_group_users" "all" {
  group_id = var.group_id
}

data "virustotal_group_users" "with_2fa" {
  group_id = var.group_id
  filter   = "2fa_enabled:true"
}

data "virustotal_group_users" "without_2fa" {
  group_id = var.group_id
  filter   = "2fa_enabled:false"
}
