# SPDX-License-Identifier: MPL-2.0

locals {
  # The number of each row, which links to the row use.
  row = { for i, r in local.ordered : r.id => i + 1 }

  glyphs = { critical = "◆", high = "▲", medium = "●", low = "○" }

  results_of_group = { for r in local.ordered : r.group => r... }
  open_of_owner    = { for r in local.open : r.owner => r... }
  controls_of      = { for c in local.all_controls : c.group => c... }

  page = templatefile("${path.module}/page.html.tftpl", {
    css         = file("${path.module}/page.css")
    text        = local.html
    title       = var.title
    at          = var.at
    date        = formatdate("D MMMM YYYY, hh:mm", var.at)
    severities  = local.severities
    names       = local.names
    glyphs      = local.glyphs
    statuses    = { alarm = "Alarm", error = "Not evaluated", waived = "Waived" }
    verdicts    = { ok = "OK", alarm = "Alarm", error = "Not evaluated", skip = "Skipped" }
    marks       = { ok = "✓", alarm = "✕", error = "?", skip = "–" }
    summary     = local.summary
    verdict     = local.verdict
    totals      = local.totals
    kind        = var.failing == null ? "none" : local.failing == 0 ? "passed" : "failed"
    gate        = var.failing != null
    unevaluated = local.unevaluated
    counts      = local.evidence_counts
    row         = local.row
    sections    = { for severity in local.severities : severity => [for s in local.sections : s if s.severity == severity] }
    waived      = local.waived
    skipped     = local.skipped
    catalogue   = local.catalogue
    evidence    = local.evidence

    # The start and width of each segment, in thousandths.
    bar = [for i, severity in local.severities : {
      severity = severity
      count    = local.summary.by_severity[severity]
      start    = floor(sum([for s in slice(concat(["none"], local.severities), 0, i + 1) : try(local.summary.by_severity[s], 0)]) * 1000 / max(1, length(local.open)))
      width    = floor(local.summary.by_severity[severity] * 1000 / max(1, length(local.open)))
    }]

    # The findings of each owner, grouped by control. Those without an owner are last.
    owners = [for owner in concat([for o in keys(local.open_of_owner) : o if o != ""], [for o in keys(local.open_of_owner) : o if o == ""]) : {
      name  = owner
      count = length(local.open_of_owner[owner])
      items = values({ for r in local.open_of_owner[owner] : join("\u0000", [local.rank[r.severity], r.control, r.title]) => r... })
    }]

    groups = [for group in local.groups : {
      id       = group
      open     = [for r in try(local.results_of_group[group], []) : r.severity if r.status != "waived"]
      error    = length([for r in try(local.results_of_group[group], []) : r if r.status == "error"])
      waive    = length([for r in try(local.results_of_group[group], []) : r if r.status == "waived"])
      fails    = length([for r in try(local.results_of_group[group], []) : r if r.fails])
      controls = try(local.controls_of[group], [])
    }]
  })
}
