data "virustotal_user_groups_managed" "me" {}

output "managed" {
  value = data.virustotal_user_groups_managed.me.ids
}
