# Several groups: for each, one request per 40 members without 2FA, at least one.
data "virustotal_group_users" "each" {
  for_each = toset(["puffin_ferries", "puffin_soc"])
  group_id = each.key
  filter   = "2fa_enabled:false"
}

locals {
  by_group = { for group, members in data.virustotal_group_users.each : group => members.ids if length(members.ids) > 0 }
}

# The plan warns, with a line for each group: "puffin_soc: yuki".
check "two_factor_of_each" {
  assert {
    condition     = length(local.by_group) == 0
    error_message = "Without 2FA:\n${join("\n", [for group, ids in local.by_group : "${group}: ${join(", ", ids)}"])}"
  }
}
