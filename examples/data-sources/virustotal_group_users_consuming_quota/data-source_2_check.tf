# Accounts that may download files from the group's quota.
variable "downloaders" {
  type    = set(string)
  default = ["marit", "tobias", "yuki", "henrik", "puffin_ferries_ci"]
}

data "virustotal_group_users_consuming_quota" "downloads" {
  group_id = "puffin_ferries"
  quota    = "intelligence_downloads_monthly"
}

locals {
  others = setsubtract(data.virustotal_group_users_consuming_quota.downloads.ids, var.downloaders)
}

# The plan warns: "Downloads by others: devraj."
check "downloads" {
  assert {
    condition     = data.virustotal_group_users_consuming_quota.downloads.complete && length(local.others) == 0
    error_message = "Downloads by others: ${join(", ", local.others)}."
  }
}
