# SPDX-License-Identifier: MPL-2.0

# What was read, and whether it was read to its end.

locals {
  # Terraform decodes a data source at each reference, but a local value only once.
  group            = data.virustotal_group.itself
  usage            = data.virustotal_group_api_usage.days
  service_accounts = data.virustotal_group_service_accounts.all
  consumption      = { for list, period in local.periods : list => data.virustotal_group_users_consuming_quota.month[list] }

  # The arguments of what was refused are known, so its other attributes are looked at.
  group_refused = local.group.hidden_attributes == null
  usage_refused = local.usage.daily == null && local.usage.total == null

  lists = merge(
    {
      group     = { refused = local.group_refused, whole = true, unreadable = local.group.unreadable, count = local.group_refused ? 0 : 1 }
      api_usage = { refused = local.usage_refused, whole = true, unreadable = local.usage.unreadable, count = local.usage_refused ? 0 : 1 }
      service_accounts = {
        refused    = local.service_accounts.ids == null
        whole      = local.service_accounts.complete == true
        unreadable = local.service_accounts.unreadable
        count      = length(coalesce(local.service_accounts.ids, []))
      }
    },
    {
      for list, consumers in local.consumption : list => {
        refused    = consumers.ids == null
        whole      = consumers.complete == true
        unreadable = consumers.unreadable
        count      = length(coalesce(consumers.ids, []))
      }
    },
  )
  complete = { for name, list in local.lists : name => !list.refused && list.whole }

  list_titles = merge(
    { group = "the group itself", api_usage = "the requests by day", service_accounts = "the service accounts" },
    { for list, period in local.periods : list => "who consumed ${period.quota} in ${period.month}" },
  )

  # Consumption by list and account. Null is not known: a number that VirusTotal does not show, or a negative one.
  # An ID can be in a list twice: Terraform normalizes strings, so two IDs can become equal.
  consumed = {
    for list, consumers in local.consumption : list => merge(
      { for id in toset(coalesce(consumers.ids, [])) : id => null },
      { for id, n in coalesce(consumers.consumed, {}) : id => try(n >= 0, false) ? n : null },
    )
  }

  # By quota: the lists of this month, the month before, and all months that are read.
  now_list     = { for quota in local.quotas : quota => "${quota} ${local.months_read[0]}" }
  last_list    = { for quota in local.quotas : quota => local.history > 0 ? "${quota} ${local.months_read[1]}" : "" }
  period_lists = keys(local.periods)
}
