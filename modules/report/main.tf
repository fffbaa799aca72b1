# SPDX-License-Identifier: MPL-2.0

locals {
  severities = ["critical", "high", "medium", "low"]
  rank       = { for i, severity in local.severities : severity => i }

  # What audits and spends have in common.
  parts = concat(
    [for a in local.audits : { audit = true, results = a.results, controls = a.controls, failing = a.failing, evidence = { group = a.evidence.group, fail_on = a.evidence.fail_on } }],
    [for s in local.spends : { audit = false, results = s.results, controls = s.controls, failing = s.failing, evidence = { group = s.evidence.group, fail_on = s.evidence.fail_on } }],
  )
  groups   = sort(toset(local.parts[*].evidence.group))
  results  = merge(local.parts[*].results...)
  controls = { for group in local.groups : group => merge([for p in local.parts : p.controls if p.evidence.group == group]...) }
  evidence = { for a in local.audits : a.evidence.group => a.evidence }

  failing  = { for id in flatten(local.parts[*].failing) : id => true }
  judged   = [for c in local.all_controls : c if c.status != "skip"]
  verdict  = length(local.failing) > 0 ? "failed" : length(local.judged) == 0 ? "nothing audited" : "passed"
  unsure   = [for c in local.judged : c if c.status == "error" || c.unknown > 0]
  all_seen = length(local.unsure) + local.summary.error == 0

  # The results, most severe first, then by control, group and name: Terraform iterates over maps in the order of their keys.
  # The ID makes the keys unique.
  ordered = values({
    for id, r in local.results : join("\u0000", concat([local.rank[r.severity]], [for t in [r.control, r.group, r.who, id] : local.any_marks ? local.raw[t][0] : t])) => merge(r, {
      id    = id
      order = local.any_marks ? local.raw[r.control][0] : r.control
      fails = can(local.failing[id])
      title = try(local.controls[r.group][r.control].title, r.control)
    })
  })
  open   = [for r in local.ordered : r if r.status != "waived"]
  waived = [for r in local.ordered : r if r.status == "waived"]

  # One table per severity and control.
  sections = [for rows in values({
    for r in local.open : join("\u0000", [local.rank[r.severity], r.order, r.control, r.title]) => r...
  }) : { severity = rows[0].severity, control = rows[0].control, title = rows[0].title, rows = rows }]

  summary = {
    alarm       = length([for r in local.open : r if r.status == "alarm"])
    error       = length([for r in local.open : r if r.status == "error"])
    waived      = length(local.waived)
    skipped     = length(local.skipped)
    unsure      = length(local.unsure)
    by_severity = { for severity in local.severities : severity => length([for r in local.open : r if r.severity == severity]) }
  }

  # The controls of all groups, in the order of the results.
  all_controls = values({
    for c in flatten([for group, controls in local.controls : [for id, c in controls : merge(c, { id = id, group = group })]]) :
    join("\u0000", [local.rank[c.severity], c.id, c.group]) => c
  })

  # A control is skipped by the policy's `skip`, with a reason, or switched off by what the policy leaves out.
  switched_off = "switched off by the policy"
  skipped      = [for c in local.all_controls : c if c.status == "skip" && c.skipped_because != local.switched_off]
  off          = [for c in local.all_controls : c if c.status == "skip" && c.skipped_because == local.switched_off]

  # The catalogue of controls. A rule has the catalogue's severity; a result has that of its group.
  versions = { for c in local.all_controls : c.id => c... }
  used     = { for r in local.ordered : r.control => r.severity... }
  catalogue = {
    for id in setunion(keys(local.versions), keys(local.used)) : id => {
      title       = join(" / ", distinct([for c in try(local.versions[id], []) : c.title]))
      requirement = try(local.versions[id][0].requirement, "")
      severity    = try(coalesce(local.versions[id][0].default_severity), local.versions[id][0].severity, local.used[id][0])
      risk        = try(local.versions[id][0].risk, "")
      remedy      = try(local.versions[id][0].remedy, "")
      maps_to     = try(local.versions[id][0].maps_to, {})
    }
  }

  # Why a control did not judge its whole population: from the results that leave it undecided, waived or not.
  undecided = { for x in distinct(flatten([for r in local.ordered : [
    for b in r.blocks : { key = "${r.group}\u0000${b}", why = r.why }
  ]])) : x.key => x.why... }

  # The population, sorted by what is wrong.
  population = { for a in local.audits : a.evidence.group => values({ for x in a.accounts : join("\u0000", [
    min(9, [for f in x.findings : local.rank[a.controls[f].severity] if can(a.controls[f])]...), format("%05d", 99999 - length(x.findings)), x.id,
  ]) => x }) }
  shown_population = { for group, accounts in local.population : group => [
    for x in slice(accounts, 0, min(500, length(accounts))) : merge(x, { others = [for r in x.roles : r if r != "USER_ROLE_GROUP_ADMIN"] })
  ] }

  # The time of the run, if it is more than an hour from the time of the audit.
  ran_at = try(timecmp(timeadd(local.run.time, "-1h"), var.at) > 0 || timecmp(timeadd(local.run.time, "1h"), var.at) < 0, false) ? local.run.time : ""
}
