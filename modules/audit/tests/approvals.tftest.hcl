# SPDX-License-Identifier: MPL-2.0

# A group with one finding: the member cy is dormant. The runs differ in rosters and waivers.

mock_provider "virustotal" {
  override_data {
    target = data.virustotal_group_users.all
    values = {
      ids             = ["ada", "bo", "cy"]
      unavailable_ids = []
      complete        = true
      users = [
        {
          id        = "ada", email = "ada@example.com", has_2fa = true, last_login = "2026-01-30T08:00:00Z", user_since = "2024-01-01T00:00:00Z"
          quotas    = {}, privileges = {}, active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = []
          last_name = null, preferences = {}, profile_phrase = null, quota_limits = {}, reputation = null, roles = [], status = null
        },
        {
          id        = "bo", email = "bo@example.com", has_2fa = null, last_login = "2026-01-30T08:00:00Z", user_since = "2024-01-01T00:00:00Z"
          quotas    = {}, privileges = {}, active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = []
          last_name = null, preferences = {}, profile_phrase = null, quota_limits = {}, reputation = null, roles = [], status = null
        },
        {
          id        = "cy", email = "cy@example.com", has_2fa = null, last_login = "2025-01-01T00:00:00Z", user_since = "2024-01-01T00:00:00Z"
          quotas    = {}, privileges = {}, active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = []
          last_name = null, preferences = {}, profile_phrase = null, quota_limits = {}, reputation = null, roles = [], status = null
        },
      ]
    }
  }

  override_data {
    target = data.virustotal_group_users.without_second_factor
    values = { ids = [], users = [], unavailable_ids = [], complete = true }
  }

  override_data {
    target = data.virustotal_group_users.with_second_factor
    values = { ids = ["ada", "bo", "cy"], users = [], unavailable_ids = [], complete = true }
  }

  override_data {
    target = data.virustotal_group_administrators.all
    values = {
      ids             = ["ada", "bo"]
      unavailable_ids = []
      complete        = true
      users = [
        {
          id        = "ada", email = "ada@example.com", has_2fa = true, last_login = "2026-01-30T08:00:00Z", user_since = "2024-01-01T00:00:00Z"
          quotas    = {}, privileges = {}, active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = []
          last_name = null, preferences = {}, profile_phrase = null, quota_limits = {}, reputation = null, roles = [], status = null
        },
        {
          id        = "bo", email = "bo@example.com", has_2fa = null, last_login = "2026-01-30T08:00:00Z", user_since = "2024-01-01T00:00:00Z"
          quotas    = {}, privileges = {}, active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = []
          last_name = null, preferences = {}, profile_phrase = null, quota_limits = {}, reputation = null, roles = [], status = null
        },
      ]
    }
  }

  override_data {
    target = data.virustotal_group_service_accounts.all
    values = {
      ids             = ["ci"]
      unavailable_ids = []
      complete        = true
      service_accounts = [
        {
          id         = "ci", email = "ci@example.com", user_since = "2024-01-01T00:00:00Z", quotas = {}, privileges = {}, active_privileges = []
          first_name = null, granted_privileges = [], hidden_attributes = [], quota_limits = {}, reputation = null, roles = [], status = null
        },
      ]
    }
  }

  override_data {
    target = data.virustotal_group.itself
    values = { quotas = {}, privileges = {} }
  }
}

variables {
  group_id = "crew"
  at       = "2026-01-31T12:00:00Z"
}

run "dormant_alone" {
  command = plan

  expect_failures = [check.dormant]

  assert {
    condition     = [for id, result in output.results : "${result.status} ${id}"] == ["alarm crew/dormant/cy"]
    error_message = jsonencode(output.results)
  }

  assert {
    condition     = alltrue([for control, state in output.controls : control == "dormant" || contains(["ok", "skip"], state.status)])
    error_message = jsonencode(output.controls)
  }
}

# at defaults to the time of the plan, when all logins of the mocks are old.
run "now" {
  command = plan

  variables {
    at           = null
    dormant_days = 36500
  }

  assert {
    condition     = [for id, result in output.results : "${result.status} ${id}"] == []
    error_message = jsonencode(output.results)
  }

  assert {
    condition     = timecmp(output.evidence.at, plantimestamp()) == 0
    error_message = output.evidence.at
  }
}

