# SPDX-License-Identifier: MPL-2.0

# The controls about quotas and privileges, which the group has as well as accounts. See rows_accounts.tf.

locals {
  share = coalesce(var.quota_share, 1)

  # The objects that have quotas and privileges. The group's ID is "".
  holders = [
    local.shown.members,
    local.shown.administrators,
    local.shown.service_accounts,
    local.group_refused || local.group == null ? [] : [merge({ for name in ["quotas", "privileges"] : name => local.group[name] }, { id = "" })],
  ]

  # Rates come and go within a minute, and intelligence_hunting_rules counts existing rules.
  judged = {
    for name in toset(flatten(values(local.names_in))) : name => true
    if var.quotas == null ? (
      name != "intelligence_hunting_rules" && name != "api_requests_hourly" && !endswith(name, "_per_minute")
    ) : contains(coalesce(var.quotas, []), name)
  }
  quota_names = merge(
    { for id, account in local.accounts : id => account.quotas },
    { for id in keys(local.populations.group_object.of) : id => local.group.quotas == null ? [] : [jsonencode(keys(local.group.quotas))] },
  )
  # Terraform normalizes also what jsonencode returns, so an escape and a mark in a name can become one character, which is no
  # JSON. The names are then looked up where they come from.
  quota_texts = toset(flatten(values(local.quota_names)))
  melted      = anytrue([for text in local.quota_texts : !can(jsondecode(text))])
  melted_names = {
    for names in flatten([
      for holders in local.holders : [for holder in holders : { names = keys(holder.quotas) } if holder.quotas != null] if local.melted
    ]) : jsonencode(names.names) => names.names...
  }
  names_in      = { for text in local.quota_texts : text => try(jsondecode(text), local.melted_names[text][0]) }
  shows_judged  = { for text, names in local.names_in : text => anytrue([for name in names : can(local.judged[name])]) }
  quotas_nobody = [for name in coalesce(var.quotas, []) : name if !can(local.judged[name])]

  # An object only for those who may have a quota at the share, or one that cannot be judged: most have neither.
  suspects = {
    for suspect in flatten([
      for holders in local.holders : [
        for holder in holders : {
          id = holder.id
          quotas = [
            for name, quota in holder.quotas : {
              name   = name
              hidden = try(quota.allowed < 0 || quota.used < 0, false) || !try(quota.allowed == 0 || quota.utilization >= 0, false)
              figure = try(format("%s: %d %% (%s of %s)", name, floor(quota.used * 100 / quota.allowed),
                strrev(join(",", regexall(".{1,3}", strrev(tostring(quota.used))))), strrev(join(",", regexall(".{1,3}", strrev(tostring(quota.allowed)))))
              ), "")
              } if can(local.judged[name]) && !try(
              min(quota.allowed, quota.used) >= 0 && quota.utilization < local.share || quota.allowed == 0 && quota.used >= 0,
              try(quota.allowed == 0 && quota.used == null, false)
            )
          ]
        }
        if holder.quotas == null ? false : !try(
          max(values(holder.quotas)[*].utilization...) < local.share &&
          min(concat(values(holder.quotas)[*].used, values(holder.quotas)[*].allowed)...) >= 0,
          length(holder.quotas) == 0
        )
      ]
    ]) : suspect.id => suspect.quotas... if can(local.enabled.quota_nearly_used_up)
  }
  quotas_used   = { for id, copies in local.suspects : id => { for quota in flatten(copies) : quota.name => quota.figure... if !quota.hidden } }
  quotas_hidden = { for id, copies in local.suspects : id => distinct([for quota in flatten(copies) : "quotas.${quota.name}" if quota.hidden]) }

  # Who shows a judged quota, and who shows none at all. If a named quota is shown by nobody, everybody.
  quota_holders = {
    for id, names in local.quota_names : id => true
    if length(local.quotas_nobody) > 0 || length(names) == 0 || can(local.partly[id].quotas) || anytrue([for copy in names : local.shows_judged[copy]])
  }
  quotas_missing = {
    for id in keys(local.quota_holders) : id => distinct(concat(
      length(local.quota_names[id]) == 0 ? length(local.judged) == 0 && length(local.quotas_nobody) > 0 ? [] : ["quotas"] : try(local.quotas_hidden[id], []),
      can(local.partly[id].quotas) ? ["quotas"] : [],
      [for name in local.quotas_nobody : "quotas.${name}"],
    ))
  }

  # Privileges that VirusTotal shows. Terraform shows an end in RFC 3339.
  privileges = {
    for holder in flatten([
      for holders in local.holders : [
        for holder in holders : {
          id = holder.id
          privileges = [
            for name, privilege in holder.privileges : {
              name = name
              end  = try(substr(privilege.expiration_date, 0, 10), "")
              state = (
                try(privilege.granted == false, false) ? "ok"
                : try(privilege.expiration_date == null, true) ? try(privilege.granted == true, false) ? "ok" : "unknown"
                : !try(timecmp(privilege.expiration_date, local.earliest) >= 0, false) ? "unknown"
                : try(timecmp(privilege.expiration_date, local.at) >= 0 && timecmp(privilege.expiration_date, local.ends_before) < 0, false) ? "ends"
                : try(timecmp(privilege.expiration_date, local.at) < 0 && timecmp(privilege.expiration_date, local.ended_after) >= 0, false) ? "ended"
                : "ok"
              )
            }
          ]
        } if holder.privileges != null
      ]
    ]) : holder.id => holder.privileges... if can(local.enabled.privilege_ends)
  }
  privileges_ending = {
    for id, copies in local.privileges : id => {
      for privilege in flatten(copies) : privilege.name => "${privilege.name} ${privilege.state} on ${privilege.end}"... if startswith(privilege.state, "end")
    }
  }
  privileges_missing = {
    for id, copies in local.privileges : id => distinct(concat(
      [for privilege in flatten(copies) : "privileges.${privilege.name}" if privilege.state == "unknown"],
      local.partly_privileged[id] ? ["privileges"] : [],
    ))
  }
  partly_privileged = {
    for id in keys(local.privileges) : id => can(local.partly[id].privileges) && try(local.accounts[id].service_account, false)
  }
  # VirusTotal shows an administrator no other member's privileges, so those of members count only where they are shown.
  privilege_holders = merge(
    { for id in keys(local.populations.group_object.of) : id => true },
    { for id in keys(local.populations.service_accounts.of) : id => true },
    { for id in keys(local.privileges) : id => true },
  )

  rows_of_holdings = {
    quota_nearly_used_up = {
      of      = { of = local.quota_holders, lists = concat(local.account_lists, local.group_lists) }
      needs   = "quotas"
      missing = { for id, what in local.quotas_missing : id => what if length(what) > 0 }
      because = {
        for id in keys(local.quota_holders) : id => "VirusTotal shows nobody's ${join(", ", slice(local.quotas_nobody, 0, min(5, length(local.quotas_nobody))))}${length(local.quotas_nobody) > 5 ? " and ${length(local.quotas_nobody) - 5} more" : ""}: misspelled, hidden, or no longer there."
        if length(local.quotas_nobody) > 0
      }
      seen = { for id in keys(local.quota_holders) : id => true if length(local.quotas_missing[id]) == 0 || length(try(local.quotas_used[id], {})) > 0 }
      findings = {
        for id, used in local.quotas_used : id => {
          why  = "${join(", ", slice([for figures in values(used) : figures[0]], 0, min(5, length(used))))}${length(used) > 5 ? " and ${length(used) - 5} more" : ""}."
          what = keys(used)
        } if length(used) > 0
      }
    }

    privilege_ends = {
      of      = { of = local.privilege_holders, lists = concat(local.account_lists, local.group_lists) }
      needs   = "privileges"
      missing = { for id, what in local.privileges_missing : id => what if length(what) > 0 }
      seen = {
        for id in keys(local.privilege_holders) : id => true
        if can(local.privileges[id]) && (length(try(local.privileges_missing[id], [])) == 0 || length(try(local.privileges_ending[id], {})) > 0)
      }
      findings = {
        for id, ending in local.privileges_ending : id => {
          why  = "${join(", ", slice([for ends in values(ending) : ends[0]], 0, min(5, length(ending))))}${length(ending) > 5 ? " and ${length(ending) - 5} more" : ""}."
          what = keys(ending)
        } if length(ending) > 0
      }
    }
  }
}
