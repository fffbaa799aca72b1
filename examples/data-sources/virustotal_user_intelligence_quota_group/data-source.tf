data "virustotal_user_intelligence_quota_group" "me" {}

# Null if there is no such group.
output "downloads_left" {
  value = try(data.virustotal_user_intelligence_quota_group.me.group.quotas["intelligence_downloads_monthly"].remaining, null)
}