# 01:30 in Helsinki is the previous day in UTC.
run "days_are_utc" {
  command = plan

  variables {
    at = "2026-02-01T01:30:00+02:00"
    waivers = [
      { who = "cy", control = "dormant", reason = "On leave.", approved_by = "ada", until = "2026-01-31" },
    ]
  }

  assert {
    condition     = [for id, result in output.results : "${result.status} ${id}"] == ["waived crew/dormant/cy"]
    error_message = jsonencode(output.results)
  }

  assert {
    condition     = output.roster.reviewed_on == "2026-01-31" && output.evidence.at == "2026-01-31T23:30:00Z"
    error_message = jsonencode(output.evidence)
  }
}

run "days_are_utc_west" {
  command = plan

  variables {
    at = "2026-01-30T20:30:00-03:30"
  }

  expect_failures = [check.dormant]

  assert {
    condition     = output.roster.reviewed_on == "2026-01-31" && output.evidence.at == "2026-01-31T00:00:00Z"
    error_message = jsonencode(output.evidence)
  }
}

run "waived" {
  command = plan

  variables {
    waivers = [
      { who = "cy", control = "dormant", reason = "On leave.", approved_by = "ada", until = "2026-02-28" },
    ]
  }

  assert {
    condition     = [for id, result in output.results : "${result.status} ${id}"] == ["waived crew/dormant/cy"]
    error_message = jsonencode(output.results)
  }

  assert {
    condition     = output.results["crew/dormant/cy"].reason == "On leave." && output.results["crew/dormant/cy"].approved_by == "ada" && output.results["crew/dormant/cy"].until == "2026-02-28"
    error_message = jsonencode(output.results)
  }

  assert {
    condition     = output.controls.dormant.status == "ok" && output.controls.dormant.waived == 1 && output.controls.dormant.alarms == 0 && output.controls.waiver_expired.status == "ok" && output.controls.waiver_stale.evaluated == 1
    error_message = jsonencode(output.controls)
  }
}

run "last_day_of_a_waiver" {
  command = plan

  variables {
    at = "2026-01-31T23:59:59Z"
    waivers = [
      { who = "cy", control = "dormant", reason = "On leave.", approved_by = "ada", until = "2026-01-31" },
    ]
  }

  assert {
    condition     = [for id, result in output.results : "${result.status} ${id}"] == ["waived crew/dormant/cy"]
    error_message = jsonencode(output.results)
  }
}

run "day_after_a_waiver" {
  command = plan

  variables {
    at = "2026-02-01T00:00:00Z"
    waivers = [
      { who = "cy", control = "dormant", reason = "On leave.", approved_by = "ada", until = "2026-01-31" },
    ]
  }

  expect_failures = [check.dormant, check.waiver_expired]

  assert {
    condition     = [for id, result in output.results : "${result.status} ${id}"] == ["alarm crew/dormant/cy", "alarm crew/waiver_expired/cy"]
    error_message = jsonencode(output.results)
  }

  assert {
    condition     = output.results["crew/waiver_expired/cy"].why == "The waiver of dormant, approved by ada, ended on 2026-01-31."
    error_message = jsonencode(output.results)
  }
}

# An expired waiver is not also stale.
run "expired_and_not_needed" {
  command = plan

  variables {
    waivers = [
      { who = "bo", control = "dormant", reason = "On leave.", approved_by = "ada", until = "2026-01-30" },
    ]
  }

  expect_failures = [check.dormant, check.waiver_expired]

  assert {
    condition     = [for id, result in output.results : "${result.status} ${id}"] == ["alarm crew/dormant/cy", "alarm crew/waiver_expired/bo"]
    error_message = jsonencode(output.results)
  }
}

# One result has both waivers.
run "two_expired_waivers" {
  command = plan

  variables {
    waivers = [
      { who = "cy", control = "dormant", reason = "On leave.", approved_by = "ada", until = "2026-01-29" },
      { who = "cy", control = "foreign_mail_domain", reason = "A contractor.", approved_by = "bo", until = "2026-01-30" },
    ]
  }

  expect_failures = [check.dormant, check.waiver_expired]

  assert {
    condition     = [for id, result in output.results : "${result.status} ${id}"] == ["alarm crew/dormant/cy", "alarm crew/waiver_expired/cy"]
    error_message = jsonencode(output.results)
  }

  assert {
    condition     = strcontains(output.results["crew/waiver_expired/cy"].why, "of dormant, approved by ada") && strcontains(output.results["crew/waiver_expired/cy"].why, "of foreign_mail_domain, approved by bo")
    error_message = jsonencode(output.results)
  }
}

