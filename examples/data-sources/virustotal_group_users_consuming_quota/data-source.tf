# Who used most of the group's API requests this month.
data "virustotal_group_users_consuming_quota" "requests" {
  group_id = "puffin_ferries"
  quota    = "api_requests_monthly"
  limit    = 5
}

output "top_consumers" {
  value = [
    for user in data.virustotal_group_users_consuming_quota.requests.users :
    "${user.id}: ${coalesce(user.quota_consumed_from_group, "hidden")}"
  ]
}
