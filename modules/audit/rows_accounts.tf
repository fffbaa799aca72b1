# SPDX-License-Identifier: MPL-2.0

# The controls about accounts, one row each:
#
#   of        the population: local.populations
#   seen      who could be judged. Everybody else is unknown, for want of `needs`
#   needs     the attribute that the control needs; a row without it judges by IDs alone
#   missing   what is missing of whom, where that is not `needs`: [] where a list that was cut is why
#   because   why it is not known, where that is neither hidden nor listed without attributes
#   findings  what is wrong: why, and the names concerned

locals {
  unknown_2fa = {
    for id, person in local.people : id => join(" ", compact([
      person.twice ? "Two accounts have this ID after Unicode normalization." : "",
      person.on && person.off ? "VirusTotal lists the member both with and without 2FA." : "",
      !person.on && !person.off ? "VirusTotal lists the member neither with nor without 2FA." : "",
      anytrue([for has in person.has_2fa : has == person.off]) ? "VirusTotal shows has_2fa, which contradicts the list." : "",
    ])) if local.two_factor[id] == "unknown"
  }
  filters_complete = alltrue([for list in ["without_2fa", "with_2fa"] : try(local.complete[list], true)])

  # Who is unknown only because a list was cut is a matter of `incomplete`.
  missing_2fa = {
    for id in keys(local.unknown_2fa) : id => local.filters_complete || local.contradicted[id] ? ["2fa"] : []
  }

  # Whoever shows an e-mail address or quotas, and no login, has never logged in.
  no_login = {
    for id, person in local.people : id => length(person.logins) == 0 && length(person.emails) + length(person.quotas) > 0 && !can(local.partly[id].last_login)
  }
  last_used = {
    for id, person in local.people : id => (
      length(local.logins[id]) > 0 && !(person.listed_twice && length(person.logins) > 1) && !can(local.partly[id].last_login)
      ? { day = reverse(local.logins[id])[0], login = true, known = true }
      : local.no_login[id] && length(local.since[id]) > 0 ? { day = local.since[id][0], login = false, known = true }
      : { day = "", login = false, known = false }
    )
  }

  mail_domains = {
    for id, person in local.people : id => distinct([for email in person.emails : try(lower(regex("^[^@]*@([^@]*)$", email)[0]), "")])
  }

  foreign = { for id, domains in local.mail_domains : id => anytrue([for domain in domains : !can(local.domains[domain])]) }

  # A limit that means none, in VirusTotal's numbers.
  no_cap = { "1000000000" = true, "60000000000" = true }
  limit_of = {
    for id, account in local.accounts : id => (
      can(local.partly[id].quotas) ? local.limit_unknown
      : account.no_limit && (account.listed_twice || length(account.limits) == 0) ? { known = true, wrong = "The account has no daily limit.", limit = "" }
      : length(account.limits) == 0 ? local.limit_unknown
      : min(account.limits...) < 0 ? local.limit_unknown
      : {
        known = true
        limit = tostring(max(account.limits...))
        wrong = (
          can(local.no_cap[tostring(max(account.limits...))]) ? "The daily limit of ${max(account.limits...)} requests means none."
          : try(max(account.limits...) > local.limits[account.service_account ? "service_account" : "user"], false)
          ? "The daily limit of ${max(account.limits...)} requests is above ${local.limits[account.service_account ? "service_account" : "user"]}."
          : ""
        )
      }
    ) if local.limits[account.service_account ? "service_account" : "user"] != null
  }
  limit_unknown = { known = false, wrong = "", limit = "" }

  ambiguous = "Two accounts have this ID after Unicode normalization, and the roster can mean only one."

  # Who is expected in each list. An administrator in the roster is expected as a member too.
  expected_member = merge(local.in_roster.members, local.in_roster.administrators)

  # Roles that an account has and the roster does not give it.
  role_holders = { for role, ids in coalesce(local.expected_roles, {}) : role => { for id in ids : id => true } }
  unexpected_roles = {
    for id, account in local.accounts : id => [
      for role in account.roles : role if role != local.administrator_role && !can(local.role_holders[role][id])
    ]
  }

  rows_of_accounts = {
    administrator_without_2fa = {
      of      = local.populations.administrators_2fa
      needs   = "2fa"
      missing = local.missing_2fa
      because = local.unknown_2fa
      seen    = { for id in keys(local.populations.administrators_2fa.of) : id => true if local.two_factor[id] != "unknown" }
      findings = {
        for id in keys(local.populations.administrators_2fa.of) : id => { why = "VirusTotal lists this administrator without 2FA.", what = [] }
        if local.two_factor[id] == "off"
      }
    }

    no_2fa = {
      of      = local.populations.members_2fa
      needs   = "2fa"
      missing = local.missing_2fa
      because = local.unknown_2fa
      seen    = { for id in keys(local.populations.members_2fa.of) : id => true if local.two_factor[id] != "unknown" }
      findings = {
        for id in keys(local.populations.members_2fa.of) : id => { why = "VirusTotal lists this member without 2FA.", what = [] }
        if local.two_factor[id] == "off"
      }
    }

    unexpected_administrator = {
      of   = local.populations.administrators
      seen = local.populations.administrators.of
      findings = {
        for id in keys(local.populations.administrators.of) : id => {
          why  = can(local.in_roster.administrators[id]) ? local.ambiguous : "This administrator is not in the roster."
          what = []
        } if !can(local.in_roster.administrators[id]) || local.accounts[id].admin_twice
      }
    }

    unexpected_member = {
      of   = local.populations.members
      seen = local.populations.members.of
      findings = {
        for id, person in local.people : id => {
          why  = can(local.expected_member[id]) ? local.ambiguous : "This member is not in the roster."
          what = []
        } if !can(local.expected_member[id]) || person.listed_twice
      }
    }

    unexpected_service_account = {
      of   = local.populations.service_accounts
      seen = local.populations.service_accounts.of
      findings = {
        for id in keys(local.populations.service_accounts.of) : id => {
          why  = can(local.in_roster.service_accounts[id]) ? local.ambiguous : "This service account is not in the roster."
          what = []
        } if !can(local.in_roster.service_accounts[id]) || local.accounts[id].listed_twice
      }
    }

    unexpected_role = {
      of      = local.populations.accounts
      needs   = "roles"
      missing = { for id, known in local.roles_known : id => ["roles"] if !known }
      seen    = { for id, known in local.roles_known : id => true if known || length(local.unexpected_roles[id]) > 0 }
      findings = {
        for id, roles in local.unexpected_roles : id => {
          why  = "The roster does not give this account ${join(", ", slice(roles, 0, min(5, length(roles))))}${length(roles) > 5 ? " and ${length(roles) - 5} more" : ""}."
          what = roles
        } if length(roles) > 0
      }
    }

    dormant = {
      of      = local.populations.members
      needs   = "last_login"
      seen    = { for id, used in local.last_used : id => true if used.known }
      missing = { for id, no_login in local.no_login : id => ["user_since"] if no_login && !local.last_used[id].known }
      because = {
        for id, person in local.people : id => (
          person.listed_twice && length(person.logins) > 1 || can(local.partly[id].last_login) ? "Two accounts have this ID, and not the same last login."
          : "VirusTotal shows a ${length(person.logins) > 0 ? "last login" : "day of creation"} that cannot be right: ${join(", ", concat(person.logins, length(person.logins) > 0 ? [] : person.since))}."
        ) if !local.last_used[id].known && (length(person.logins) > 0 || local.no_login[id] && length(person.since) > 0)
      }
      findings = {
        for id, used in local.last_used : id => {
          why  = used.login ? "The last login was on ${substr(used.day, 0, 10)}." : "No login since the account was created on ${substr(used.day, 0, 10)}."
          what = []
        } if used.known && try(timecmp(used.day, local.dormant_before) < 0, false)
      }
    }

    foreign_mail_domain = {
      of      = local.populations.members
      needs   = "email"
      seen    = { for id, person in local.people : id => true if length(person.emails) > 0 && (!can(local.partly[id].email) || local.foreign[id]) }
      missing = { for id in keys(local.people) : id => ["email"] if can(local.partly[id].email) }
      findings = {
        for id, domains in local.mail_domains : id => {
          why = (
            contains(domains, "")
            ? "The e-mail address has no domain, or more than one @."
            : "The domain of the e-mail address is not allowed: ${join(", ", domains)}."
          )
          what = []
        } if local.foreign[id]
      }
    }

    no_daily_limit = {
      of = {
        of    = { for id in keys(local.limit_of) : id => true }
        lists = local.limits.user == null ? ["service_accounts"] : local.limits.service_account == null ? ["members", "administrators"] : local.account_lists
      }
      needs = "quotas"
      missing = {
        for id, limit in local.limit_of : id => ["quotas.api_requests_daily"]
        if !limit.known && !can(local.partly[id].quotas) && length(local.accounts[id].quotas) + length(local.accounts[id].limits) > 0
      }
      seen     = { for id, limit in local.limit_of : id => true if limit.known }
      findings = { for id, limit in local.limit_of : id => { why = limit.wrong, what = [] } if limit.wrong != "" }
    }
  }
}