run "later_end_counts" {
  command = plan

  variables {
    waivers = [
      { who = "cy", control = "dormant", reason = "First.", approved_by = "ada", until = "2026-02-01" },
      { who = "cy", control = "dormant", reason = "Second.", approved_by = "bo", until = "2026-03-01" },
      { who = "cy", control = "dormant", reason = "Third.", approved_by = "ada", until = "2026-02-15" },
      { who = "cy", control = "dormant", reason = "Old.", approved_by = "ada", until = "2026-01-30" },
    ]
  }

  expect_failures = [check.waiver_expired]

  assert {
    condition     = [for id, result in output.results : "${result.status} ${id}"] == ["waived crew/dormant/cy", "alarm crew/waiver_expired/cy"]
    error_message = jsonencode(output.results)
  }

  assert {
    condition     = output.results["crew/dormant/cy"].reason == "Second."
    error_message = jsonencode(output.results)
  }
}

# Waivers of skipped controls are not stale.
run "stale_waivers" {
  command = plan

  variables {
    waivers = [
      { who = "bo", control = "dormant", reason = "On leave.", approved_by = "ada", until = "2026-02-28" },
      { who = "cyy", control = "dormant", reason = "Misspelt.", approved_by = "ada", until = "2026-02-28" },
      { who = "cy", control = "foreign_mail_domain", reason = "Not asked for.", approved_by = "ada", until = "2026-02-28" },
      { who = "crew", control = "too_few_administrators", reason = "Two are enough.", approved_by = "ada", until = "2026-02-28" },
    ]
  }

  expect_failures = [check.dormant, check.waiver_stale]

  assert {
    condition     = [for id, result in output.results : "${result.status} ${id}"] == ["alarm crew/dormant/cy", "alarm crew/waiver_stale/bo", "alarm crew/waiver_stale/crew", "alarm crew/waiver_stale/cyy"]
    error_message = jsonencode(output.results)
  }

  assert {
    condition     = output.results["crew/waiver_stale/bo"].why == "There is no finding to waive. The waiver of dormant, approved by ada, ends on 2026-02-28." && startswith(output.results["crew/waiver_stale/cyy"].why, "The group has no account with this id.")
    error_message = jsonencode(output.results)
  }
}

run "skipped_waivers" {
  command = plan

  variables {
    skip = { dormant = "Watched elsewhere." }
    waivers = [
      { who = "cy", control = "dormant", reason = "On leave.", approved_by = "ada", until = "2026-02-28" },
    ]
  }

  assert {
    condition     = [for id, result in output.results : "${result.status} ${id}"] == []
    error_message = jsonencode(output.results)
  }
}

run "group_waived" {
  command = plan

  variables {
    minimum_administrators = 3
    waivers = [
      { who = "crew", control = "too_few_administrators", reason = "Two are enough.", approved_by = "ada", until = "2026-02-28" },
    ]
  }

  expect_failures = [check.dormant]

  assert {
    condition     = [for id, result in output.results : "${result.status} ${id}"] == ["alarm crew/dormant/cy", "waived crew/too_few_administrators/crew"]
    error_message = jsonencode(output.results)
  }

  assert {
    condition     = length(output.barring) == 0
    error_message = jsonencode(output.barring)
  }
}

run "one_waiver_one_control" {
  command = plan

  variables {
    allowed_domains = ["example.org"]
    waivers = [
      { who = "cy", control = "foreign_mail_domain", reason = "A contractor.", approved_by = "ada", until = "2026-02-28" },
    ]
  }

  expect_failures = [check.dormant, check.foreign_mail_domain]

  assert {
    condition     = [for id, result in output.results : "${result.status} ${id}"] == ["alarm crew/dormant/cy", "alarm crew/foreign_mail_domain/ada", "alarm crew/foreign_mail_domain/bo", "waived crew/foreign_mail_domain/cy"]
    error_message = jsonencode(output.results)
  }
}

run "too_long" {
  command = plan

  variables {
    waivers = [
      { who = "cy", control = "dormant", reason = "On leave.", approved_by = "ada", until = "2027-02-02" },
    ]
  }

  expect_failures = [data.virustotal_group_users.all]
}

run "just_not_too_long" {
  command = plan

  variables {
    waivers = [
      { who = "cy", control = "dormant", reason = "On leave.", approved_by = "ada", until = "2027-02-01" },
    ]
  }

  assert {
    condition     = [for id, result in output.results : "${result.status} ${id}"] == ["waived crew/dormant/cy"]
    error_message = jsonencode(output.results)
  }
}

