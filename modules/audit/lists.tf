# SPDX-License-Identifier: MPL-2.0

# The lists that were read, and whether each was read to its end.

locals {
  # Terraform decodes a data source at each reference, but a local value only once.
  members          = data.virustotal_group_users.all
  administrators   = data.virustotal_group_administrators.all
  service_accounts = data.virustotal_group_service_accounts.all
  without          = data.virustotal_group_users.without_2fa
  with             = try(data.virustotal_group_users.with_2fa[0], null)
  group            = try(data.virustotal_group.itself[0], null)

  # VirusTotal refused a list that has no IDs, and a group that has no ID in return: the argument of a group is its ID, so each
  # of its attributes is looked at.
  ids = {
    members          = coalesce(local.members.ids, [])
    administrators   = coalesce(local.administrators.ids, [])
    service_accounts = coalesce(local.service_accounts.ids, [])
    without_2fa      = coalesce(local.without.ids, [])
    with_2fa         = try(coalesce(local.with.ids, []), [])
  }
  shown = {
    members          = coalesce(local.members.users, [])
    administrators   = coalesce(local.administrators.users, [])
    without_2fa      = coalesce(local.without.users, [])
    with_2fa         = try(coalesce(local.with.users, []), [])
    service_accounts = coalesce(local.service_accounts.service_accounts, [])
  }

  no_members        = length(local.ids.members) == 0
  no_administrators = length(local.ids.administrators) == 0
  group_refused     = local.group == null ? false : local.group.hidden_attributes == null

  lists = merge(
    {
      for name, list in {
        members          = local.members
        administrators   = local.administrators
        service_accounts = local.service_accounts
        without_2fa      = local.without
      } : name => { refused = list.ids == null, whole = list.complete == true, unreadable = list.unreadable, count = length(local.ids[name]) }
    },
    {
      for list in local.with == null ? [] : [local.with] :
      "with_2fa" => { refused = list.ids == null, whole = list.complete == true, unreadable = list.unreadable, count = length(local.ids.with_2fa) }
    },
    {
      for group in local.group == null ? [] : [local.group] :
      "group" => { refused = local.group_refused, whole = true, unreadable = group.unreadable, count = local.group_refused ? 0 : 1 }
    },
  )

  # VirusTotal shows the lists to administrators only, so one without members or administrators was not read, even if it ends.
  complete = {
    for name, list in local.lists : name => !list.refused && list.whole && !(
      (name == "members" && local.no_members) || (name == "administrators" && local.no_administrators)
    )
  }

  list_titles = {
    members          = "the members"
    administrators   = "the administrators"
    service_accounts = "the service accounts"
    without_2fa      = "the members without 2FA"
    with_2fa         = "the members with 2FA"
    group            = "the group itself"
  }
}
