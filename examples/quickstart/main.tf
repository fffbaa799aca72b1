# Audits the account that owns the API key in VIRUSTOTAL_API_KEY.

terraform {
  required_version = ">= 1.5"

  required_providers {
    virustotal = {
      source = "virustotal/virustotal"
    }
  }
}

provider "virustotal" {}

data "virustotal_user" "me" {}

data "virustotal_user_quotas" "me" {}

data "virustotal_user_groups" "me" {}

locals {
  quotas     = data.virustotal_user_quotas.me.quotas
  privileges = data.virustotal_user.me.privileges

  # Quotas of which 90 % or more are used. A hidden value counts as used up.
  nearly_used_up = sort([
    for name, quota in coalesce(local.quotas, {}) : try(format("%s (%.0f %% of %d)", name, quota.utilization * 100, quota.allowed), "${name} (hidden)")
    if try(quota.allowed > 0 && quota.utilization >= 0.9, true)
  ])

  # Granted privileges that expire within 30 days. A privilege without a date does not expire.
  expiring_privileges = sort([
    for name, privilege in coalesce(local.privileges, {}) : "${name} (${privilege.expiration_date})"
    if privilege.expiration_date == null ? false : try(
      privilege.granted && timecmp(privilege.expiration_date, plantimestamp()) > 0 && timecmp(privilege.expiration_date, timeadd(plantimestamp(), "720h")) < 0,
      true,
    )
  ])
}

# A precondition fails the plan.
output "account" {
  description = "The user who owns the API key."
  value = format("%s <%s>, a member since %s",
  data.virustotal_user.me.username, coalesce(data.virustotal_user.me.email, "hidden"), coalesce(data.virustotal_user.me.user_since, "an unknown date"))

  precondition {
    condition     = data.virustotal_user.me.has_2fa == true
    error_message = "The account ${data.virustotal_user.me.username} does not have 2FA enabled, or it is hidden from this API key. Turn it on before you use the key here."
  }
}

output "groups" {
  description = "The groups of the account, with the role in each."
  value       = [for group in data.virustotal_user_groups.me.groups : "${group.id} (${coalesce(group.role, "role unknown")})"]
}

output "quotas_nearly_used_up" {
  value = local.nearly_used_up
}

output "privileges_that_expire_within_30_days" {
  value = local.expiring_privileges
}

# A check warns.
check "quotas" {
  assert {
    condition     = local.quotas != null && length(local.nearly_used_up) == 0
    error_message = "Quotas of ${data.virustotal_user.me.username} are nearly used up, or hidden: ${local.quotas == null ? "all" : join(", ", local.nearly_used_up)}."
  }
}

check "privileges" {
  assert {
    condition     = local.privileges != null && length(local.expiring_privileges) == 0
    error_message = "Privileges of ${data.virustotal_user.me.username} expire within 30 days, or are hidden: ${local.privileges == null ? "all" : join(", ", local.expiring_privileges)}."
  }
}
