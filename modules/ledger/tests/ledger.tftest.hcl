# SPDX-License-Identifier: MPL-2.0

# OpenTofu has only the outputs of the run before.
variables {
  results = "tests/monday.json"
}

run "first" {
  variables {
    first = true
  }

  assert {
    condition = output.recorded.findings["puffin_ferries/dormant/henrik"] == {
      first_seen = "2026-11-23T03:00:00Z", severity = "medium", waived = false, not_looked_at = ""
    }
    error_message = "A finding does not have exactly a date, a severity and a waiver."
  }

  assert {
    condition     = !contains(output.new, "puffin_ferries/no_2fa/yuki") && output.recorded.findings["puffin_ferries/no_2fa/yuki"].waived
    error_message = "A waived finding is not recorded, or is new."
  }

  assert {
    condition     = output.overdue == {} && output.not_looked_at == {} && length(output.gone) == 0
    error_message = "A finding of today is overdue, gone or not looked at."
  }
}

run "tuesday" {
  variables {
    results  = "tests/tuesday.json"
    recorded = run.first.recorded
  }

  assert {
    condition     = output.new == toset(["puffin_ferries/no_2fa/ingrid", "puffin_ferries/waiver_expired/yuki"])
    error_message = "New is what was not there on Monday."
  }

  assert {
    condition     = output.worse == toset(["puffin_ferries/no_2fa/yuki"])
    error_message = "The end of the waiver of a high finding is worse."
  }

  assert {
    condition     = output.gone == toset(["puffin_ferries/foreign_mail_domain/lotte_guest", "puffin_ferries/quota_nearly_used_up/devraj"])
    error_message = "Gone is what was looked at and not found."
  }
}

run "a_quiet_night" {
  variables {
    results  = "tests/tuesday.json"
    recorded = run.tuesday.recorded
    hold     = true
  }

  assert {
    condition     = output.recorded.changed_at == "2026-11-24T03:00:00Z" && length(output.gone) == 2
    error_message = "The same report changes the ledger."
  }
}

run "an_older_report" {
  command = plan

  variables {
    recorded = run.a_quiet_night.recorded
  }

  expect_failures = [output.recorded]
}

run "a_lost_ledger" {
  command = plan

  expect_failures = [output.recorded]
}

run "another_scope" {
  command = plan

  variables {
    first = true
    scope = "staging"
  }

  expect_failures = [output.recorded]
}
