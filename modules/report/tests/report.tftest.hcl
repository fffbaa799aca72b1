# SPDX-License-Identifier: MPL-2.0

# Two groups with different policies. OpenTofu does not allow functions here.
variables {
  at = "2026-11-24T03:00:00Z"

  audits = [
    {
      results = {
        "crew/no_2fa/ada" = { control = "no_2fa", group = "crew", who = "ada", owner = "SOC", severity = "high", status = "alarm", why = "Has no 2FA.", what = "", blocks = [] }
        "crew/dormant/bo" = { control = "dormant", group = "crew", who = "bo", owner = "SOC", severity = "medium", status = "waived", why = "Long ago.", reason = "On leave.", approved_by = "cy", until = "2027-01-31", ticket = "SEC-1" }
        "crew/unknown/cy" = { control = "unknown", group = "crew", who = "cy", owner = "SOC", severity = "medium", status = "error", why = "Listed without attributes.", what = "last_login", blocks = ["dormant"] }
        "crew/incomplete" = { control = "incomplete", group = "crew", who = "", owner = "SOC", severity = "low", status = "error", why = "Cut short.", what = "", blocks = [] }
      }
      controls = {
        no_2fa     = { title = "Member without 2FA", requirement = "Every member has 2FA", severity = "high", default_severity = "high", maps_to = { "CIS Controls 8.1" = ["6.3"] }, clock = "2fa", status = "alarm", population = 3, evaluated = 3, alarms = 1 }
        dormant    = { title = "Dormant account", requirement = "Every account is in use", severity = "medium", default_severity = "medium", status = "error", population = 3, evaluated = 2, unknown = 1, waived = 1 }
        unknown    = { title = "Not known", requirement = "Everything needed is known", severity = "medium", default_severity = "high", status = "error", population = 3, evaluated = 3 }
        incomplete = { title = "Not read to the end", requirement = "The group was read to its end", severity = "low", default_severity = "high", status = "error", population = 1, evaluated = 1 }
        off        = { title = "Off", requirement = "It is on", severity = "low", status = "skip", skipped_because = "switched off by the policy" }
        skipped    = { title = "Skipped", requirement = "It is looked at", severity = "low", status = "skip", skipped_because = "Done elsewhere." }
      }
      accounts = [
        { id = "ada", kind = "user", administrator = false, roles = [], two_factor = "off", last_login = "2026-11-23", user_since = "2024-01-01", mail_domain = "", daily_limit = "", in_roster = true, findings = ["no_2fa"] },
        { id = "bo", kind = "user", administrator = true, roles = ["lead"], two_factor = "on", last_login = "2026-01-23", user_since = "2024-01-01", mail_domain = "", daily_limit = "", in_roster = true, findings = [] },
        { id = "cy", kind = "user", administrator = false, roles = [], two_factor = "on", last_login = "", user_since = "", mail_domain = "", daily_limit = "", in_roster = false, findings = ["unknown"] },
      ]
      evidence = {
        at                  = "2026-11-24T03:00:00Z", group = "crew", owner = "SOC", fail_on = "high", policy = "{\"dormant_days\":365,\"group_id\":\"crew\",\"roster\":null}", policy_sha256 = "5f1c"
        weaker_than_default = ["dormant_days: 365 instead of 90"], reviewed_on = "2026-11-02", reviewed_by = "cy", reviewer_in_roster = true, next_review = "2027-01-31"
        lists               = { members = { count = 3, complete = false, unreadable = "" } }, requests_at_least = 4
      }
      failing = ["crew/no_2fa/ada", "crew/incomplete"]
    },
    {
      results  = {}
      controls = { no_2fa = { title = "Member without 2FA", requirement = "Every member has 2FA", severity = "critical", default_severity = "high", status = "ok", population = 1, evaluated = 1 } }
      accounts = [{ id = "di", kind = "user", administrator = false, roles = [], two_factor = "on", last_login = "", user_since = "", mail_domain = "", daily_limit = "", in_roster = true, findings = [] }]
      evidence = { at = "2024-11-24T03:00:00Z", group = "night", owner = "", fail_on = "critical", policy = "{\"skip\":{\"a\":\"b\"},\"dormant_days\":null}", policy_sha256 = "", weaker_than_default = [], reviewed_on = "", reviewed_by = "", reviewer_in_roster = false, next_review = "", lists = {}, requests_at_least = 2 }
      failing  = []
    },
  ]
}

run "verdict" {
  command = plan

  assert {
    condition     = output.verdict == "failed" && output.failing == tolist(["crew/incomplete", "crew/no_2fa/ada"])
    error_message = jsonencode([output.verdict, output.failing])
  }
}

