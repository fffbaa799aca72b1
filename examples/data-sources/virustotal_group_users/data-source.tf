# Members without 2FA. The filter finds them: has_2fa of other users is null, even for administrators.
data "virustotal_group_users" "without_2fa" {
  group_id = "puffin_ferries"
  filter   = "2fa_enabled:false"
}

# The plan warns: "Members without 2FA: yuki, anne-lise.moreau."
check "two_factor" {
  assert {
    condition     = length(data.virustotal_group_users.without_2fa.ids) == 0
    error_message = "Members without 2FA: ${join(", ", data.virustotal_group_users.without_2fa.ids)}."
  }
}

# All members.
data "virustotal_group_users" "all" {
  group_id = "puffin_ferries"
}

locals {
  # Accounts without attributes, for example deleted ones, are findings too.
  unavailable = data.virustotal_group_users.all.unavailable_ids

  # A hidden e-mail address counts as foreign.
  foreign = concat(local.unavailable, [
    for user in data.virustotal_group_users.all.users : user.id
    if !try(endswith(lower(user.email), "@puffinferries.example"), false)
  ])

  # A last login that is hidden or missing counts as dormant.
  dormant = concat(local.unavailable, [
    for user in data.virustotal_group_users.all.users : user.id
    if try(timecmp(user.last_login, timeadd(plantimestamp(), "-2160h")) < 0, true)
  ])
}

# The plan warns: "Members with a foreign or hidden e-mail address: lotte_guest."
check "mail_domains" {
  assert {
    condition     = length(data.virustotal_group_users.all.ids) > 0 && length(local.foreign) == 0
    error_message = "Members with a foreign or hidden e-mail address: ${join(", ", local.foreign)}."
  }
}

# The plan warns: "Members without a login in the last 90 days: henrik, anne-lise.moreau."
check "dormant" {
  assert {
    condition     = length(data.virustotal_group_users.all.ids) > 0 && length(local.dormant) == 0
    error_message = "Members without a login in the last 90 days: ${join(", ", local.dormant)}."
  }
}
