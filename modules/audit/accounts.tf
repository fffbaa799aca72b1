# SPDX-License-Identifier: MPL-2.0

# The facts: one small object for each account. An ID in the list of service accounts is a service account, whatever other list
# has it; every other ID in any list is a person.
#
# Groups have thousands of members. Functions and operators evaluate their arguments in full, so in a loop none of them gets a
# large collection: lists are grouped by ID once, and then looked up by index.

locals {
  # The lists that each account is in. An ID can be in a list twice: Terraform normalizes strings, so two IDs can become equal.
  listed = {
    for entry in concat(
      [for id in local.ids.members : { id = id, list = "members" }],
      [for id in local.ids.administrators : { id = id, list = "administrators" }],
      [for id in local.ids.service_accounts : { id = id, list = "service_accounts" }],
      [for id in local.ids.without_2fa : { id = id, list = "without_2fa" }],
      [for id in local.ids.with_2fa : { id = id, list = "with_2fa" }],
    ) : entry.id => entry.list...
  }

  # What each list shows of each account, without large attributes. Names of quotas are kept as text, since most accounts have
  # the same.
  copies = {
    for copy in concat(
      flatten([for list in ["members", "administrators"] : [
        for user in local.shown[list] : {
          id          = user.id
          has_2fa     = user.has_2fa
          email       = user.email
          last_login  = user.last_login
          user_since  = user.user_since
          roles       = user.roles
          privileges  = user.privileges == null ? null : true
          quotas      = user.quotas == null ? null : jsonencode(keys(user.quotas))
          daily_limit = local.limits.user == null ? null : try(user.quota_limits.api_requests_daily.allowed, user.quotas.api_requests_daily.allowed, null)
          no_limit = local.limits.user == null ? false : (
            !can(user.quota_limits["api_requests_daily"]) && user.quotas != null && !can(user.quotas["api_requests_daily"])
          )
        }
      ]]),
      [
        for account in local.shown.service_accounts : {
          id         = account.id
          has_2fa    = null
          email      = null
          last_login = null
          user_since = null
          roles      = account.roles
          privileges = account.privileges == null ? null : true
          quotas     = account.quotas == null ? null : jsonencode(keys(account.quotas))
          daily_limit = local.limits.service_account == null ? null : (
            try(account.quota_limits.api_requests_daily.allowed, account.quotas.api_requests_daily.allowed, null)
          )
          no_limit = local.limits.service_account == null ? false : (
            !can(account.quota_limits["api_requests_daily"]) && account.quotas != null && !can(account.quotas["api_requests_daily"])
          )
        }
      ],
    ) : copy.id => copy...
  }

  # has_2fa where a filtered list shows it.
  filtered = {
    for copy in flatten([
      for list in ["without_2fa", "with_2fa"] : [for user in local.shown[list] : { id = user.id, has_2fa = user.has_2fa } if user.has_2fa != null]
    ]) : copy.id => copy.has_2fa...
  }

  # Of two accounts with one ID, what not both of them show is not known.
  partly = {
    for id, account in local.accounts : id => {
      for name in ["email", "last_login", "privileges", "quotas", "roles"] : name => true
      if length([for copy in try(local.copies[id], []) : copy if copy[name] != null]) < account.listings
    } if account.listed_twice
  }

  roles_known = { for id, account in local.accounts : id => account.roles_shown && !can(local.partly[id].roles) }

  administrator_role = "USER_ROLE_GROUP_ADMIN"

  accounts = {
    for id, lists in local.listed : id => merge(
      {
        service_account = contains(lists, "service_accounts")
        on              = contains(lists, "with_2fa")
        off             = contains(lists, "without_2fa")
        twice           = length(lists) != length(distinct(lists))
        listed_twice = anytrue([
          for list in local.account_lists : length([for other in lists : other if other == list]) > 1
        ])
        listed_admin = contains(lists, "administrators")
        admin_twice  = length([for list in lists : list if list == "administrators"]) > 1
        listings     = length([for list in lists : list if contains(local.account_lists, list)])
        shown        = can(local.copies[id])
      },
      [
        for copies in [try(local.copies[id], [])] : {
          has_2fa     = concat([for copy in copies : copy.has_2fa if copy.has_2fa != null], try(local.filtered[id], []))
          emails      = [for copy in copies : copy.email if copy.email != null]
          logins      = distinct([for copy in copies : copy.last_login if copy.last_login != null])
          since       = distinct([for copy in copies : copy.user_since if copy.user_since != null])
          roles_shown = anytrue([for copy in copies : copy.roles != null])
          roles       = sort(distinct(flatten([for copy in copies : copy.roles if copy.roles != null])))
          quotas      = distinct([for copy in copies : copy.quotas if copy.quotas != null])
          limits      = [for copy in copies : copy.daily_limit if copy.daily_limit != null]
          no_limit    = anytrue([for copy in copies : copy.no_limit])
        }
      ][0],
    )
  }

  is_administrator = { for id, account in local.accounts : id => account.listed_admin || contains(account.roles, local.administrator_role) }

  people = { for id, account in local.accounts : id => account if !account.service_account }

  # Dates that are evidence, in order.
  logins = { for id, person in local.people : id => sort([
    for date in person.logins : date if try(timecmp(date, local.earliest) >= 0 && timecmp(date, local.latest) <= 0, false)
  ]) }
  since = { for id, person in local.people : id => sort([
    for date in person.since : date if try(timecmp(date, local.earliest) >= 0 && timecmp(date, local.latest) <= 0, false)
  ]) }

  # 2FA is believed only if VirusTotal says so twice: the account is in one filtered list and not in the other. A cut list says
  # nothing about who is not in it.
  contradicted = {
    for id, person in local.people : id =>
    person.twice || person.on && person.off || anytrue([for has in person.has_2fa : has == person.off])
  }
  two_factor = {
    for id, person in local.people : id => (
      local.contradicted[id] ? "unknown"
      : person.off ? "off"
      : local.complete.without_2fa && (person.on || var.two_factor_by_absence) ? "on"
      : "unknown"
    )
  }

  sso_forced = var.require_single_sign_on && try(local.group.force_users_saml_login == true || local.group.force_users_oidc_login == true, false)
}