run "json" {
  command = plan

  variables {
    scope     = "north"
    run       = { commit = "abc" }
    unaudited = ["b", "a"]
    client    = { username = "cy", base_url = "https://vt.example", api_key_source = "VIRUSTOTAL_API_KEY", provider_version = "0.1.0" }
  }

  assert {
    condition     = jsondecode(output.json).summary == { alarm = 1, error = 2, waived = 1, skipped = 1, unsure = 3, by_severity = { critical = 0, high = 1, medium = 1, low = 1 } }
    error_message = jsonencode(jsondecode(output.json).summary)
  }

  assert {
    condition = (
      jsondecode(output.json).groups.crew.policy.dormant_days == 365 && jsondecode(output.json).groups.night.policy.skip.a == "b"
      && jsondecode(output.json).accounts.crew[1].roles[0] == "lead" && jsondecode(output.json).controls.crew.no_2fa.clock == "2fa"
      && jsondecode(output.json).scope == "north" && jsondecode(output.json).run.commit == "abc" && jsondecode(output.json).client.username == "cy"
      && join("", jsondecode(output.json).unaudited) == "ab" && jsondecode(output.json).results["crew/incomplete"].who == ""
    )
    error_message = "The report does not have the input as data."
  }
}

run "page" {
  command = plan

  variables {
    run       = { time = "2026-11-26T03:00:00Z" }
    unaudited = ["puffin_cafe"]
  }

  assert {
    condition = alltrue([for words in [
      "Gate failed: 2 of 3 findings", "dormant_days: 365 instead of 90", "2 of 3", "Listed without attributes.", "run at <bdi>2026-11-26T03:00:00Z</bdi>", "2024-11-24T03:00:00Z", "puffin_cafe",
      "never reviewed", "at least: not read to the end", "Dormant accounts are not looked for.", "There is no roster", "high or above", "Switched off", "Done elsewhere.", "Every member has 2FA", "SEC-1",
    ] : strcontains(output.html, words)])
    error_message = "The page lacks something."
  }

  assert {
    condition     = !strcontains(output.html, "class=\"verdict passed\"") && !strcontains(output.html, "<script")
    error_message = "The page of a failed audit is green, or has a script."
  }

  assert {
    condition     = length(regexall("<tr role=\"row\" class=\"control\"", output.html)) == 7 && length(regexall("<tr role=\"row\" class=\"person\"", output.html)) == 4
    error_message = "There is not a row for each control and each account."
  }
}

run "population" {
  command = plan

  assert {
    condition     = join(" ", csvdecode(output.accounts_csv)[*].id) == "ada bo cy di" && csvdecode(output.accounts_csv)[1].administrator == "true"
    error_message = output.accounts_csv
  }

  # The accounts with something wrong come first.
  assert {
    condition     = can(regex("(?s)<bdi>ada</bdi></th>.*<bdi>cy</bdi></th>.*<bdi>bo</bdi></th>", regex("(?s)<table role=\"table\" class=\"people\">.*?</table>", output.html)))
    error_message = "The accounts are not sorted by what is wrong."
  }
}

run "formats" {
  command = plan

  assert {
    condition     = strcontains(output.junit, "classname=\"crew.no_2fa\" name=\"ada\"") && strcontains(output.junit, "classname=\"night.no_2fa\" name=\"Every member has 2FA\" time=\"0\"/>")
    error_message = output.junit
  }

  # The rule has the catalogue's severity, the result its own.
  assert {
    condition = (
      jsondecode(output.sarif).runs[0].tool.driver.rules[1].properties["security-severity"] == "8.0"
      && jsondecode(output.sarif).runs[0].results[2].properties.severity == "low" && length(jsondecode(output.sarif).runs[0].results) == 3
    )
    error_message = output.sarif
  }

  assert {
    condition     = strcontains(output.prometheus, "virustotal_audit_passed{group=\"crew\"} 0\n") && strcontains(output.prometheus, "virustotal_audit_passed{group=\"night\"} 1\n") && strcontains(output.prometheus, "virustotal_audit_timestamp_seconds{group=\"night\"} 1732417200\n")
    error_message = output.prometheus
  }
}

# The input of a spend counts, and is in the data and the metrics.
run "spends" {
  command = plan

  variables {
    account_metrics = true
    spends = [{
      results  = { "night/over_budget/ci" = { control = "over_budget", group = "night", who = "ci", severity = "high", status = "alarm", why = "Too much." } }
      controls = { over_budget = { title = "Over budget", severity = "high", status = "alarm", population = 2, evaluated = 2, alarms = 1 } }
      evidence = { group = "night", policy = "{\"budgets\":{}}", lists = { api_usage = { count = 0, complete = false, unreadable = "ForbiddenError\u0301" } } }
      failing  = ["night/over_budget/ci"]
      quotas   = { api_requests_monthly = { allowed = 1000, used = 950, projected = 1200.5 } }
      accounts = [{ id = "ci", kind = "service_account", quota = "api_requests_monthly", used = 900, share = 0.9 }]
    }]
  }

  assert {
    condition     = contains(output.failing, "night/over_budget/ci") && jsondecode(output.json).controls.night.over_budget.alarms == 1 && jsondecode(output.json).controls.night.no_2fa.status == "ok"
    error_message = "A spend does not count."
  }

  assert {
    condition     = jsondecode(output.json).spends.night.evidence.lists.api_usage.unreadable == "ForbiddenError\u0301"
    error_message = "What was not read of a spend is not in the data."
  }

  assert {
    condition     = jsondecode(output.json).spends.night.quotas.api_requests_monthly.used == 950 && strcontains(output.prometheus, "virustotal_quota_projected{group=\"night\",quota=\"api_requests_monthly\"} 1200.5\n") && strcontains(output.prometheus, "account=\"ci\"")
    error_message = output.prometheus
  }
}

