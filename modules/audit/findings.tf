# SPDX-License-Identifier: MPL-2.0

# The findings according to the policy. An attribute that the policy needs and VirusTotal hides is a finding, never a pass.

locals {
  second_factor_unknown = {
    for id, member in local.members : id => join(" ", compact([
      local.second_factors[id].twice ? "Two accounts have this id after Unicode normalization." : "",
      local.second_factors[id].on && local.second_factors[id].off ? "VirusTotal lists the member both as having a second factor and as having none." : "",
      local.second_factors[id].on || local.second_factors[id].off || var.second_factor_by_absence ? "" : "VirusTotal lists the member neither as having a second factor nor as having none.",
      local.second_factors[id].contradicted ? "VirusTotal shows has_2fa, which contradicts the list." : "",
      local.without.complete == true ? "" : "The list of members without a second factor was not read completely.",
    ])) if member.second_factor == "unknown"
  }

  # Members without a login. VirusTotal shows administrators the last login, the e-mail address and the quotas of a member: if
  # one of the others is shown, and the last login is not, there was none. New accounts are given time to log in, so the date of
  # creation is needed too.
  never_logged_in = {
    for id, member in local.members : id => member.user_since
    if length(member.last_logins) == 0 && (length(member.emails) > 0 || member.shows_quotas)
  }

  # The quotas of each holder that are nearly used up or hidden. A quota with allowed = 0 cannot be used up: the feature is not
  # licensed, or the group has the quota. The last condition drops most quotas early, for speed. It does not drop hidden ones,
  # because a comparison with null is an error, which try() makes false.
  share = coalesce(var.quota_share, 1)
  quotas = {
    for holder in flatten([
      for list, holders in local.holders : [
        for holder in holders : {
          who      = list == "group" ? var.group_id : holder.id
          required = list == "group"
          shown = [
            for quotas in [holder.quotas] : [
              for name, quota in quotas : {
                name = name
                state = (
                  try(quota.allowed <= 0, false) || !(var.quotas == null ? name != "intelligence_hunting_rules" : contains(local.named_quotas, name)) ? "ok"
                  : try(quota.allowed != null && quota.utilization != null, false) ? "used"
                  : "hidden"
                )
              } if !try(quota.allowed <= 0 || quota.utilization < local.share, false)
            ] if quotas != null
          ]
        }
      ]
    ]) : holder.who => holder... if local.asked.quota_nearly_used_up
  }
  quotas_used = { for who, copies in local.quotas : who => sort(distinct([for quota in flatten(copies[*].shown) : quota.name if quota.state == "used"])) }
  quotas_hidden = [
    for who, copies in local.quotas : who if alltrue([for copy in copies : length(copy.shown) == 0])
    || anytrue([for copy in copies : copy.required && length(copy.shown) == 0]) || anytrue([for quota in flatten(copies[*].shown) : quota.state == "hidden"])
  ]

  # A quota in var.quotas that VirusTotal shows for no account or group is misspelled, hidden, or no longer exists. This is a map
  # rather than an if clause, because Terraform evaluates an if clause once even for an empty list.
  named_quotas = coalesce(var.quotas, [])
  has_quota = {
    for name in local.named_quotas : name => anytrue(flatten([
      for list, holders in local.holders : [for holder in holders : [for quotas in [holder.quotas] : contains(keys(quotas), name) if quotas != null]]
    ]))
  }
  quotas_of_nobody = [for name, has in local.has_quota : name if !has]
  no_named_quota   = length(local.named_quotas) > 0 && length(local.quotas_of_nobody) == length(local.named_quotas)

  # Administrators cannot see other users' privileges, so those of members are audited if they are shown, but not reported as
  # hidden otherwise. Expired privileges are not findings. A privilege without any attributes is hidden.
  privileges = {
    for holder in flatten([
      for list, holders in local.holders : [
        for holder in holders : {
          who      = list == "group" ? var.group_id : holder.id
          required = list == "group" || list == "service_accounts"
          shown = [
            for privileges in [holder.privileges] : [
              for name, privilege in privileges : {
                name = try("${name} (${privilege.expiration_date})", name)
                state = (
                  try(privilege.granted == null && privilege.expiration_date == null, true) ? "hidden"
                  : try(privilege.granted != false && timecmp(privilege.expiration_date, local.at) >= 0 && timecmp(privilege.expiration_date, local.ends_before) < 0, false) ? "ends"
                  : "ok"
                )
              }
            ] if privileges != null
          ]
        }
      ]
    ]) : holder.who => holder... if local.asked.privilege_ends
  }
  privileges_ending = { for who, copies in local.privileges : who => sort(distinct([for privilege in flatten(copies[*].shown) : privilege.name if privilege.state == "ends"])) }
  privileges_hidden = [
    for who, copies in local.privileges : who
    if anytrue([for copy in copies : copy.required && length(copy.shown) == 0]) || anytrue([for privilege in flatten(copies[*].shown) : privilege.state == "hidden"])
  ]
  privileges_shown = [for who, copies in local.privileges : who if anytrue([for copy in copies : length(copy.shown) > 0])]

  # The attributes that VirusTotal did not send, and the controls that need them.
  not_sent = [
    {
      attribute = "the last login", controls = ["dormant", "never_logged_in"]
      ids       = [for id, member in local.members : id if length(member.last_logins) == 0 && length(member.emails) == 0 && !member.shows_quotas]
    },
    {
      attribute = "the day the account was created", controls = ["never_logged_in"]
      ids       = [for id, user_since in local.never_logged_in : id if length(user_since) == 0]
    },
    {
      attribute = "the e-mail address", controls = ["foreign_mail_domain"]
      ids       = [for id, member in local.members : id if length(member.emails) == 0]
    },
    { attribute = "quotas", controls = ["quota_nearly_used_up"], ids = local.quotas_hidden },
    { attribute = "privileges", controls = ["privilege_ends"], ids = local.privileges_hidden },
  ]

  hidden = {
    for item in flatten([
      for missing in local.not_sent : [for id in missing.ids : { id = id, attribute = missing.attribute }] if anytrue([for control in missing.controls : local.asked[control]])
    ]) : item.id => item.attribute...
  }

  foreign = {
    for id, member in local.members : id => distinct([
      for domain in [for email in member.emails : lower(try(regex("@([^@]*)$", email)[0], ""))] : domain if !contains(local.domains, domain)
    ])
  }

  measured = concat(
    [
      for id, member in local.members : {
        control = member.administrator ? "administrator_without_second_factor" : "no_second_factor"
        who     = id
        why     = "VirusTotal lists this member as having no second factor."
      } if member.second_factor == "off"
    ],
    [for id, why in local.second_factor_unknown : { control = "second_factor_unknown", who = id, why = why }],
    [
      for id, member in local.members : { control = "dormant", who = id, why = "The last login was on ${substr(sort(member.last_logins)[0], 0, 10)}." }
      if local.asked.dormant && anytrue([for login in member.last_logins : try(timecmp(login, local.dormant_before) < 0, false)])
    ],
    [
      for id, user_since in local.never_logged_in :
      { control = "never_logged_in", who = id, why = "No login since the account was created on ${substr(sort(user_since)[0], 0, 10)}." }
      if local.asked.never_logged_in && anytrue([for since in user_since : try(timecmp(since, local.dormant_before) < 0, false)])
    ],
    [
      for id, domains in local.foreign : {
        control = "foreign_mail_domain", who = id
        why     = "The domain of the e-mail address is not allowed: ${join(", ", [for domain in domains : domain == "" ? "none" : domain])}."
      } if local.asked.foreign_mail_domain && length(domains) > 0
    ],
    [
      for who, names in local.quotas_used : {
        control = "quota_nearly_used_up", who = who
        why     = "${coalesce(var.quota_share, 0) * 100} % or more used: ${join(", ", names)}."
      } if length(names) > 0
    ],
    [
      for who, names in local.privileges_ending : {
        control = "privilege_ends", who = who
        why     = "Expires within ${coalesce(var.privilege_days, 0)} days: ${join(", ", names)}."
      } if length(names) > 0
    ],
    [
      for administrators in local.administrators.complete == true ? [local.reviews.administrators.shown] : [] :
      { control = "too_few_administrators", who = var.group_id, why = "There are fewer than ${coalesce(var.minimum_administrators, 0)} administrators." }
      if length(administrators) < coalesce(var.minimum_administrators, 0)
    ],
    [for id in local.unavailable : { control = "unavailable", who = id, why = "VirusTotal lists this account without attributes." }],
    [for who, attributes in local.hidden : { control = "hidden", who = who, why = "VirusTotal does not show ${join(", ", sort(distinct(attributes)))}." }],
    [
      for names in [local.quotas_of_nobody] : { control = "hidden", who = var.group_id, why = "VirusTotal shows no account or group with these quotas: ${join(", ", sort(names))}. Each is misspelled, hidden, or no longer exists." }
      if length(names) > 0 && local.asked.quota_nearly_used_up
    ],
    [
      for unread in [local.unread] : {
        control = "incomplete", who = var.group_id
        why = join(" ", compact([
          local.no_members ? "VirusTotal lists no members of the group." : "",
          length(local.truncated) > 0 ? "Not read completely: ${join(", ", sort([for name in local.truncated : local.list_titles[name]]))}." : "",
        ]))
      } if length(unread) > 0
    ],
  )

  list_titles = {
    members          = "the members"
    without          = "the members without a second factor"
    with             = "the members with a second factor"
    administrators   = "the administrators"
    service_accounts = "the service accounts"
  }
}
