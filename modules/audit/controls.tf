# SPDX-License-Identifier: MPL-2.0

# The catalogue of controls: title, severity, required lists, risk, remedy, and mapping to frameworks. See the table in
# README.md.

locals {
  catalogue = jsondecode(file("${path.module}/controls.json"))

  severities = { for control, entry in local.catalogue : control => lookup(var.severity, control, entry.severity) }
  rank       = { critical = 1, high = 2, medium = 3, low = 4 }

  by_absence = ["administrator_without_second_factor", "no_second_factor", "second_factor_unknown"]

  # The lists that each control needs.
  needs = merge({ for control, entry in local.catalogue : control => entry.needs }, {
    roster_stale = distinct(flatten([for list, review in local.reviews : review.needs if review.expected != null]))
    waiver_stale = keys(local.list_titles)
  })

  # The number of accounts or other subjects that each control evaluated.
  evaluated = {
    administrator_without_second_factor = length([for id, member in local.members : id if member.administrator && member.second_factor != "unknown"])
    no_second_factor                    = length([for id, member in local.members : id if !member.administrator && member.second_factor != "unknown"])
    second_factor_unknown               = length(local.members)
    unexpected_administrator            = length(local.reviews.administrators.shown)
    unexpected_member                   = length(local.members)
    unexpected_service_account          = length(local.reviews.service_accounts.shown)
    too_few_administrators              = 1
    dormant                             = length([for id, member in local.members : id if length(member.last_logins) > 0])
    never_logged_in                     = length(local.members) - length(local.not_sent[0].ids) - length(local.not_sent[1].ids)
    foreign_mail_domain                 = length([for id, member in local.members : id if length(member.emails) > 0])
    quota_nearly_used_up                = local.no_named_quota ? 0 : length(local.quotas) - length(local.quotas_hidden)
    privilege_ends                      = length(setsubtract(local.privileges_shown, local.privileges_hidden))
    review_overdue                      = 1
    roster_stale                        = length(toset(flatten([for ids in values(local.expected) : tolist(ids) if ids != null])))
    waiver_expired                      = length(local.waivers)
    waiver_stale                        = length([for waiver in local.waivers : waiver if waiver.valid])
    incomplete                          = 1
    unavailable                         = length(local.lists) + length(local.service_account_lists)
    hidden                              = length(local.members) + length(local.reviews.service_accounts.shown) + length(local.holders.group)
  }

  # The number of results by control and status.
  results_by = { for id, result in local.results : "${result.control}/${result.status}" => id... }
  counts = {
    for control in keys(local.catalogue) : control => {
      for status in ["alarm", "waived", "error"] : status => try(length(local.results_by["${control}/${status}"]), 0)
    }
  }

  # As long as a second factor is unknown, the controls about second factors are an error, even if second_factor_unknown is
  # skipped.
  second_factors_known = length(local.second_factor_unknown) == try(length(local.results_by["second_factor_unknown/waived"]), 0)

  controls = {
    for control, entry in local.catalogue : control => {
      title           = "${entry.title}${var.second_factor_by_absence && contains(local.by_absence, control) ? " (by absence: members who are not in the list of those without one)" : ""}"
      severity        = local.severities[control]
      risk            = entry.risk
      remedy          = entry.remedy
      maps_to         = { for framework, numbers in entry.maps_to : framework => tolist(numbers) }
      evaluated       = local.asked[control] ? local.evaluated[control] : 0
      alarms          = local.counts[control].alarm
      waived          = local.counts[control].waived
      errors          = local.counts[control].error
      skipped_because = lookup(local.skipped, control, "")

      status = (
        !local.asked[control] ? "skip"
        : local.counts[control].error > 0 || length(setintersection(local.needs[control], local.unread)) > 0 ? "error"
        : contains(["administrator_without_second_factor", "no_second_factor"], control) && !local.second_factors_known ? "error"
        : control == "quota_nearly_used_up" && local.no_named_quota ? "error"
        : local.counts[control].alarm > 0 ? "alarm"
        : "ok"
      )
    }
  }
}
