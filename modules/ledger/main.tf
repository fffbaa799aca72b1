# SPDX-License-Identifier: MPL-2.0

# Records since when each finding of an audit has been open. It is a root module that needs no provider, no API key and no
# resources: the ledger is its output "recorded". See README.md.

terraform {
  required_version = ">= 1.5"
}

locals {
  report = jsondecode(file(var.results))
  at     = local.report.at

  past = {
    changed_at = try(coalesce(var.recorded.changed_at), "")
    findings   = try(var.recorded.findings, {})
    policies   = try(var.recorded.policies, {})
    last       = { for change in ["new", "gone", "worse", "eased", "policy_changed"] : change => try(var.recorded.last[change], []) }
  }

  # Names as IDs of results have them: modules/audit encodes "/" and "%".
  encoded = {
    for name in toset(concat(keys(local.report.controls), tolist(var.forget))) :
    name => lower(replace(replace(replace(name, "%", "%25"), "/\\/(\\p{M}*?)\u0307/", "%2F$${1}%CC%87"), "/", "%2F"))
  }

  # What was recorded, without what is to be forgotten: IDs of findings, and groups.
  forget   = { for name in toset(flatten([for name in var.forget : [lower(name), local.encoded[name]]])) : name => true }
  before   = { for id, f in local.past.findings : id => f if !can(local.forget[id]) && !can(local.forget[split("/", id)[0]]) }
  policies = { for group, sha256 in local.past.policies : group => sha256 if !can(local.forget[group]) }
}
