# SPDX-License-Identifier: MPL-2.0

# The runs share one state, as daily runs do.

variables {
  results = "tests/monday.json"
}

run "monday" {
  assert {
    condition = toset(keys(terraform_data.finding)) == toset([
      "puffin_ferries/administrator_without_2fa/tobias", "puffin_ferries/dormant/henrik",
      "puffin_ferries/foreign_mail_domain/lotte_guest", "puffin_ferries/quota_nearly_used_up/devraj",
    ])
    error_message = "The ledger does not have exactly the findings that are not waived."
  }

  assert {
    condition = terraform_data.finding["puffin_ferries/dormant/henrik"].output == {
      first_seen = "2026-11-23T03:00:00Z", severity = "medium"
    }
    error_message = "A finding does not have exactly a date and a severity."
  }

  assert {
    condition     = output.overdue == {}
    error_message = "A finding of today is overdue."
  }
}

run "tuesday" {
  variables {
    results = "tests/tuesday.json"
  }

  assert {
    condition = { for id, finding in terraform_data.finding : id => finding.output.first_seen } == {
      "puffin_ferries/administrator_without_2fa/tobias" = "2026-11-23T03:00:00Z"
      "puffin_ferries/dormant/henrik"                   = "2026-11-23T03:00:00Z"
      "puffin_ferries/no_2fa/ingrid"                    = "2026-11-24T03:00:00Z"
      "puffin_ferries/no_2fa/yuki"                      = "2026-11-24T03:00:00Z"
      "puffin_ferries/waiver_expired/yuki"              = "2026-11-24T03:00:00Z"
    }
    error_message = "An old finding has another date, or a new one does not have today's."
  }
}

run "due_to_the_second" {
  command = plan

  variables {
    results = "tests/tuesday.json"
    at      = "2026-11-26T03:00:00Z"
  }

  assert {
    condition     = output.overdue == {}
    error_message = "A finding is overdue before three days have passed."
  }
}

run "overdue_by_severity" {
  command = plan

  variables {
    results = "tests/tuesday.json"
    at      = "2026-12-01T05:00:00+01:00" # 04:00 in UTC.
  }

  assert {
    condition = output.overdue == {
      "puffin_ferries/administrator_without_2fa/tobias" = "2026-11-23T03:00:00Z"
      "puffin_ferries/no_2fa/ingrid"                    = "2026-11-24T03:00:00Z"
      "puffin_ferries/no_2fa/yuki"                      = "2026-11-24T03:00:00Z"
    }
    error_message = "Findings are not overdue after 3 days (critical), 7 (high) and 30 (medium)."
  }
}

run "days_of_ones_own" {
  command = plan

  variables {
    results      = "tests/tuesday.json"
    at           = "2026-12-01T04:00:00Z"
    overdue_days = { high = null, medium = 7 }
  }

  assert {
    condition = toset(keys(output.overdue)) == toset([
      "puffin_ferries/administrator_without_2fa/tobias", "puffin_ferries/dormant/henrik", "puffin_ferries/waiver_expired/yuki",
    ])
    error_message = "The days are not merged with the defaults, or null does not mean never."
  }
}

run "days_misspelt" {
  command = plan

  variables {
    overdue_days = { critcal = 3 }
  }

  expect_failures = [var.overdue_days]
}

run "days_below_zero" {
  command = plan

  variables {
    overdue_days = { high = -1 }
  }

  expect_failures = [var.overdue_days]
}

run "gap" {
  command = plan

  variables {
    results = "tests/gap.json"
  }

  expect_failures = [output.overdue]
}

run "gap_accepted" {
  command = plan

  variables {
    results     = "tests/gap.json"
    accept_gaps = true
  }

  assert {
    condition     = contains(keys(terraform_data.finding), "puffin_ferries/unknown/signe")
    error_message = "The gap is not a finding."
  }
}

run "report_older_than_the_ledger" {
  command = plan

  variables {
    results = "tests/tuesday.json"
    at      = "2026-11-23T12:00:00Z"
  }

  expect_failures = [output.overdue]
}

run "no_time" {
  command = plan

  variables {
    at = "today"
  }

  expect_failures = [var.at]
}

run "no_report" {
  command = plan

  variables {
    results = "tests/wednesday.json"
  }

  expect_failures = [var.results]
}
