# SPDX-License-Identifier: MPL-2.0

# Who there is, and what VirusTotal shows of each. Whoever stands in any list of members counts: administrators who
# are not in the list of members, and members whom only a filter names.
#
# Groups have thousands of members. A function walks the whole of what it is given, and a conditional evaluates both its
# sides, so what is large is grouped by id once and then looked up by index: never contains() of a large list in a loop.

locals {
  # A reference to a data source decodes it each time, a reference to a local value does not.
  all              = data.virustotal_group_users.all
  without          = data.virustotal_group_users.without_second_factor
  with             = data.virustotal_group_users.with_second_factor
  administrators   = data.virustotal_group_administrators.all
  service_accounts = data.virustotal_group_service_accounts.all

  # What was not read to its end, or is empty where it cannot be. A group without members is a wrong id or a wrong key,
  # so its administrators are not known either.
  nobody = length(local.all.ids) == 0
  cut_short = toset([
    for list in [
      { name = "members", complete = local.all.complete },
      { name = "without", complete = local.without.complete },
      { name = "with", complete = alltrue([for with in local.with : with.complete == true]) },
      { name = "administrators", complete = local.administrators.complete },
      { name = "service_accounts", complete = local.service_accounts.complete },
    ] : list.name if list.complete != true
  ])
  unread = local.nobody ? setunion(local.cut_short, ["members", "administrators"]) : local.cut_short

  # In which lists an account stands. Twice in one: Terraform normalises strings, so that two ids can become one.
  lists = {
    for entry in concat(
      [for id in local.all.ids : { id = id, list = "members" }],
      [for id in local.administrators.ids : { id = id, list = "administrators" }],
      [for id in local.without.ids : { id = id, list = "without" }],
      flatten([for with in local.with : [for id in with.ids : { id = id, list = "with" }]]),
    ) : entry.id => entry.list...
  }

  # What is shown of an account, without what is large.
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

  # The filters' copies count where there is no other.
  filtered_alone = { for id, copies in local.copies : id => alltrue(copies[*].filtered) }
  shown          = { for id, copies in local.copies : id => [for copy in copies : copy if !copy.filtered || local.filtered_alone[id]] }

  # What the filters say of a second factor, and whether has_2fa says otherwise: in any list, of any copy.
  second_factors = {
    for id, copies in local.copies : id => {
      on     = contains(local.lists[id], "with")
      off    = contains(local.lists[id], "without")
      twice  = length(local.lists[id]) != length(distinct(local.lists[id]))
      belied = anytrue([for copy in copies : copy.has_2fa == contains(local.lists[id], "without")])
    }
  }

  members = {
    for id, shown in local.shown : id => {
      administrator = contains(local.lists[id], "administrators")

      # Believed only when VirusTotal says so twice: in one list, and not in the other.
      second_factor = (
        local.second_factors[id].belied || local.second_factors[id].on && local.second_factors[id].off ? "unknown"
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

  # Who holds quotas and privileges: the members, the service accounts and, where it is read, the group.
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

  # Named in a list, and shown in none.
  is_shown            = merge({ for id in keys(local.lists) : id => false }, { for id in keys(local.shown) : id => true })
  is_shown_service    = merge({ for id in keys(local.service_account_lists) : id => false }, { for id in toset(local.service_accounts.service_accounts[*].id) : id => true })
  unavailable_members = [for id, shown in local.is_shown : id if !shown]
  unavailable         = toset(concat(local.unavailable_members, [for id, shown in local.is_shown_service : id if !shown]))

  # Whose id is known: what a waiver can be for.
  is_known = merge(
    { for who in distinct(var.waivers[*].who) : who => false },
    { for id in keys(local.lists) : id => true },
    { for id in keys(local.service_account_lists) : id => true },
    { (var.group_id) = true },
  )
}
