# Who spent most of the group's API requests this month.
data "virustotal_group_users_consuming_quota" "requests" {
  group_id = "puffin_ferries"
  quota    = "api_requests_monthly"
  limit    = 5
}

output "top_spenders" {
  value = [
    for user in data.virustotal_group_users_consuming_quota.requests.users :
    "${user.id}: ${coalesce(user.quota_consumed_from_group, "hidden")}"
  ]
}

# Nobody but these accounts may spend the group's downloads. The check warns: "devraj spent downloads of puffin_ferries".
variable "downloaders" {
  type    = set(string)
  default = ["marit", "tobias", "yuki", "henrik", "puffin_ferries_ci"]
}

data "virustotal_group_users_consuming_quota" "downloads" {
  group_id = "puffin_ferries"
  quota    = "intelligence_downloads_monthly"
}

check "downloads" {
  assert {
    condition = data.virustotal_group_users_consuming_quota.downloads.complete && length(setsubtract(
      data.virustotal_group_users_consuming_quota.downloads.ids, var.downloaders
    )) == 0
    error_message = "${join(", ", setsubtract(
      data.virustotal_group_users_consuming_quota.downloads.ids, var.downloaders
    ))} spent downloads of puffin_ferries, or the list was not read to its end."
  }
}
