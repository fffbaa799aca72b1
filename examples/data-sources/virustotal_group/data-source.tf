data "virustotal_group" "company" {
  id = "puffin_ferries"
}

output "privileges" {
  value = data.virustotal_group.company.active_privileges
}
