# The groups of the user whom the API key belongs to.
data "virustotal_user_groups" "me" {}

# The first two of them only.
data "virustotal_user_groups" "first" {
  limit = 2
}

output "roles" {
  value = { for group in data.virustotal_user_groups.me.groups : group.id => group.role }
}
