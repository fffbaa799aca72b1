# Which members may download files, and until when. A role does not expire; the group's privileges do.
data "virustotal_group_users" "members" {
  group_id = "puffin_ferries"
}

data "virustotal_group" "members" {
  id = "puffin_ferries"
}

output "may_download" {
  # true or false for each member, null if the roles are hidden.
  value = {
    for user in data.virustotal_group_users.members.users :
    user.id => try(contains(user.roles, "USER_ROLE_FILE_DOWNLOADS"), null)
  }
}

output "until" {
  value = try(data.virustotal_group.members.privileges["intelligence"].expiration_date, null)
}
