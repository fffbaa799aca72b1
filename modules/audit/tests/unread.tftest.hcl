# SPDX-License-Identifier: MPL-2.0

# The group of approvals.tftest.hcl, with incomplete lists.

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

# Members who are missing from the incomplete list may be in the rest of it, so no second factor is known.
run "without_cut_short" {
  command = plan

  override_data {
    target = data.virustotal_group_users.without_second_factor
    values = { ids = [], users = [], unavailable_ids = [], complete = false }
  }

  expect_failures = [check.dormant, check.incomplete, check.second_factor_unknown]

  assert {
    condition     = [for id, result in output.results : "${result.status} ${id}"] == ["alarm crew/dormant/cy", "error crew/incomplete/crew", "error crew/second_factor_unknown/ada", "error crew/second_factor_unknown/bo", "error crew/second_factor_unknown/cy"]
    error_message = jsonencode(output.results)
  }

  assert {
    condition     = output.controls["incomplete"].status == "error" && join(", ", [for control, state in output.controls : control if state.status == "error"]) == "administrator_without_second_factor, incomplete, no_second_factor, second_factor_unknown, unavailable"
    error_message = jsonencode(output.controls)
  }

  assert {
    condition     = output.results["crew/incomplete/crew"].why == "Not read completely: the members without a second factor."
    error_message = jsonencode(output.results)
  }

  assert {
    condition     = contains(output.barring, "crew/incomplete/crew")
    error_message = jsonencode(output.barring)
  }
}

run "with_cut_short" {
  command = plan

  override_data {
    target = data.virustotal_group_users.with_second_factor
    values = { ids = ["ada", "bo", "cy"], users = [], unavailable_ids = [], complete = false }
  }

  expect_failures = [check.dormant, check.incomplete]

  assert {
    condition     = [for id, result in output.results : "${result.status} ${id}"] == ["alarm crew/dormant/cy", "error crew/incomplete/crew"]
    error_message = jsonencode(output.results)
  }

  assert {
    condition     = output.controls["incomplete"].status == "error" && join(", ", [for control, state in output.controls : control if state.status == "error"]) == "administrator_without_second_factor, incomplete, no_second_factor, second_factor_unknown, unavailable"
    error_message = jsonencode(output.controls)
  }

  assert {
    condition     = output.controls.no_second_factor.evaluated == 1
    error_message = jsonencode(output.controls)
  }
}

# Findings about listed administrators are reported, but too_few_administrators and roster_stale need the whole list.
run "administrators_cut_short" {
  command = plan

  override_data {
    target = data.virustotal_group_administrators.all
    values = { ids = [], users = [], unavailable_ids = [], complete = false }
  }

  variables {
    roster = {
      reviewed_on    = "2026-01-01"
      reviewed_by    = "ada"
      members        = ["cy"]
      administrators = ["ada", "gone"]
    }
    waivers = [
      { who = "bo", control = "dormant", reason = "On leave.", approved_by = "ada", until = "2026-02-28" },
    ]
    minimum_administrators = 3
  }

  expect_failures = [check.dormant, check.incomplete, check.unexpected_member]

  assert {
    condition     = [for id, result in output.results : "${result.status} ${id}"] == ["alarm crew/dormant/cy", "error crew/incomplete/crew", "alarm crew/unexpected_member/bo"]
    error_message = jsonencode(output.results)
  }

  assert {
    condition     = output.controls["incomplete"].status == "error" && join(", ", [for control, state in output.controls : control if state.status == "error"]) == "administrator_without_second_factor, dormant, hidden, incomplete, never_logged_in, no_second_factor, privilege_ends, quota_nearly_used_up, roster_stale, second_factor_unknown, too_few_administrators, unavailable, unexpected_administrator, unexpected_member, waiver_stale"
    error_message = jsonencode(output.controls)
  }
}

run "service_accounts_cut_short" {
  command = plan

  override_data {
    target = data.virustotal_group_service_accounts.all
    values = { ids = [], service_accounts = [], unavailable_ids = [], complete = false }
  }

  variables {
    roster = {
      reviewed_on      = "2026-01-01"
      reviewed_by      = "ada"
      service_accounts = ["gone"]
    }
  }

  expect_failures = [check.dormant, check.incomplete]

  assert {
    condition     = [for id, result in output.results : "${result.status} ${id}"] == ["alarm crew/dormant/cy", "error crew/incomplete/crew"]
    error_message = jsonencode(output.results)
  }

  assert {
    condition     = output.controls["incomplete"].status == "error" && join(", ", [for control, state in output.controls : control if state.status == "error"]) == "hidden, incomplete, privilege_ends, quota_nearly_used_up, roster_stale, unavailable, unexpected_service_account"
    error_message = jsonencode(output.controls)
  }
}

