# SPDX-License-Identifier: MPL-2.0

# The group's API requests by day. VirusTotal counts the requests of today in `used` as well.

locals {
  answered = coalesce(local.usage.daily, {})
  counted  = { for date, counts in local.answered : date => try(length(counts) == 0 ? 0 : sum(values(counts)), null) }

  # A negative count, or requests of a day that has not come yet: nothing of this answer is believed.
  contradicted = anytrue(flatten([
    false,
    [for date, counts in local.answered : [for n in try(values(counts), []) : try(n < 0, false)]],
    [for date, n in local.counted : try(timecmp("${date}T00:00:00Z", "${local.today}T00:00:00Z") > 0 && n != 0, true) if n != null],
  ]))

  # A day that is missing had no requests if the others add up to what was used, within a tenth.
  month_days  = slice(local.days_before, 0, tonumber(formatdate("D", local.at)))
  month_known = [for date in local.month_days : local.counted[date] if try(local.counted[date] != null, false)]
  month_sum   = length(local.month_known) == 0 ? 0 : sum(local.month_known)
  adds_up     = local.usage.daily != null && try(abs(local.month_sum - local.used[local.api]) * 10 <= local.used[local.api], false)
  by_day = {
    for date in local.days_before : date => (
      local.contradicted ? null : try(local.counted[date] != null, false) ? local.counted[date] : local.adds_up ? 0 : null
    )
  }

  # The pace is the mean of the last seven full days or, where that is lower, of the last 21: otherwise one busy day would raise
  # it for a week.
  week     = [for date in slice(local.days_before, 1, 8) : local.by_day[date]]
  weeks    = [for date in slice(local.days_before, 1, 22) : local.by_day[date]]
  api_pace = try(min(sum(local.week) / 7, sum(local.weeks) / 21), null)

  # What was used is that of another time.
  at_another_time = !local.at_is_now && !local.adds_up

  # The last full day, and the same weekday in the four weeks before it.
  yesterday     = local.days_before[1]
  same_weekdays = [for week in [1, 2, 3, 4] : local.by_day[local.days_before[1 + 7 * week]]]
  busiest       = try(max([for n in local.same_weekdays : n + 0]...), null)
  rise_known    = local.by_day[local.yesterday] != null && local.busiest != null
  rose          = try(local.by_day[local.yesterday] > var.rise_factor * local.busiest && local.by_day[local.yesterday] > 1000, false)
}
