# The groups of the user who owns the API key.
data "virustotal_user_groups" "me" {}

output "roles" {
  value = { for group in data.virustotal_user_groups.me.groups : group.id => group.role }
}
