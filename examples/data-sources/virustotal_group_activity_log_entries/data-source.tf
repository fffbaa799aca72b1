# Who appointed administrators.
data "virustotal_group_activity_log_entries" "appointments" {
  group_id = "puffin_ferries"
  filter   = "action:ADD_GROUP_ADMIN"
}

locals {
  # Who may appoint administrators.
  appointers = ["marit"]

  # Appointments in the last seven days by somebody else. What VirusTotal hides counts as somebody else, and as recent.
  unexpected = [
    for entry in data.virustotal_group_activity_log_entries.appointments.activity_log_entries : entry
    if !try(contains(local.appointers, entry.performed_by), false) &&
    !try(timecmp(entry.date, timeadd(plantimestamp(), "-168h")) < 0, false)
  ]
}

# The check warns: "tobias was appointed by tobias".
check "appointments" {
  assert {
    condition = (
      length(local.unexpected) == 0 &&
      length(data.virustotal_group_activity_log_entries.appointments.unavailable_ids) == 0 &&
      data.virustotal_group_activity_log_entries.appointments.complete
    )
    error_message = join("\n", concat(
      ["Unexpected administrators, or entries that cannot be read:"],
      [for entry in local.unexpected : "${coalesce(entry.user, "somebody")} was appointed by ${coalesce(entry.performed_by, "somebody")} from ${coalesce(entry.ip, "a hidden address")}."],
      data.virustotal_group_activity_log_entries.appointments.unavailable_ids,
    ))
  }
}
