data "virustotal_user_intelligence_quota_group" "me" {}

output "hunting_rules_left" {
  # The group is null where there is none.
  value = try(data.virustotal_user_intelligence_quota_group.me.group.quotas["intelligence_hunting_rules"].remaining, null)
}
