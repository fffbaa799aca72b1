# SPDX-License-Identifier: MPL-2.0

# Names and texts that some format would interpret. OpenTofu does not allow functions here.
variables {
  at = "2026-11-24T03:00:00Z"

  results = {
    "g/c/</td><script>alert(1)</script>" = { control = "c", group = "g", who = "</td><script>alert(1)</script>", severity = "high", status = "alarm", why = "a|b\nc" }
    "g/c/@team"                          = { control = "c", group = "g", who = "@team", severity = "high", status = "alarm", why = "`code` [link](https://evil.test)" }
    "g/c/=cmd()"                         = { control = "c", group = "g", who = "=cmd()", severity = "critical", status = "error", why = "\t\"quoted\", and more" }
    "g/c/'=1"                            = { control = "c", group = "g", who = "'=1", severity = "low", status = "waived", why = "＝1", reason = "\n+1", approved_by = "-1", until = "2027-01-31" }
    "g/c/bob@evil.test"                  = { control = "c", group = "g", who = "bob@evil.test", severity = "medium", status = "alarm", why = "www.evil.test $x$" }
    "g/c/\u202ertl\u0001😀"               = { control = "c", group = "g", who = "\u202ertl\u0001😀", severity = "medium", status = "alarm", why = "" }
  }

  controls = {
    g = {
      c     = { title = "Control & <title>", severity = "high", maps_to = { "CIS Controls 8.1" = ["6.3"] }, status = "error", evaluated = 6, alarms = 4, waived = 1, errors = 1 }
      clean = { title = "Clean", severity = "low", status = "ok", evaluated = 6 }
      off   = { title = "Off", severity = "low", status = "skip", skipped_because = "not asked for" }
    }
  }
}

run "json" {
  command = plan

  assert {
    condition     = jsondecode(output.json).summary == { alarm = 4, error = 1, waived = 1, by_severity = { critical = 1, high = 2, medium = 2, low = 0 } }
    error_message = "The summary does not count the results."
  }

  assert {
    condition     = jsondecode(output.json).results["g/c/=cmd()"].why == "\t\"quoted\", and more" && jsondecode(output.json).at == var.at
    error_message = "The report does not have the results of the input."
  }
}

run "csv" {
  command = plan

  assert {
    condition = join(" ", csvdecode(output.csv)[*].who) == join(" ", [
      "'=cmd()", "</td><script>alert(1)</script>", "'@team", "bob@evil.test", "\u202ertl\u0001😀", "''=1",
    ])
    error_message = "The rows are not in order, most severe first."
  }

  assert {
    condition     = alltrue([for row in csvdecode(output.csv) : alltrue([for cell in values(row) : !can(regex("^\\s*[=+@＝＋－＠-]", cell))])])
    error_message = "A spreadsheet would take a cell for a formula."
  }

  assert {
    condition     = toset([for row in csvdecode(output.csv) : trimprefix(row.why, "'")]) == toset([for r in values(var.results) : r.why])
    error_message = "Removing the apostrophe does not restore the cell."
  }
}

run "junit" {
  command = plan

  assert {
    condition     = strcontains(output.junit, "<testsuite name=\"g\" tests=\"8\" failures=\"4\" errors=\"1\" skipped=\"2\"")
    error_message = "The suite does not count a case for each result, one for the clean control and one for the skipped one."
  }

  assert {
    condition     = strcontains(output.junit, "name=\"&lt;/td&gt;&lt;script&gt;alert(1)&lt;/script&gt;\"") && strcontains(output.junit, "name=\"\ufffdrtl\ufffd😀\"")
    error_message = "A name is not escaped."
  }
}

run "sarif" {
  command = plan

  variables {
    policy_file = "audit team/100%.tfvars"
  }

  assert {
    condition     = length(jsondecode(output.sarif).runs[0].results) == 5 && jsondecode(output.sarif).runs[0].results[0].message.text != ""
    error_message = "A waived result is not left out."
  }

  assert {
    condition     = jsondecode(output.sarif).runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri == "audit%20team/100%25.tfvars"
    error_message = "The path is not a URI."
  }

  assert {
    condition     = anytrue([for r in jsondecode(output.sarif).runs[0].results : endswith(r.message.text, "`code` \\[link\\](https://evil.test)")])
    error_message = "Brackets are not escaped."
  }
}

run "ocsf" {
  command = plan

  assert {
    condition     = alltrue([for line in split("\n", trimspace(output.ocsf)) : jsondecode(line).class_uid == 2003 && jsondecode(line).time == 1795489200000])
    error_message = "A line is not a Compliance Finding with the time of the audit."
  }
}

