data "virustotal_user_quotas" "me" {}

check "quotas" {
  assert {
    # highest_utilization is null where the quotas are hidden.
    condition     = try(data.virustotal_user_quotas.me.highest_utilization < 0.8, false)
    error_message = "A quota is used to four fifths, or the quotas are hidden."
  }
}

output "nearly_used_up" {
  value = sort([for name, quota in coalesce(data.virustotal_user_quotas.me.quotas, {}) : name if try(quota.utilization >= 0.8, false)])
}
