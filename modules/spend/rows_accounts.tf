# SPDX-License-Identifier: MPL-2.0

# The controls about the requests by day, and about service accounts. Each is one row:
#
#   of        the population, and the lists that it comes from. The group has the ID ""
#   seen      who could be judged. Everybody else is unknown, for want of `needs`
#   missing   what is missing of whom, where that is not `needs`: [] where a list that was not read is why
#   because   why it is not known
#   findings  what is wrong: why, and the quotas concerned

locals {
  group_itself = { "" = true }

  # A day of creation that is evidence.
  since = {
    for id in keys(local.machines) : id => [
      for since in try(local.created[id], []) : since if try(timecmp(since, local.earliest) >= 0 && timecmp(since, local.latest) <= 0, false)
    ]
  }
  # Whoever was created after the first of the months that are read, and the key's own account, need not have used anything.
  settled = {
    for id, since in local.since : id => true
    if id != local.key_owner && !try(timecmp(since[0], local.oldest_first) > 0, false)
  }
  idle = {
    for id in keys(local.settled) : id => true
    if !local.watched[id].some && length(local.watched[id].hidden) == 0 && !local.watched[id].cut
  }

  rows_of_accounts = {
    sudden_rise = {
      of      = { of = local.group_itself, lists = ["api_usage"] }
      needs   = "api_usage"
      missing = local.usage_refused ? { "" = [] } : { for id in keys(local.group_itself) : id => ["api_usage"] if !local.rise_known }
      because = { for id in keys(local.group_itself) : id => local.contradicted || !local.rise_known ? replace(local.unpaced_because, "/^The time.*/", "VirusTotal does not show each day's requests.") : "" }
      seen    = { for id in keys(local.group_itself) : id => true if local.rise_known }
      findings = {
        for id in keys(local.group_itself) : id => {
          what = []
          why = "${formatdate("EEEE, D MMMM", "${local.yesterday}T00:00:00Z")}, had ${local.figures[local.by_day[local.yesterday]]} requests. There were ${
            local.busiest == 0 ? "no requests" : "at most ${local.figures[local.busiest]}"
          } on the four ${formatdate("EEEE", "${local.yesterday}T00:00:00Z")}s before."
        } if local.rise_known && local.rose
      }
    }

    unused_service_account = {
      of    = { of = local.settled, lists = concat(["service_accounts"], local.period_lists) }
      needs = "consumed"
      missing = {
        for id in keys(local.settled) : id => (
          can(local.idle[id]) ? ["user_since"] : distinct(local.watched[id].hidden)
        ) if !local.watched[id].some && (!can(local.idle[id]) || length(local.since[id]) == 0)
      }
      because = {
        for id in keys(local.settled) : id => (
          can(local.idle[id]) ? "VirusTotal does not show when the account was created." : "VirusTotal does not show how much the account consumed."
        ) if !local.watched[id].some
      }
      seen = { for id in keys(local.settled) : id => true if local.watched[id].some || can(local.idle[id]) && length(local.since[id]) > 0 }
      findings = {
        for id in keys(local.idle) : id => { why = "Consumed nothing of ${join(", ", local.quotas)} in ${join(" and ", reverse(local.months_read))}.", what = [] }
        if length(local.since[id]) > 0
      }
    }
  }
}
