# SPDX-License-Identifier: MPL-2.0

locals {
  # One test case per result.
  junit_results = [for r in local.ordered : {
    group   = r.group
    control = r.control
    name    = r.who == "" ? r.group : r.who
    kind    = { alarm = "failure", error = "error", waived = "skipped" }[r.status]
    type    = r.severity
    message = r.status == "waived" ? local.xml[r.reason] : local.xml[r.why]
    text = join("\n", compact([
      "${local.html[r.title]} (${r.severity})",
      r.why == "" ? "" : "Why: ${local.html[r.why]}",
      length(r.blocks) == 0 ? "" : "Not judged: ${join(", ", [for b in r.blocks : local.html[b]])}",
      r.owner == "" ? "" : "Owner: ${local.html[r.owner]}",
      r.status != "waived" ? "" : "Waived until ${local.html[r.until]} by ${local.html[r.approved_by]}: ${local.html[r.reason]}",
      r.status == "waived" || local.catalogue[r.control].remedy == "" ? "" : "Remedy: ${local.html[local.catalogue[r.control].remedy]}",
    ]))
  }]

  # One test case per control without results, and per control that could not be evaluated and has no result with an error. The
  # name says what holds if it passes.
  junit_controls = [for c in local.all_controls : {
    group   = c.group
    control = c.id
    name    = c.requirement == "" ? c.title : c.requirement
    kind    = { ok = "", alarm = "failure", error = "error", skip = "skipped" }[c.status]
    type    = c.severity
    message = c.status == "skip" ? local.xml[c.skipped_because] : join("", [local.junit_messages[c.status], local.junit_counts["${c.group}\u0000${c.id}"]])
    text    = c.status == "skip" ? "Skipped: ${local.html[c.skipped_because]}" : join("", [local.junit_messages[c.status], local.junit_counts["${c.group}\u0000${c.id}"]])
    } if c.status == "error" ? !can(local.junit_errors["${c.group}\u0000${c.id}"]) : !can(local.junit_known["${c.group}\u0000${c.id}"])
  ]

  junit_messages = {
    ok    = ""
    alarm = "The control has the status alarm, but no result."
    error = "This control could not be evaluated completely."
  }

  junit_counts = { for c in local.all_controls : "${c.group}\u0000${c.id}" => c.status == "ok" ? "" : " Evaluated: ${c.evaluated} of ${c.population}." }
  junit_known  = { for r in local.ordered : "${r.group}\u0000${r.control}" => r.id... }
  junit_errors = { for r in local.open : "${r.group}\u0000${r.control}" => r.id... if r.status == "error" }
  junit_cases  = { for c in concat(local.junit_results, local.junit_controls) : c.group => c... }

  junit_suites = { for group in local.groups : group => {
    cases = try(local.junit_cases[group], [])
    counts = join(" ", [
      "tests=\"${length(try(local.junit_cases[group], []))}\"",
      "failures=\"${length([for c in try(local.junit_cases[group], []) : c if c.kind == "failure"])}\"",
      "errors=\"${length([for c in try(local.junit_cases[group], []) : c if c.kind == "error"])}\"",
    ])
    skipped = length([for c in try(local.junit_cases[group], []) : c if c.kind == "skipped"])
  } }

  junit = join("", concat(
    ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"],
    ["<testsuites name=\"${local.xml[local.title]}\" tests=\"${length(local.junit_results) + length(local.junit_controls)}\""],
    [" failures=\"${length([for c in concat(local.junit_results, local.junit_controls) : c if c.kind == "failure"])}\""],
    [" errors=\"${length([for c in concat(local.junit_results, local.junit_controls) : c if c.kind == "error"])}\">\n"],
    flatten([for group, suite in local.junit_suites : [
      "  <testsuite name=\"${local.xml[group]}\" ${suite.counts} skipped=\"${suite.skipped}\" time=\"0\" timestamp=\"${formatdate("YYYY-MM-DD'T'hh:mm:ss", var.at)}\">\n",
      [for c in suite.cases : join("", [
        "    <testcase classname=\"${local.xml[c.group]}.${local.xml[c.control]}\" name=\"${local.xml[c.name]}\" time=\"0\"",
        c.kind == "" ? "/>\n" : ">\n      <${c.kind}${c.kind == "skipped" ? "" : " type=\"${c.type}\""} message=\"${c.message}\">${c.text}</${c.kind}>\n    </testcase>\n",
      ])],
      "  </testsuite>\n",
    ]]),
    ["</testsuites>\n"],
  ))
}
