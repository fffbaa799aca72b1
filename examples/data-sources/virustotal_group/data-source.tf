# The active privileges and when they expire. Null if a privilege does not expire.
data "virustotal_group" "company" {
  id = "puffin_ferries"
}

output "privileges" {
  value = {
    for name in coalesce(data.virustotal_group.company.active_privileges, []) :
    name => data.virustotal_group.company.privileges[name].expiration_date
  }
}
