data "virustotal_user_quotas" "me" {}

locals {
  quotas = data.virustotal_user_quotas.me.quotas

  # intelligence_hunting_rules is a stock of rules, and api_requests_hourly 60 times the rate of a minute: neither is a
  # budget. What is hidden of a quota counts as used up.
  nearly_used_up = sort([
    for name, quota in coalesce(local.quotas, {}) : name
    if !contains(["intelligence_hunting_rules", "api_requests_hourly"], name) && try(quota.utilization >= 0.8, true)
  ])
}

check "quotas" {
  assert {
    condition     = try(length(local.quotas) > 0, false) && length(local.nearly_used_up) == 0
    error_message = "Quotas used to four fifths, or hidden: ${local.quotas == null ? "all" : join(", ", local.nearly_used_up)}."
  }
}

output "nearly_used_up" {
  value = local.nearly_used_up
}