# A group without members means a wrong API key or id. No control about members passes, and no name or waiver is stale.
run "nobody" {
  command = plan

  override_data {
    target = data.virustotal_group_users.all
    values = { ids = [], users = [], unavailable_ids = [], complete = true }
  }

  override_data {
    target = data.virustotal_group_users.with_second_factor
    values = { ids = [], users = [], unavailable_ids = [], complete = true }
  }

  override_data {
    target = data.virustotal_group_administrators.all
    values = { ids = [], users = [], unavailable_ids = [], complete = true }
  }

  variables {
    roster = {
      reviewed_on      = "2026-01-01"
      reviewed_by      = "ada"
      members          = ["cy"]
      administrators   = ["ada", "bo"]
      service_accounts = ["ci"]
    }
    waivers = [
      { who = "cy", control = "dormant", reason = "On leave.", approved_by = "ada", until = "2026-02-28" },
    ]
    allowed_domains = ["example.com"]
  }

  expect_failures = [check.incomplete, check.too_few_administrators]

  assert {
    condition     = [for id, result in output.results : "${result.status} ${id}"] == ["error crew/incomplete/crew", "alarm crew/too_few_administrators/crew"]
    error_message = jsonencode(output.results)
  }

  assert {
    condition     = join(", ", [for control, state in output.controls : control if state.status == "ok"]) == "review_overdue, unexpected_service_account, waiver_expired"
    error_message = jsonencode(output.controls)
  }

  assert {
    condition     = output.evidence.members == 0 && output.controls.dormant.evaluated == 0 && output.evidence.requests_at_least == 6
    error_message = jsonencode(output.controls)
  }
}

# Administrators and members in filtered lists are audited nevertheless.
run "no_members_but_administrators" {
  command = plan

  override_data {
    target = data.virustotal_group_users.all
    values = { ids = [], users = [], unavailable_ids = [], complete = true }
  }

  expect_failures = [check.incomplete, check.unavailable]

  assert {
    condition     = [for id, result in output.results : "${result.status} ${id}"] == ["error crew/incomplete/crew", "error crew/unavailable/cy"]
    error_message = jsonencode(output.results)
  }
}

run "severity_of_incomplete" {
  command = plan

  override_data {
    target = data.virustotal_group_service_accounts.all
    values = { ids = [], service_accounts = [], unavailable_ids = [], complete = false }
  }

  variables {
    severity = { incomplete = "low" }
  }

  expect_failures = [check.dormant, check.incomplete]

  assert {
    condition     = output.results["crew/incomplete/crew"].severity == "low" && output.results["crew/incomplete/crew"].status == "error" && length(output.barring) == 0
    error_message = jsonencode(output.results)
  }
}

# If the server ignores the filter, nobody passes.
run "filter_ignored" {
  command = plan

  override_data {
    target = data.virustotal_group_users.without_second_factor
    values = { ids = ["ada", "bo", "cy"], users = [], unavailable_ids = [], complete = true }
  }

  expect_failures = [check.dormant, check.second_factor_unknown]

  assert {
    condition     = [for id, result in output.results : "${result.status} ${id}"] == ["alarm crew/dormant/cy", "error crew/second_factor_unknown/ada", "error crew/second_factor_unknown/bo", "error crew/second_factor_unknown/cy"]
    error_message = jsonencode(output.results)
  }

  assert {
    condition     = output.controls.no_second_factor.status == "error" && output.controls.no_second_factor.evaluated == 0
    error_message = jsonencode(output.controls)
  }
}

run "unknown_and_waived" {
  command = plan

  override_data {
    target = data.virustotal_group_users.without_second_factor
    values = { ids = ["ada", "bo", "cy"], users = [], unavailable_ids = [], complete = true }
  }

  variables {
    waivers = [
      { who = "ada", control = "second_factor_unknown", reason = "Seen in person.", approved_by = "ada", until = "2026-02-28" },
      { who = "bo", control = "second_factor_unknown", reason = "Seen in person.", approved_by = "ada", until = "2026-02-28" },
      { who = "cy", control = "second_factor_unknown", reason = "Seen in person.", approved_by = "ada", until = "2026-02-28" },
    ]
  }

  expect_failures = [check.dormant]

  assert {
    condition     = [for id, result in output.results : "${result.status} ${id}"] == ["alarm crew/dormant/cy", "waived crew/second_factor_unknown/ada", "waived crew/second_factor_unknown/bo", "waived crew/second_factor_unknown/cy"]
    error_message = jsonencode(output.results)
  }

  assert {
    condition     = output.controls.no_second_factor.status == "ok" && output.controls.no_second_factor.evaluated == 0 && output.controls.second_factor_unknown.status == "ok"
    error_message = jsonencode(output.controls)
  }
}

