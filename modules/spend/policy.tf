# SPDX-License-Identifier: MPL-2.0

# The policy in force: the quotas, the budgets, the waivers, and the controls that are enabled. Nothing here fails on a wrong
# policy: refusals.tf says what is wrong with it.

locals {
  catalogue  = jsondecode(file("${path.module}/controls.json"))
  severities = ["critical", "high", "medium", "low"]
  rank       = { for i, severity in local.severities : severity => i }

  # What must not reach a terminal or the log of a pipeline: control characters, characters that change the direction of text,
  # and the beginning of a command to the pipeline. Terraform wraps messages, so any word can begin a line.
  unprintable = "/[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]|::+|##+[[:alpha:]]*\\[/"

  # The quotas that VirusTotal breaks down by account and month.
  known_quotas = [
    "api_requests_monthly", "intelligence_downloads_monthly", "intelligence_retrohunt_jobs_monthly", "intelligence_searches_monthly",
    "intelligence_vtdiff_creation_monthly", "private_scans_monthly", "private_urlscans_monthly",
  ]
  api    = "api_requests_monthly"
  quotas = sort(distinct(concat([local.api], [for quota in var.quotas : quota if try(contains(local.known_quotas, quota), false)])))

  # Budgets by quota.
  budgets = {
    for quota in local.quotas : quota => {
      group    = try(tonumber(var.budgets[quota].group), null)
      each     = try(tonumber(var.budgets[quota].each), null)
      accounts = try({ for id, budget in var.budgets[quota].accounts : id => tonumber(budget) }, {})
      named    = try(var.budgets[quota].accounts != null, false)
    }
  }
  group_budgets   = [for quota, budget in local.budgets : quota if budget.group != null]
  account_budgets = [for quota, budget in local.budgets : quota if budget.each != null || length(budget.accounts) > 0]
  exclusive       = [for quota, budget in local.budgets : quota if budget.named && budget.each == null]

  # The quotas that a budget names an account in.
  named = {
    for entry in flatten([for quota, budget in local.budgets : [for id in keys(budget.accounts) : { id = id, quota = quota }]]) : entry.id => entry.quota...
  }
  members = { for id in coalesce(var.members, []) : id => true if id != null }

  # A waiver without who is for the group, whose results have no name. A waiver is valid until the end of its last day, and one
  # that its own account approved covers nothing.
  given_waivers = [
    for waiver in try([for waiver in var.waivers : waiver], []) : {
      who         = try(coalesce(tostring(waiver.who)), "")
      control     = try(coalesce(tostring(waiver.control)), "")
      reason      = try(coalesce(tostring(waiver.reason)), "")
      approved_by = try(coalesce(tostring(waiver.approved_by)), "")
      until       = try(coalesce(tostring(waiver.until)), "")
      ticket      = try(coalesce(tostring(waiver.ticket)), "")
      what        = try(sort(distinct([for name in waiver.what : tostring(name)])), [])
    }
  ]
  waivers = [
    for waiver in local.given_waivers : merge(waiver, {
      key     = "${waiver.control}\n${waiver.who}"
      expired = try(timecmp("${waiver.until}T00:00:00Z", "${local.today}T00:00:00Z") < 0, true)
      self    = waiver.who != "" && lower(trimspace(waiver.who)) == lower(trimspace(waiver.approved_by))
    }) if can(local.enabled[waiver.control])
  ]
  valid_waivers = [for waiver in local.waivers : waiver if !waiver.expired && !waiver.self]

  # The controls that the policy turns off.
  off = {
    over_budget            = length(local.group_budgets) + length(local.account_budgets) == 0
    over_budget_soon       = length(local.group_budgets) + length(local.account_budgets) == 0
    without_budget         = length(local.exclusive) == 0
    budget_stale           = length(local.named) == 0 || var.members == null && local.history == 0
    unused_service_account = local.history == 0
    sudden_rise            = var.rise_factor == null
    spend_self_approved    = length(local.given_waivers) == 0
    spend_waiver_expired   = length(local.given_waivers) == 0
    spend_waiver_stale     = length(local.given_waivers) == 0
  }
  skipped = merge({ for control, off in local.off : control => "switched off by the policy" if off }, var.skip)
  enabled = { for control in keys(local.catalogue) : control => true if !can(local.skipped[control]) }
}