run "no_longest_waiver" {
  command = plan

  variables {
    waiver_days = null
    waivers = [
      { who = "cy", control = "dormant", reason = "For ever.", approved_by = "ada", until = "2999-12-31" },
    ]
  }

  assert {
    condition     = [for id, result in output.results : "${result.status} ${id}"] == ["waived crew/dormant/cy"]
    error_message = jsonencode(output.results)
  }
}

# Administrators in the roster are expected as members too.
run "roster" {
  command = plan

  variables {
    roster = {
      reviewed_on      = "2026-01-01"
      reviewed_by      = "ada"
      members          = ["cy"]
      administrators   = ["ada", "bo"]
      service_accounts = ["ci"]
    }
  }

  expect_failures = [check.dormant]

  assert {
    condition     = [for id, result in output.results : "${result.status} ${id}"] == ["alarm crew/dormant/cy"]
    error_message = jsonencode(output.results)
  }

  assert {
    condition     = output.controls.unexpected_member.status == "ok" && output.controls.unexpected_member.evaluated == 3 && output.controls.unexpected_administrator.evaluated == 2 && output.controls.unexpected_service_account.evaluated == 1 && output.controls.roster_stale.evaluated == 4 && output.controls.review_overdue.status == "ok"
    error_message = jsonencode(output.controls)
  }
}

run "unexpected" {
  command = plan

  variables {
    bar = "critical"
    roster = {
      reviewed_on      = "2026-01-01"
      reviewed_by      = "ada"
      members          = []
      administrators   = ["ada"]
      service_accounts = []
    }
  }

  expect_failures = [check.dormant, check.unexpected_administrator, check.unexpected_member, check.unexpected_service_account]

  assert {
    condition     = [for id, result in output.results : "${result.status} ${id}"] == ["alarm crew/dormant/cy", "alarm crew/unexpected_administrator/bo", "alarm crew/unexpected_member/bo", "alarm crew/unexpected_member/cy", "alarm crew/unexpected_service_account/ci"]
    error_message = jsonencode(output.results)
  }

  assert {
    condition     = length(output.barring) == 0
    error_message = jsonencode(output.barring)
  }
}

# Cy is a member, but no longer an administrator.
run "lists_not_checked" {
  command = plan

  variables {
    roster = {
      reviewed_on    = "2026-01-01"
      reviewed_by    = "ada"
      administrators = ["ada", "bo", "cy", "gone"]
      members        = null
    }
  }

  expect_failures = [check.dormant, check.roster_stale]

  assert {
    condition     = [for id, result in output.results : "${result.status} ${id}"] == ["alarm crew/dormant/cy", "alarm crew/roster_stale/cy", "alarm crew/roster_stale/gone"]
    error_message = jsonencode(output.results)
  }

  assert {
    condition     = output.controls.unexpected_member.skipped_because == "not asked for" && output.controls.unexpected_service_account.status == "skip" && output.controls.roster_stale.severity == "low"
    error_message = jsonencode(output.controls)
  }
}

run "stale_in_two_roles" {
  command = plan

  variables {
    roster = {
      reviewed_on      = "2026-01-01"
      reviewed_by      = "ada"
      administrators   = ["ada", "bo", "gone"]
      members          = ["cy", "gone"]
      service_accounts = ["ci", "gone"]
    }
  }

  expect_failures = [check.dormant, check.roster_stale]

  assert {
    condition     = [for id, result in output.results : "${result.status} ${id}"] == ["alarm crew/dormant/cy", "alarm crew/roster_stale/gone"]
    error_message = jsonencode(output.results)
  }

  assert {
    condition     = length(regexall("The roster has this", output.results["crew/roster_stale/gone"].why)) == 3
    error_message = jsonencode(output.results)
  }
}

run "last_day_of_a_review" {
  command = plan

  variables {
    at           = "2026-04-01T23:59:59Z"
    dormant_days = null
    roster = {
      reviewed_on = "2026-01-01"
      reviewed_by = "ada"
      members     = ["ada", "bo", "cy"]
    }
  }

  assert {
    condition     = [for id, result in output.results : "${result.status} ${id}"] == []
    error_message = jsonencode(output.results)
  }
}

run "overdue" {
  command = plan

  variables {
    at           = "2026-04-02T00:00:00Z"
    dormant_days = null
    roster = {
      reviewed_on = "2026-01-01"
      reviewed_by = "ada"
      members     = ["ada", "bo", "cy"]
    }
  }

  expect_failures = [check.review_overdue]

  assert {
    condition     = [for id, result in output.results : "${result.status} ${id}"] == ["alarm crew/review_overdue/crew"]
    error_message = jsonencode(output.results)
  }
}

