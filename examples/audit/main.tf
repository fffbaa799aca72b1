# Audits the members of one VirusTotal group against a policy. See README.md.
# It takes its key, one of an admin of the group, from VIRUSTOTAL_API_KEY.

terraform {
  required_version = ">= 1.5"

  required_providers {
    virustotal = {
      source = "virustotal/virustotal"
    }
  }
}

provider "virustotal" {}

# A request for every 40 members.
data "virustotal_group_users" "all" {
  group_id = var.group_id
}

# An admin cannot see has_2fa of others, so VirusTotal has to find them.
data "virustotal_group_users" "without_second_factor" {
  group_id = var.group_id
  filter   = "2fa_enabled:false"
}

data "virustotal_group_administrators" "all" {
  group_id = var.group_id
}

data "virustotal_group" "itself" {
  count = var.read_group ? 1 : 0
  id    = var.group_id
}
