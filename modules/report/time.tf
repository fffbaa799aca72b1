# SPDX-License-Identifier: MPL-2.0

locals {
  # Unix milliseconds of the audit's times. Days are counted from 1 March of year 0 in the proleptic Gregorian calendar, so that
  # the leap day is the last day of a year.
  unix = { for at in toset(concat([var.at], [for e in values(local.evidence) : e.at if can(formatdate("YYYY", e.at))])) : at => [
    for utc in [timeadd(at, "0s")] : [
      for month in [tonumber(formatdate("M", utc))] : [
        for year in [tonumber(formatdate("YYYY", utc)) - (month <= 2 ? 1 : 0)] : sum([
          sum([
            year * 365, floor(year / 4), -floor(year / 100), floor(year / 400),
            floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5), tonumber(formatdate("D", utc)) - 1, -719468,
          ]) * 86400000,
          tonumber(formatdate("h", utc)) * 3600000, tonumber(formatdate("m", utc)) * 60000, tonumber(formatdate("s", utc)) * 1000,
          floor(try(tonumber("0${regex("[.][0-9]+", at)}"), 0) * 1000),
        ])
      ][0]
    ][0]
  ][0] }
}
