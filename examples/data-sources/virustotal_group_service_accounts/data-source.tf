data "virustotal_group_service_accounts" "company" {
  group_id = "puffin_ferries"
}

locals {
  service_accounts = data.virustotal_group_service_accounts.company

  # A hidden quota counts as nearly used up.
  nearly_used_up = concat(local.service_accounts.unavailable_ids, flatten([
    for account in local.service_accounts.service_accounts : [
      for name, quota in coalesce(account.quotas, { "all quotas" = null }) : "${account.id}: ${name}"
      if try(quota.utilization >= 0.9, true)
    ]
  ]))
}

# The requests of each service account this month.
output "requests_this_month" {
  value = {
    for account in local.service_accounts.service_accounts :
    account.id => try(account.quotas["api_requests_monthly"].used, null)
  }
}

# The plan warns: "Nearly used up, or hidden: puffin_ferries_ci: api_requests_daily."
check "service_accounts" {
  assert {
    condition     = local.service_accounts.complete && length(local.service_accounts.ids) > 0 && length(local.nearly_used_up) == 0
    error_message = "Nearly used up, or hidden: ${join(", ", local.nearly_used_up)}."
  }
}