run "markdown" {
  command = plan

  variables {
    barring = ["g/c/=cmd()"]
  }

  assert {
    condition     = strcontains(output.markdown, "**Gate failed: 1 of 5 findings.** 4 alarms, 1 not evaluated, 1 waived in 1 group")
    error_message = "The report does not begin with the verdict."
  }

  assert {
    condition     = strcontains(output.markdown, "<code>bob&#64;<wbr>evil&#46;test</code>") && strcontains(output.markdown, "<code>a&#124;b c</code>")
    error_message = "A cell is not escaped."
  }
}

run "evidence_that_is_not_whole" {
  command = plan

  variables {
    evidence = { g = { members = 6 }, other = {} }
  }

  assert {
    condition     = strcontains(output.markdown, "| <code>g</code> | 6 |  |  |  |  |") && strcontains(output.html, "<dt>Members</dt><dd>6</dd>")
    error_message = "Given evidence is not shown."
  }

  assert {
    condition     = !strcontains(output.html, "<dt>Administrators</dt>")
    error_message = "Missing evidence is shown."
  }
}

run "markdown_is_cut" {
  command = plan

  variables {
    markdown_limit = 900
  }

  assert {
    condition     = can(regex("… and [1-9][0-9]* more\n$", output.markdown)) && length(output.markdown) <= 900
    error_message = "The report is not cut, or does not say so."
  }
}

run "html" {
  command = plan

  variables {
    title   = "Q4 <audit>"
    barring = []
  }

  assert {
    condition     = length(regexall("<tr role=\"row\" class=\"finding\"", output.html)) == 5 && length(regexall("<tr role=\"row\" class=\"waived\"", output.html)) == 1
    error_message = "There is not a row for each result."
  }

  assert {
    condition     = !strcontains(output.html, "<script") && strcontains(output.html, "Gate passed") && strcontains(output.html, "Q4 &lt;audit&gt;")
    error_message = "The page has a script, or does not say whether the gate passed."
  }
}

run "nothing_audited" {
  command = plan

  variables {
    results  = {}
    controls = {}
  }

  assert {
    condition     = strcontains(output.markdown, "Nothing was audited") && strcontains(output.html, "Nothing was audited")
    error_message = "A report of nothing looks clean."
  }

  assert {
    condition     = output.ocsf == "" && output.csv == "\"id\",\"control\",\"group\",\"who\",\"status\",\"severity\",\"why\",\"owner\",\"reason\",\"approved_by\",\"until\"\r\n"
    error_message = "An empty report has rows."
  }
}

# A control that could not be evaluated has no results. It must not be a passing test case.
run "not_evaluated" {
  command = plan

  variables {
    results  = {}
    controls = { g = { c = { title = "Control", severity = "high", status = "error" } } }
  }

  assert {
    condition     = strcontains(output.junit, "failures=\"0\" errors=\"1\"") && strcontains(output.markdown, "1 control could not be evaluated") && strcontains(output.html, "1 control could not be evaluated")
    error_message = "A control that could not be evaluated looks clean."
  }
}

run "time_without_zone" {
  command = plan
  variables {
    at = "2026-11-24T03:00:00"
  }
  expect_failures = [var.at]
}

run "time_of_another_zone" {
  command = plan
  variables {
    at = "2026-11-24T03:00:00+01:00"
  }
  expect_failures = [var.at]
}

run "day_that_is_none" {
  command = plan
  variables {
    at = "2026-02-30T03:00:00Z"
  }
  expect_failures = [var.at]
}

run "unknown_severity" {
  command = plan
  variables {
    results = { "g/c/w" = { control = "c", group = "g", who = "w", severity = "severe", status = "alarm" } }
  }
  expect_failures = [var.results]
}

run "unknown_status" {
  command = plan
  variables {
    results = { "g/c/w" = { control = "c", group = "g", who = "w", severity = "high", status = "ok" } }
  }
  expect_failures = [var.results]
}

run "unknown_status_of_a_control" {
  command = plan
  variables {
    controls = { g = { c = { title = "Control", severity = "high", status = "passed" } } }
  }
  expect_failures = [var.controls]
}

run "absolute_policy_file" {
  command = plan
  variables {
    policy_file = "/terraform.tfvars"
  }
  expect_failures = [var.policy_file]
}

run "policy_file_above_the_repository" {
  command = plan
  variables {
    policy_file = "../terraform.tfvars"
  }
  expect_failures = [var.policy_file]
}

run "limit_too_small" {
  command = plan
  variables {
    markdown_limit = 199
  }
  expect_failures = [var.markdown_limit]
}

run "empty_title" {
  command = plan
  variables {
    title = " "
  }
  expect_failures = [var.title]
}
