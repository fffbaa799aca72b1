# SPDX-License-Identifier: MPL-2.0

locals {
  # Label values. A line feed before a mark becomes a picture of one, because its escape would become one character with the mark.
  labels = { for t in toset(concat(
    local.groups, keys(local.catalogue), flatten([for s in local.spends : [keys(s.quotas), s.accounts[*].id, s.accounts[*].quota]]),
  )) : t => replace(replace(replace(replace(t, "/\n(\\pM*[${local.stand_in_class}])/", "␊$1"), "\\", "\\\\"), "\"", "\\\""), "\n", "\\n") }

  # Results by group, control, severity and status. A control that was judged and has no alarm is a series too, with 0, so that an
  # alert about it resolves.
  counted = values({ for x in concat(
    [for c in local.judged : { group = c.group, control = c.id, severity = c.severity, status = "alarm", count = 0 }],
    [for r in local.ordered : { group = r.group, control = r.control, severity = r.severity, status = r.status, count = 1 }],
  ) : join("\u0000", [x.group, x.control, x.severity, x.status]) => x... })

  metrics = [
    {
      name = "virustotal_audit_findings", help = "Findings of the access audit, by status: alarm, error (could not be judged) or waived."
      samples = [for all in local.counted : {
        labels = [["group", all[0].group], ["control", all[0].control], ["severity", all[0].severity], ["status", all[0].status]]
        value  = sum(all[*].count)
      }]
    },
    {
      name    = "virustotal_audit_population", help = "Accounts, or the group, to which a control applies."
      samples = [for c in local.judged : { labels = [["group", c.group], ["control", c.id]], value = c.population }]
    },
    {
      name    = "virustotal_audit_evaluated", help = "Accounts, or the group, of which a control could be judged."
      samples = [for c in local.judged : { labels = [["group", c.group], ["control", c.id]], value = c.evaluated }]
    },
    {
      name    = "virustotal_audit_passed", help = "Whether no finding of the group fails the gate."
      samples = [for g in local.groups : { labels = [["group", g]], value = length([for r in try(local.results_of_group[g], []) : r if r.fails]) == 0 && can(local.judged_groups[g]) ? 1 : 0 }]
    },
    {
      name    = "virustotal_audit_timestamp_seconds", help = "Time of the audit."
      samples = [for g in local.groups : { labels = [["group", g]], value = floor(try(local.unix[local.evidence[g].at], local.unix[var.at]) / 1000) }]
    },
    {
      name    = "virustotal_quota_used", help = "Used of a monthly quota of a group."
      samples = local.quota_samples.used
    },
    {
      name    = "virustotal_quota_allowed", help = "Allowed of a monthly quota of a group."
      samples = local.quota_samples.allowed
    },
    {
      name    = "virustotal_quota_budget", help = "Budget of a monthly quota of a group."
      samples = local.quota_samples.budget
    },
    {
      name    = "virustotal_quota_projected", help = "Projected use of a monthly quota of a group at the end of the month."
      samples = local.quota_samples.projected
    },
    {
      name    = "virustotal_account_quota_used", help = "Used of a monthly quota by an account."
      samples = local.account_samples.used
    },
    {
      name    = "virustotal_account_quota_budget", help = "Budget of an account."
      samples = local.account_samples.budget
    },
    {
      name    = "virustotal_account_quota_projected", help = "Projected use by an account at the end of the month."
      samples = local.account_samples.projected
    },
  ]

  judged_groups = { for c in local.judged : c.group => true... }
  quota_samples = { for field in ["used", "allowed", "budget", "projected"] : field => flatten([for s in local.spends : [
    for name, q in s.quotas : { labels = [["group", s.evidence.group], ["quota", name]], value = q[field] } if q[field] != null
  ]]) }
  account_samples = { for field in ["used", "budget", "projected"] : field => flatten([for s in var.account_metrics ? local.spends : [] : [
    for x in s.accounts : { labels = [["group", s.evidence.group], ["quota", x.quota], ["account", x.id]], value = x[field] } if x[field] != null
  ]]) }

  prometheus = join("", [for m in local.metrics : join("", concat(
    ["# HELP ${m.name} ${m.help}\n# TYPE ${m.name} gauge\n"],
    [for s in m.samples : "${m.name}{${join(",", [for l in s.labels : "${l[0]}=\"${try(local.labels[l[1]], l[1])}\""])}} ${s.value}\n"],
  )) if length(m.samples) > 0])
}
