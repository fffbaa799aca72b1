# SPDX-License-Identifier: MPL-2.0

locals {
  # The number of each row, which links to the row use.
  row = { for i, r in local.ordered : r.id => i + 1 }

  list_names = { members = "Members", administrators = "Administrators", service_accounts = "Service accounts", group = "Group", with_2fa = "With 2FA", without_2fa = "Without 2FA" }

  glyphs = { critical = "◆", high = "▲", medium = "●", low = "○" }

  results_of_group = { for r in local.ordered : r.group => r... }

  # What to do first, by owner: what fails the gate or, if nothing does, all that is open. The owner with the most severe findings
  # is first, and those without an owner are last.
  urgent          = length(local.failing) > 0 ? [for r in local.ordered : r if r.fails] : local.open
  urgent_of_owner = { for r in local.urgent : r.owner => r... }
  owners = values({ for owner, all in local.urgent_of_owner : join("\u0000", [
    owner == "" ? 1 : 0, local.rank[all[0].severity], format("%06d", 999999 - length(all)), owner,
    ]) => {
    name  = owner
    count = length(all)
    items = values({ for r in all : join("\u0000", [local.rank[r.severity], r.control, r.title]) => r... })
  } })

  # Controls by group. `rest` says why one did not judge everybody, in at most three reasons.
  controls_of = { for c in local.all_controls : c.group => merge(c, {
    rest = c.status == "skip" || c.evaluated >= c.population ? [] : [for whys in [distinct(try(local.undecided["${c.group}\u0000${c.id}"], []))] : slice(whys, 0, min(3, length(whys)))][0]
  })... }

  page = templatefile("${path.module}/page.html.tftpl", {
    css         = file("${path.module}/page.css")
    text        = local.html
    date_class  = { for t, h in local.html : t => can(regex("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", h)) ? "date" : "text" }
    title       = local.title
    at          = var.at
    date        = formatdate("D MMMM YYYY, hh:mm", var.at)
    ran_at      = local.ran_at
    severities  = local.severities
    names       = local.names
    glyphs      = local.glyphs
    statuses    = { alarm = "Alarm", error = "Not evaluated", waived = "Waived" }
    verdicts    = { ok = "OK", alarm = "Alarm", error = "Not evaluated", skip = "Skipped" }
    marks       = { ok = "✓", alarm = "✕", error = "?", skip = "–" }
    summary     = local.summary
    verdict     = local.headline
    totals      = local.totals
    kind        = local.verdict == "failed" ? "failed" : local.verdict == "passed" && local.all_seen ? "passed" : "unsure"
    unaudited   = coalesce(local.unaudited, [])
    weaker      = local.weaker
    words       = local.policy_words
    row         = local.row
    sections    = { for severity in local.severities : severity => [for s in local.sections : s if s.severity == severity] }
    waived      = local.waived
    skipped     = local.skipped
    off         = values({ for c in local.off : c.id => c... })
    switched    = local.switched_off
    catalogue   = local.catalogue
    spends      = local.spend_html
    owners      = local.owners
    gate_failed = length(local.failing) > 0
    client      = local.client
    run         = local.run
    requests    = sum(concat([0], values(local.evidence)[*].requests_at_least, local.spends[*].evidence.requests_at_least))

    # The start and width of each segment, in thousandths.
    bar = [for i, severity in local.severities : {
      severity = severity
      count    = local.summary.by_severity[severity]
      start    = floor(sum([for s in slice(concat(["none"], local.severities), 0, i + 1) : try(local.summary.by_severity[s], 0)]) * 1000 / max(1, length(local.open)))
      width    = floor(local.summary.by_severity[severity] * 1000 / max(1, length(local.open)))
    }]

    groups = [for group in local.groups : {
      id       = group
      evidence = try(local.evidence[group], null)
      lists = [for name, l in try(local.evidence[group].lists, {}) : merge(l, {
        name       = lookup(local.list_names, name, local.html[name])
        unreadable = l.unreadable == null ? "" : l.unreadable
        refused    = l.count == null || (l.unreadable == null ? "" : l.unreadable) != ""
      })]
      threshold  = try(local.thresholds[group], "")
      open       = [for r in try(local.results_of_group[group], []) : r.severity if r.status != "waived"]
      error      = length([for r in try(local.results_of_group[group], []) : r if r.status == "error"])
      waive      = length([for r in try(local.results_of_group[group], []) : r if r.status == "waived"])
      fails      = length([for r in try(local.results_of_group[group], []) : r if r.fails])
      unsure     = length([for c in try(local.controls_of[group], []) : c if c.status == "error" || c.status != "skip" && c.unknown > 0])
      controls   = try(local.controls_of[group], [])
      population = try(local.shown_population[group], [])
      people     = length(try(local.population[group], []))
    }]
  })
}
