data "virustotal_user_overall_quotas" "checked" {}

locals {
  overall = coalesce(data.virustotal_user_overall_quotas.checked.quotas, {})

  # Whichever runs out first, the user's own quota or the group's. What is hidden counts as used up. Two are no budgets:
  # intelligence_hunting_rules is a stock of rules, and api_requests_hourly 60 times the rate of a minute.
  short = sort([
    for name, quota in local.overall : name
    if !contains(["intelligence_hunting_rules", "api_requests_hourly"], name) &&
    try(quota.effective.allowed > 0 && quota.effective.utilization >= 0.9, true)
  ])
}

check "overall_quotas" {
  assert {
    condition     = length(local.overall) > 0 && length(local.short) == 0
    error_message = "Nine tenths are used of, or hidden: ${join(", ", local.short)}."
  }
}