run "no_longest_review" {
  command = plan

  variables {
    at           = "2026-04-02T00:00:00Z"
    dormant_days = null
    review_days  = null
    roster = {
      reviewed_on = "2026-01-01"
      reviewed_by = "ada"
      members     = ["ada", "bo", "cy"]
    }
  }

  assert {
    condition     = [for id, result in output.results : "${result.status} ${id}"] == []
    error_message = jsonencode(output.results)
  }

  assert {
    condition     = output.controls.review_overdue.status == "skip"
    error_message = jsonencode(output.controls)
  }
}

run "reviewed_tomorrow" {
  command = plan

  variables {
    roster = {
      reviewed_on = "2026-02-01"
      reviewed_by = "ada"
    }
  }

  expect_failures = [check.dormant]

  assert {
    condition     = [for id, result in output.results : "${result.status} ${id}"] == ["alarm crew/dormant/cy"]
    error_message = jsonencode(output.results)
  }
}

run "reviewed_in_the_future" {
  command = plan

  variables {
    roster = {
      reviewed_on = "2026-02-02"
      reviewed_by = "ada"
    }
  }

  expect_failures = [data.virustotal_group_users.all]
}

run "misspelt_list" {
  command = plan

  variables {
    roster = {
      reviewed_on   = "2026-01-01"
      reviewed_by   = "ada"
      adminstrators = []
    }
  }

  expect_failures = [var.roster]
}

run "nobody_reviewed" {
  command = plan

  variables {
    roster = {
      reviewed_on = "2026-01-01"
      reviewed_by = " "
    }
  }

  expect_failures = [var.roster]
}

run "never_reviewed" {
  command = plan

  variables {
    roster = {
      reviewed_by = "ada"
    }
  }

  expect_failures = [var.roster]
}

run "no_day" {
  command = plan

  variables {
    roster = {
      reviewed_on = "2026-02-30"
      reviewed_by = "ada"
    }
  }

  expect_failures = [var.roster]
}

run "no_list" {
  command = plan

  variables {
    roster = {
      reviewed_on = "2026-01-01"
      reviewed_by = "ada"
      members     = "ada"
    }
  }

  expect_failures = [var.roster]
}

run "no_such_control" {
  command = plan

  variables {
    waivers = [
      { who = "cy", control = "dorment", reason = "On leave.", approved_by = "ada", until = "2026-02-28" },
    ]
  }

  expect_failures = [var.waivers]
}

run "not_to_be_waived" {
  command = plan

  variables {
    waivers = [
      { who = "crew", control = "incomplete", reason = "Never mind.", approved_by = "ada", until = "2026-02-28" },
    ]
  }

  expect_failures = [var.waivers]
}

run "no_patterns" {
  command = plan

  variables {
    waivers = [
      { who = "c*", control = "dormant", reason = "On leave.", approved_by = "ada", until = "2026-02-28" },
    ]
  }

  expect_failures = [var.waivers]
}

run "no_reason" {
  command = plan

  variables {
    waivers = [
      { who = "cy", control = "dormant", reason = " ", approved_by = "ada", until = "2026-02-28" },
    ]
  }

  expect_failures = [var.waivers]
}

run "no_such_day" {
  command = plan

  variables {
    waivers = [
      { who = "cy", control = "dormant", reason = "On leave.", approved_by = "ada", until = "2026-02-29" },
    ]
  }

  expect_failures = [var.waivers]
}

run "no_day_at_all" {
  command = plan

  variables {
    waivers = [
      { who = "cy", control = "dormant", reason = "On leave.", approved_by = "ada", until = "next week" },
    ]
  }

  expect_failures = [var.waivers]
}

run "refused" {
  command = plan

  variables {
    group_id               = " "
    at                     = "yesterday"
    allowed_domains        = ["@example.com"]
    bar                    = "severe"
    dormant_days           = 0
    minimum_administrators = 1.5
    privilege_days         = -1
    quota_share            = 90
    quotas                 = [""]
    review_days            = 0.5
    severity               = { dorment = "high" }
    skip                   = { incomplete = "Never mind." }
    waiver_days            = 0
  }

  expect_failures = [var.group_id, var.at, var.allowed_domains, var.bar, var.dormant_days, var.minimum_administrators, var.privilege_days, var.quota_share, var.quotas, var.review_days, var.severity, var.skip, var.waiver_days]
}

run "refused_values" {
  command = plan

  variables {
    quotas   = []
    severity = { dormant = "grave" }
    skip     = { dormant = " " }
  }

  expect_failures = [var.quotas, var.severity, var.skip]
}
