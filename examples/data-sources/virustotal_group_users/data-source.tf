# All members without a second factor. VirusTotal finds them: an admin cannot see has_2fa of others.
data "virustotal_group_users" "without_2fa" {
  group_id = "puffin_ferries"
  filter   = "2fa_enabled:false"
}

check "second_factor" {
  assert {
    condition     = length(data.virustotal_group_users.without_2fa.ids) == 0
    error_message = "Members without a second factor: ${join(", ", data.virustotal_group_users.without_2fa.ids)}."
  }
}

# All members, to look at each.
data "virustotal_group_users" "all" {
  group_id = "puffin_ferries"
}

locals {
  # VirusTotal names some members and does not show them. Whoever cannot be judged counts as a finding.
  unavailable = data.virustotal_group_users.all.unavailable_ids

  # A hidden e-mail address is null, and counts as foreign.
  foreign = concat(local.unavailable, [
    for user in data.virustotal_group_users.all.users : user.id
    if !try(endswith(lower(user.email), "@puffinferries.example"), false)
  ])

  # A login that is hidden, or that never was, is null, and counts as dormant.
  dormant = concat(local.unavailable, [
    for user in data.virustotal_group_users.all.users : user.id
    if try(timecmp(user.last_login, timeadd(plantimestamp(), "-2160h")) < 0, true)
  ])
}

check "mail_domains" {
  assert {
    condition     = length(data.virustotal_group_users.all.ids) > 0 && length(local.foreign) == 0
    error_message = "Members of a foreign mail domain, or not shown: ${join(", ", local.foreign)}."
  }
}

check "dormant" {
  assert {
    condition     = length(data.virustotal_group_users.all.ids) > 0 && length(local.dormant) == 0
    error_message = "Members who have not logged in for 90 days, or not shown: ${join(", ", local.dormant)}."
  }
}
