# SPDX-License-Identifier: MPL-2.0

# Records since when each finding of an audit has been open. It is a root module that needs no provider, no API key and no
# resources: the ledger is its output "recorded". See README.md.

terraform {
  required_version = ">= 1.5"
}

locals {
  report = jsondecode(file(var.results))
  at     = local.report.at

  empty = { changed_at = "", findings = {}, policies = {}, last = { new = [], gone = [], worse = [], eased = [], policy_changed = [] } }
  given = var.recorded == null ? null : var.recorded
  past  = jsondecode(local.given == null ? jsonencode(local.empty) : jsonencode(local.given))

  # What was recorded, without what is to be forgotten: ids of findings, and groups.
  forget   = { for name in var.forget : lower(name) => true }
  before   = { for id, f in local.past.findings : id => f if !can(local.forget[id]) && !can(local.forget[split("/", id)[0]]) }
  policies = { for group, sha256 in local.past.policies : group => sha256 if !can(local.forget[group]) }
}
