data "virustotal_group_service_accounts" "company" {
  group_id = "puffin_ferries"
}

output "nearly_used_up" {
  value = flatten([
    for account in data.virustotal_group_service_accounts.company.service_accounts : [
      for name, quota in coalesce(account.quotas, {}) : "${account.id}: ${name}" if try(quota.utilization >= 0.9, false)
    ]
  ])
}
