# SPDX-License-Identifier: MPL-2.0

locals {
  severities = ["critical", "high", "medium", "low"]
  rank       = { for i, severity in local.severities : severity => i }

  # The results, most severe first, then by control, group and name: Terraform iterates over maps in the order of their keys.
  # The id makes the keys unique.
  ordered = values({
    for id, r in var.results : join("\u0000", [local.rank[r.severity], r.control, r.group, r.who, id]) => merge(r, {
      id    = id
      who   = r.who == "" ? r.group : r.who
      fails = can(local.fails[id])
      title = try(var.controls[r.group][r.control].title, r.control)
    })
  })

  open   = [for r in local.ordered : r if r.status != "waived"]
  waived = [for r in local.ordered : r if r.status == "waived"]

  # One table per severity and control.
  sections = [for rows in values({
    for r in local.open : join("\u0000", [local.rank[r.severity], r.control, r.title]) => r...
  }) : { severity = rows[0].severity, control = rows[0].control, title = rows[0].title, rows = rows }]

  fails = { for id in coalesce(var.failing, []) : id => true }

  summary = {
    alarm       = length([for r in local.open : r if r.status == "alarm"])
    error       = length([for r in local.open : r if r.status == "error"])
    waived      = length(local.waived)
    by_severity = { for severity in local.severities : severity => length([for r in local.open : r if r.severity == severity]) }
  }

  groups = sort(toset(concat(keys(var.controls), keys(var.evidence), [for r in local.ordered : r.group])))

  # The controls of all groups, in the order of the results.
  all_controls = values({
    for c in flatten([for group, controls in var.controls : [for id, c in controls : merge(c, { id = id, group = group })]]) :
    join("\u0000", [local.rank[c.severity], c.id, c.group]) => c
  })
  skipped = [for c in local.all_controls : c if c.status == "skip"]

  # The number of controls that could not be evaluated completely. Such a control may have no result with an error.
  unevaluated = length([for c in local.all_controls : c if c.status == "error"])

  evidence = {
    for group, e in var.evidence : group => {
      at                = e.at
      members           = try(e.lists.members.count, null)
      administrators    = try(e.lists.administrators.count, null)
      service_accounts  = try(e.lists.service_accounts.count, null)
      requests_at_least = e.requests_at_least
      policy            = e.policy_sha256
    }
  }

  evidence_counts = [
    { key = "members", label = "Members" },
    { key = "administrators", label = "Administrators" },
    { key = "service_accounts", label = "Service accounts" },
    { key = "requests_at_least", label = "Requests, at least" },
  ]

  # The catalogue of controls. If titles or severities differ between groups, it has all titles and the highest severity.
  versions = { for c in local.all_controls : c.id => c... }
  used     = { for r in local.ordered : r.control => r.severity... }
  catalogue = {
    for id in setunion(keys(local.versions), keys(local.used)) : id => {
      title = join(" / ", distinct([for c in try(local.versions[id], []) : c.title]))
      severity = local.severities[min([
        for severity in concat([for c in try(local.versions[id], []) : c.severity], try(local.used[id], [])) : local.rank[severity]
      ]...)]
      risk    = try(local.versions[id][0].risk, "")
      remedy  = try(local.versions[id][0].remedy, "")
      maps_to = try(local.versions[id][0].maps_to, {})
    }
  }
}
