# SPDX-License-Identifier: MPL-2.0

# The accounts of the group, and what VirusTotal shows about each. Every account in any of the lists counts as a member,
# including administrators who are missing from the list of members, and members who are only in a filtered list.
#
# Groups have thousands of members. Functions evaluate their arguments in full, and conditionals evaluate both branches.
# So large lists are grouped by id once and then looked up by index: no contains() on a large list in a loop.

locals {
  # Terraform decodes a data source at each reference, but a local value only once.
  all              = data.virustotal_group_users.all
  without          = data.virustotal_group_users.without_second_factor
  with             = data.virustotal_group_users.with_second_factor
  administrators   = data.virustotal_group_administrators.all
  service_accounts = data.virustotal_group_service_accounts.all

  # The lists that are incomplete. A group without members means a wrong id or API key, so the administrators are unknown
  # as well.
  no_members = length(local.all.ids) == 0
  truncated = toset([
    for list in [
      { name = "members", complete = local.all.complete },
      { name = "without", complete = local.without.complete },
      { name = "with", complete = alltrue([for with in local.with : with.complete == true]) },
      { name = "administrators", complete = local.administrators.complete },
      { name = "service_accounts", complete = local.service_accounts.complete },
    ] : list.name if list.complete != true
  ])
  unread = local.no_members ? setunion(local.truncated, ["members", "administrators"]) : local.truncated

  # The lists that each account is in. An id can be in a list twice: Terraform normalizes strings, so two ids can become
  # equal.
  lists = {
    for entry in concat(
      [for id in local.all.ids : { id = id, list = "members" }],
      [for id in local.administrators.ids : { id = id, list = "administrators" }],
      [for id in local.without.ids : { id = id, list = "without" }],
      flatten([for with in local.with : [for id in with.ids : { id = id, list = "with" }]]),
    ) : entry.id => entry.list...
  }

  # The attributes that the controls need, for each list that has the account. Large attributes are left out.
  copies = {
    for copy in flatten([
      for list, users in {
        members        = local.all.users
        administrators = local.administrators.users
        without        = local.without.users
        with           = try(local.with[0].users, [])
        } : [
        for user in users : {
          id               = user.id
          filtered         = list == "without" || list == "with"
          has_2fa          = user.has_2fa
          email            = user.email
          last_login       = user.last_login
          user_since       = user.user_since
          shows_quotas     = user.quotas != null
          shows_privileges = user.privileges != null
        }
      ]
    ]) : copy.id => copy...
  }

  # Copies from the filtered lists are used only if there is no other.
  filtered_alone = { for id, copies in local.copies : id => alltrue(copies[*].filtered) }
  shown          = { for id, copies in local.copies : id => [for copy in copies : copy if !copy.filtered || local.filtered_alone[id]] }

  # The result of the filters for each account, and whether has_2fa in any copy contradicts it.
  second_factors = {
    for id, copies in local.copies : id => {
      on           = contains(local.lists[id], "with")
      off          = contains(local.lists[id], "without")
      twice        = length(local.lists[id]) != length(distinct(local.lists[id]))
      contradicted = anytrue([for copy in copies : copy.has_2fa == contains(local.lists[id], "without")])
    }
  }

  members = {
    for id, shown in local.shown : id => {
      administrator = contains(local.lists[id], "administrators")

      # A second factor counts only if both filters agree: listed by one, and not by the other.
      second_factor = (
        local.second_factors[id].contradicted || local.second_factors[id].on && local.second_factors[id].off ? "unknown"
        : local.second_factors[id].off ? "off"
        : local.without.complete == true && !local.second_factors[id].twice && (local.second_factors[id].on || var.second_factor_by_absence) ? "on"
        : "unknown"
      )

      emails           = [for copy in shown : copy.email if copy.email != null]
      last_logins      = [for copy in shown : copy.last_login if copy.last_login != null]
      user_since       = [for copy in shown : copy.user_since if copy.user_since != null]
      shows_quotas     = anytrue(shown[*].shows_quotas)
      shows_privileges = anytrue(shown[*].shows_privileges)
    }
  }

  # The objects that have quotas and privileges: members, service accounts and, if it is read, the group.
  holders = {
    members          = local.all.users
    administrators   = local.administrators.users
    without          = [for user in local.without.users : user if local.filtered_alone[user.id]]
    with             = [for user in try(local.with[0].users, []) : user if local.filtered_alone[user.id]]
    service_accounts = local.service_accounts.service_accounts
    group            = data.virustotal_group.itself
  }

  administrator_lists   = { for id in local.administrators.ids : id => id... }
  service_account_lists = { for id in local.service_accounts.ids : id => id... }

  # Accounts that are listed without attributes.
  is_shown            = merge({ for id in keys(local.lists) : id => false }, { for id in keys(local.shown) : id => true })
  is_shown_service    = merge({ for id in keys(local.service_account_lists) : id => false }, { for id in toset(local.service_accounts.service_accounts[*].id) : id => true })
  unavailable_members = [for id, shown in local.is_shown : id if !shown]
  unavailable         = toset(concat(local.unavailable_members, [for id, shown in local.is_shown_service : id if !shown]))

  # The ids that a waiver can be for.
  is_known = merge(
    { for who in distinct(var.waivers[*].who) : who => false },
    { for id in keys(local.lists) : id => true },
    { for id in keys(local.service_account_lists) : id => true },
    { (var.group_id) = true },
  )
}
