data "virustotal_user_overall_quotas" "checked" {}

locals {
  overall = coalesce(data.virustotal_user_overall_quotas.checked.quotas, {})

  # The user's own quota or the group's, whichever runs out first. A hidden one counts as nearly used up. Two are left out:
  # intelligence_hunting_rules counts existing rules, and api_requests_hourly is a rate.
  nearly_used_up = sort([
    for name, quota in local.overall : name
    if !contains(["intelligence_hunting_rules", "api_requests_hourly"], name) &&
    try(quota.effective.allowed > 0 && quota.effective.utilization >= 0.9, true)
  ])
}

# The plan warns: "Quotas used to 90 %, or hidden: intelligence_downloads_monthly."
check "overall_quotas" {
  assert {
    condition     = length(local.overall) > 0 && length(local.nearly_used_up) == 0
    error_message = "Quotas used to 90 %, or hidden: ${join(", ", local.nearly_used_up)}."
  }
}
