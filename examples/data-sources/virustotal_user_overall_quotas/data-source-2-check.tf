data "virustotal_user_overall_quotas" "checked" {}

locals {
  # Whichever ends first, the user's own quota or the group's. One that allows nothing has no end.
  short = sort([for name, quota in data.virustotal_user_overall_quotas.checked.quotas : name if try(quota.effective.allowed > 0 && quota.effective.utilization >= 0.9, false)])
}

check "overall_quotas" {
  assert {
    condition     = length(local.short) == 0
    error_message = "Nine tenths are used of: ${join(", ", local.short)}."
  }
}
