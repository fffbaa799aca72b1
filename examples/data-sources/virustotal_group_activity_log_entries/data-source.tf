# Who appointed administrators.
data "virustotal_group_activity_log_entries" "appointments" {
  group_id = "puffin_ferries"
  filter   = "action:ADD_GROUP_ADMIN"
}

locals {
  appointments = data.virustotal_group_activity_log_entries.appointments

  # Who may appoint administrators.
  appointers = ["marit"]

  # Appointments by anyone else in the last seven days. Entries with a hidden name or date count too.
  unexpected = [
    for entry in local.appointments.activity_log_entries : entry
    if !try(contains(local.appointers, entry.performed_by), false) &&
    !try(timecmp(entry.date, timeadd(plantimestamp(), "-168h")) < 0, false)
  ]
}

# The plan warns: "tobias was appointed by tobias from 192.0.2.17."
check "appointments" {
  assert {
    condition = (
      length(local.unexpected) == 0 && length(local.appointments.unavailable_ids) == 0 && local.appointments.complete
    )
    error_message = join("\n", concat(
      ["Unexpected administrators, or unreadable entries:"],
      [
        for entry in local.unexpected :
        "${coalesce(entry.user, "somebody")} was appointed by ${coalesce(entry.performed_by, "somebody")} from ${coalesce(entry.ip, "a hidden address")}."
      ],
      local.appointments.unavailable_ids,
    ))
  }
}
