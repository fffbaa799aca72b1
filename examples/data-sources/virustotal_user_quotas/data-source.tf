data "virustotal_user_quotas" "me" {}

locals {
  quotas = data.virustotal_user_quotas.me.quotas

  # A hidden quota counts as nearly used up. Two are left out: intelligence_hunting_rules counts existing rules, and
  # api_requests_hourly is a rate.
  nearly_used_up = sort([
    for name, quota in coalesce(local.quotas, {}) : name
    if !contains(["intelligence_hunting_rules", "api_requests_hourly"], name) && try(quota.utilization >= 0.8, true)
  ])
}

# The plan warns: "Quotas used to 80 %, or hidden: intelligence_downloads_monthly."
check "quotas" {
  assert {
    condition     = try(length(local.quotas) > 0, false) && length(local.nearly_used_up) == 0
    error_message = "Quotas used to 80 %, or hidden: ${local.quotas == null ? "all" : join(", ", local.nearly_used_up)}."
  }
}
