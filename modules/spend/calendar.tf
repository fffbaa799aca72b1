# SPDX-License-Identifier: MPL-2.0

# The time of the run and the months that are read, all in UTC. A month ends at 00:00 UTC on the first day of the next.

locals {
  # timeadd keeps the offset, so the time is shifted by it before the offset is replaced.
  given = can(timeadd(var.at, "0s")) ? var.at : plantimestamp()
  zone  = regex("(?:[Zz]|([+-])(\\d\\d):(\\d\\d))$", local.given)
  at = local.zone[0] == null ? timeadd(local.given, "0s") : replace(
    timeadd(local.given, "${local.zone[0] == "+" ? "-" : ""}${local.zone[1]}h${local.zone[2]}m"), "/[+-]\\d\\d:\\d\\d$/", "Z"
  )
  today = substr(local.at, 0, 10)

  # What lies outside these is no evidence.
  earliest = "2004-01-01T00:00:00Z"
  latest   = try(timeadd(local.at, "24h"), local.at)

  # `used` of a group is that of the time of the run.
  at_is_now = timecmp(timeadd(local.at, "24h"), plantimestamp()) >= 0 && timecmp(timeadd(plantimestamp(), "24h"), local.at) >= 0

  first   = formatdate("YYYY-MM-01'T'00:00:00'Z'", local.at)
  next    = formatdate("YYYY-MM-01'T'00:00:00'Z'", timeadd(local.first, "768h"))
  days    = 32 - tonumber(formatdate("D", timeadd(local.first, "744h")))
  elapsed = tonumber(formatdate("D", local.at)) - 1 + tonumber(formatdate("h", local.at)) / 24 + tonumber(formatdate("m", local.at)) / 1440

  # The first days of this month and the two before it.
  before      = formatdate("YYYY-MM-01'T'00:00:00'Z'", timeadd(local.first, "-24h"))
  firsts      = [local.first, local.before, formatdate("YYYY-MM-01'T'00:00:00'Z'", timeadd(local.before, "-24h"))]
  days_last   = tonumber(formatdate("D", timeadd(local.first, "-24h")))
  months_read = [for i in range(1 + local.history) : substr(local.firsts[i], 0, 7)]
  history     = try(min(2, max(0, floor(var.history))), 0)

  # Today, yesterday, and so on.
  days_before = [for i in range(31) : substr(timeadd("${local.today}T00:00:00Z", "${- 24 * i}h"), 0, 10)]

  # What is read of consumption, by list.
  periods = merge([
    for month in local.months_read : { for quota in local.quotas : "${quota} ${month}" => { quota = quota, month = month } }
  ]...)
}