run "unknown_is_no_proof_that_a_waiver_is_stale" {
  command = plan

  override_data {
    target = data.virustotal_group_users.without_second_factor
    values = { ids = ["cy"], users = [], unavailable_ids = [], complete = true }
  }

  variables {
    waivers = [
      { who = "cy", control = "no_second_factor", reason = "A hardware key is ordered.", approved_by = "ada", until = "2026-02-28" },
      { who = "cy", control = "privilege_ends", reason = "Nobody sees them.", approved_by = "ada", until = "2026-02-28" },
    ]
  }

  expect_failures = [check.dormant, check.second_factor_unknown, check.waiver_stale]

  assert {
    condition     = [for id, result in output.results : "${result.status} ${id}"] == ["alarm crew/dormant/cy", "error crew/second_factor_unknown/cy", "alarm crew/waiver_stale/cy"]
    error_message = jsonencode(output.results)
  }

  assert {
    condition     = !strcontains(output.results["crew/waiver_stale/cy"].why, "no_second_factor")
    error_message = jsonencode(output.results)
  }
}

# Terraform normalizes strings: if two ids become equal, neither account hides the other.
run "ids_that_become_one" {
  command = plan

  override_data {
    target = data.virustotal_group_users.all
    values = {
      ids             = ["ada", "bo", "jos\u00e9", "jose\u0301"]
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
          id        = "jos\u00e9", email = "jos\u00e9@example.com", has_2fa = null, last_login = "2026-01-30T08:00:00Z", user_since = "2024-01-01T00:00:00Z"
          quotas    = {}, privileges = {}, active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = []
          last_name = null, preferences = {}, profile_phrase = null, quota_limits = {}, reputation = null, roles = [], status = null
        },
        {
          id        = "jose\u0301", email = "jose\u0301@example.com", has_2fa = null, last_login = "2025-01-01T00:00:00Z", user_since = "2024-01-01T00:00:00Z"
          quotas    = {}, privileges = {}, active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = []
          last_name = null, preferences = {}, profile_phrase = null, quota_limits = {}, reputation = null, roles = [], status = null
        },
      ]
    }
  }

  override_data {
    target = data.virustotal_group_users.with_second_factor
    values = { ids = ["ada", "bo", "jos\u00e9", "jose\u0301"], users = [], unavailable_ids = [], complete = true }
  }

  variables {
    roster = {
      reviewed_on = "2026-01-01"
      reviewed_by = "ada"
      members     = ["ada", "bo", "jos\u00e9"]
    }
  }

  expect_failures = [check.dormant, check.second_factor_unknown, check.unexpected_member]

  assert {
    condition     = [for id, result in output.results : "${result.status} ${id}"] == ["alarm crew/dormant/jos\u00e9", "error crew/second_factor_unknown/jos\u00e9", "alarm crew/unexpected_member/jos\u00e9"]
    error_message = jsonencode(output.results)
  }
}

# A waiver for a member does not cover the group that has the same name.
run "named_like_the_group" {
  command = plan

  override_data {
    target = data.virustotal_group.itself
    values = { quotas = { searches = { allowed = 10, used = 10, remaining = 0, utilization = 1 } }, privileges = {} }
  }

  variables {
    group_id = "cy"
    severity = { quota_nearly_used_up = "high" }
    waivers = [
      { who = "cy", control = "quota_nearly_used_up", reason = "Known.", approved_by = "ada", until = "2026-02-28" },
      { who = "cy", control = "dormant", reason = "On leave.", approved_by = "ada", until = "2026-02-28" },
    ]
  }

  expect_failures = [check.quota_nearly_used_up]

  assert {
    condition     = [for id, result in output.results : "${result.status} ${id}"] == ["waived cy/dormant/cy", "alarm cy/quota_nearly_used_up/cy"]
    error_message = jsonencode(output.results)
  }
}
