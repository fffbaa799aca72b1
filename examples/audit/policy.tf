# The policy: from what was read to one list of findings. Anything of a member may be null, which is never
# taken for a pass: what the policy needs and cannot see is a finding itself.

locals {
  # How grave each kind of finding is, unless var.gravity says otherwise.
  gravity = merge({
    incomplete               = "high"
    no_second_factor         = "high"
    too_few_administrators   = "high"
    unexpected_administrator = "high"
    dormant                  = "medium"
    foreign_mail_domain      = "medium"
    never_logged_in          = "medium"
    privilege_ends           = "medium"
    quota_nearly_used_up     = "medium"
    unavailable              = "medium"
    hidden                   = "low"
    privileges_hidden        = "low"
  }, var.gravity)

  rank = { high = 1, medium = 2, low = 3 }

  now            = coalesce(var.at, plantimestamp())
  dormant_before = var.dormant_days == null ? null : timeadd(local.now, "-${var.dormant_days * 24}h")
  ends_before    = var.privilege_days == null ? null : timeadd(local.now, "${var.privilege_days * 24}h")
  domains        = [for domain in coalesce(var.allowed_domains, []) : lower(domain)]

  all            = data.virustotal_group_users.all
  weak           = data.virustotal_group_users.without_second_factor
  administrators = data.virustotal_group_administrators.all

  # Each once, though a list that changes while it is read may name someone twice.
  members = [for id, same in { for user in concat(local.all.users, local.administrators.users) : user.id => user... } : same[0]]

  # Administrators that the list of members, and with it VirusTotal's filter, may leave out.
  beside = setsubtract(local.administrators.ids, local.all.ids)

  # Of each member, what the policy needs and VirusTotal did not send. A last login that alone is missing never was:
  # see never_logged_in.
  hidden = {
    for user in local.members : user.id => compact([
      contains(local.beside, user.id) && user.has_2fa == null ? "the second factor" : "",
      var.allowed_domains != null && user.email == null ? "the e-mail address" : "",
      var.dormant_days != null && user.last_login == null && user.email == null && user.quotas == null ? "the last login" : "",
      var.quota_share != null && (user.quotas == null || anytrue([for quota in values(coalesce(user.quotas, {})) : try(quota.utilization, null) == null])) ? "the quotas" : "",
    ])
  }

  # The members, and the group itself where it was read, under what they have in common.
  holders = concat(
    [for user in local.members : { id = user.id, quotas = user.quotas, privileges = user.privileges }],
    [for group in data.virustotal_group.itself : { id = group.id, quotas = group.quotas, privileges = group.privileges }],
  )

  # A quota that allows nothing is a feature that comes through the group, if at all: it cannot be used up.
  nearly_used_up = {
    for holder in local.holders : holder.id => [
      for name, quota in coalesce(holder.quotas, {}) : name if try(quota.allowed > 0 && quota.utilization >= var.quota_share, false)
    ]
  }

  # An end that has passed is no news.
  ending = {
    for holder in local.holders : holder.id => [
      for name, privilege in coalesce(holder.privileges, {}) : "${name} (${privilege.expiration_date})"
      if try(privilege.granted != false && timecmp(privilege.expiration_date, local.now) >= 0 && timecmp(privilege.expiration_date, local.ends_before) < 0, false)
    ]
  }

  cut_short = [
    for list, complete in {
      "administrators" = local.administrators.complete, "members" = local.all.complete, "members without a second factor" = local.weak.complete,
    } : list if complete != true
  ]

  found = concat(
    [
      for id in distinct(concat(local.weak.ids, [for user in local.members : user.id if user.has_2fa == false])) :
      { who = id, what = "no_second_factor", why = "Two-factor authentication is off." }
    ],
    [
      for id in var.allowed_administrators == null ? [] : tolist(setsubtract(local.administrators.ids, var.allowed_administrators)) :
      { who = id, what = "unexpected_administrator", why = "An administrator who is not among the allowed ones." }
    ],
    [
      for id in [var.group_id] : { who = id, what = "too_few_administrators", why = "Fewer than ${var.minimum_administrators} administrators." }
      if length(setsubtract(local.administrators.ids, local.administrators.unavailable_ids)) < var.minimum_administrators
    ],
    [
      for user in local.members : { who = user.id, what = "dormant", why = "The last login was on ${user.last_login}." }
      if try(timecmp(user.last_login, local.dormant_before) < 0, false)
    ],
    # VirusTotal shows an admin the last login with e-mail address and quotas, so it never was where one of these is there.
    # New accounts have time to log in.
    [
      for user in local.members : { who = user.id, what = "never_logged_in", why = "A member without any login." }
      if var.dormant_days != null && user.last_login == null && (user.email != null || user.quotas != null) && try(timecmp(user.user_since, local.dormant_before) < 0, true)
    ],
    [
      for user in local.members : { who = user.id, what = "foreign_mail_domain", why = "The mail domain ${try(regex("[^@]*$", user.email), "")} is not allowed." }
      if var.allowed_domains != null && user.email != null && !contains(local.domains, lower(try(regex("@([^@]+)$", user.email)[0], "")))
    ],
    [
      for id, quotas in local.nearly_used_up : { who = id, what = "quota_nearly_used_up", why = "Used to ${coalesce(var.quota_share, 0) * 100} % or more: ${join(", ", quotas)}." }
      if length(quotas) > 0
    ],
    [
      for id, privileges in local.ending : { who = id, what = "privilege_ends", why = "Within ${coalesce(var.privilege_days, 0)} days: ${join(", ", privileges)}." }
      if length(privileges) > 0
    ],
    [
      for id in distinct(concat(local.all.unavailable_ids, local.weak.unavailable_ids, local.administrators.unavailable_ids)) :
      { who = id, what = "unavailable", why = "VirusTotal names this account and shows nothing of it, so it was not audited." }
    ],
    [
      for id, attributes in local.hidden : { who = id, what = "hidden", why = "Not audited, for VirusTotal does not show it: ${join(", ", attributes)}." }
      if length(attributes) > 0
    ],
    [
      for id in [var.group_id] : { who = id, what = "privileges_hidden", why = "VirusTotal shows a member's privileges to that member alone, so those of some were not audited." }
      if var.privilege_days != null && anytrue([for user in local.members : user.privileges == null])
    ],
    [
      for group in data.virustotal_group.itself : { who = group.id, what = "hidden", why = "Not audited, for VirusTotal does not show all of the group's quotas and privileges." }
      if group.privileges == null || group.quotas == null || anytrue([for quota in values(coalesce(group.quotas, {})) : try(quota.utilization, null) == null])
    ],
    [
      for id in [var.group_id] : { who = id, what = "incomplete", why = "Not read to the end: ${join(", ", local.cut_short)}." }
      if length(local.cut_short) > 0
    ],
  )

  # The gravest first, then by kind, then by name.
  sorted = [
    for key, same in {
      for finding in local.found : "${local.rank[local.gravity[finding.what]]} ${finding.what} ${finding.who}" => merge(finding, { how_grave = local.gravity[finding.what] })...
    } : same[0]
  ]

  findings = [for finding in local.sorted : finding if !contains(var.exempt, finding.who)]
  exempted = [for finding in local.sorted : finding if contains(var.exempt, finding.who)]

  # Who is found, by kind.
  who = { for what in keys(local.gravity) : what => [for finding in local.findings : finding.who if finding.what == what] }

  unseen = distinct(concat(local.who.incomplete, local.who.unavailable, local.who.hidden))

  # What fails the plan.
  barring = [for finding in local.findings : finding if var.enforce && local.rank[finding.how_grave] <= local.rank[var.enforce_gravity]]
}
