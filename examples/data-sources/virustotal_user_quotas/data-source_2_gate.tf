locals {
  not_budgets = ["intelligence_hunting_rules", "api_requests_hourly"]
}

data "virustotal_user_quotas" "ci" {
  lifecycle {
    # The plan fails: "Quotas of marit used to 98 %, or hidden: intelligence_downloads_monthly."
    postcondition {
      condition = try(length(self.quotas) > 0 && alltrue([
        for name, quota in self.quotas : contains(local.not_budgets, name) || quota.utilization < 0.98
      ]), false) # False for null.
      error_message = "Quotas of ${self.user_id} used to 98 %, or hidden: ${join(", ", [
        for name, quota in coalesce(self.quotas, {}) : name
        if !contains(local.not_budgets, name) && try(quota.utilization >= 0.98, true)
      ])}."
    }
  }
}