run "nothing_audited" {
  command = plan

  variables {
    audits = []
  }

  assert {
    condition     = output.verdict == "nothing audited" && strcontains(output.markdown, "Nothing was audited") && strcontains(output.html, "class=\"verdict unsure\"")
    error_message = "A report of nothing looks clean."
  }

  assert {
    condition     = output.ocsf == "" && length(csvdecode(output.csv)) == 0 && length(csvdecode(output.accounts_csv)) == 0 && output.prometheus == ""
    error_message = "An empty report has rows."
  }
}

run "all_skipped" {
  command = plan

  variables {
    audits = [{ results = {}, controls = { a = { title = "A", severity = "low", status = "skip", skipped_because = "x" } }, evidence = { group = "g" } }]
  }

  assert {
    condition     = output.verdict == "nothing audited" && strcontains(output.html, "class=\"verdict unsure\"")
    error_message = output.verdict
  }
}

# Everything that was judged passed, but not everything was.
run "not_evaluated" {
  command = plan

  variables {
    audits = [{ results = {}, controls = { a = { title = "A", severity = "low", status = "error", population = 2, evaluated = 1, unknown = 1 } }, evidence = { group = "g" } }]
  }

  assert {
    condition     = output.verdict == "passed" && strcontains(output.html, "class=\"verdict unsure\"") && strcontains(output.junit, "errors=\"1\"") && strcontains(output.markdown, "1 control could not be evaluated")
    error_message = "A control that could not be evaluated looks clean."
  }
}

run "passed" {
  command = plan

  variables {
    audits = [{ results = {}, controls = { a = { title = "A", severity = "low", status = "ok", population = 2, evaluated = 2 } }, evidence = { group = "g" } }]
  }

  assert {
    condition     = output.verdict == "passed" && strcontains(output.html, "class=\"verdict passed\"")
    error_message = output.verdict
  }
}

# A noncharacter that stands for a mark is no mark.
run "noncharacters" {
  command = plan

  variables {
    audits = [{ results = { "g/c/x" = { control = "c", group = "g", who = "x\ufdd1", severity = "low", status = "alarm" } }, controls = {}, evidence = { group = "g" } }]
  }

  assert {
    condition     = jsondecode(output.json).results["g/c/x"].who == "x\ufffd"
    error_message = output.json
  }
}

run "long_names" {
  command = plan

  variables {
    markdown_limit = 900
    policy_file    = "audit team/100%.tfvars"
  }

  assert {
    condition     = can(regex("… and [1-9][0-9]* more\n$", output.markdown)) && length(output.markdown) <= 900
    error_message = "The report is not cut, or does not say so."
  }

  assert {
    condition     = jsondecode(output.sarif).runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri == "audit%20team/100%25.tfvars"
    error_message = "The path is not a URI."
  }
}

run "one_group_twice" {
  command = plan
  variables {
    audits = [
      { results = {}, controls = {}, evidence = { group = "g" } },
      { results = {}, controls = {}, evidence = { group = "g" } },
    ]
  }
  expect_failures = [var.audits]
}

run "unknown_severity" {
  command = plan
  variables {
    audits = [{ results = { a = { control = "c", group = "g", severity = "severe", status = "alarm" } }, controls = {}, evidence = { group = "g" } }]
  }
  expect_failures = [var.audits]
}

run "unknown_status" {
  command = plan
  variables {
    audits = [{ results = { a = { control = "c", group = "g", severity = "high", status = "ok" } }, controls = {}, evidence = { group = "g" } }]
  }
  expect_failures = [var.audits]
}

run "unknown_status_of_a_control" {
  command = plan
  variables {
    audits = [{ results = {}, controls = { c = { title = "C", severity = "high", status = "passed" } }, evidence = { group = "g" } }]
  }
  expect_failures = [var.audits]
}

run "failing_without_result" {
  command = plan
  variables {
    audits = [{ results = {}, controls = {}, evidence = { group = "g" }, failing = ["g/c/x"] }]
  }
  expect_failures = [var.audits]
}

run "one_spend_twice" {
  command = plan
  variables {
    spends = [
      { results = {}, controls = {}, evidence = { group = "g" } },
      { results = {}, controls = {}, evidence = { group = "g" } },
    ]
  }
  expect_failures = [var.spends]
}

run "spend_of_another_form" {
  command = plan
  variables {
    spends = [{ results = { a = { control = "c", group = "g", severity = "severe", status = "alarm" } }, controls = {}, evidence = { group = "g" } }]
  }
  expect_failures = [var.spends]
}

run "spend_that_fails_without_result" {
  command = plan
  variables {
    spends = [{ results = {}, controls = {}, evidence = { group = "g" }, failing = ["g/c/x"] }]
  }
  expect_failures = [var.spends]
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
