# SPDX-License-Identifier: MPL-2.0

# The group crew of the administrators ada and bo, and the member cy, whose last login is long ago. internal/acceptance has the cells:
# mocks cannot hide a collection. The check of the module fails where there are findings.

mock_provider "virustotal" {
  override_data {
    target = data.virustotal_group_users.all
    values = {
      ids             = ["ada", "bo", "cy"]
      unavailable_ids = []
      complete        = true
      unreadable      = null
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
    target = data.virustotal_group_users.without_2fa
    values = { ids = [], users = [], unavailable_ids = [], complete = true, unreadable = null }
  }

  override_data {
    target = data.virustotal_group_users.with_2fa
    values = { ids = ["ada", "bo", "cy"], users = [], unavailable_ids = [], complete = true, unreadable = null }
  }

  override_data {
    target = data.virustotal_group_administrators.all
    values = { ids = ["ada", "bo"], users = [], unavailable_ids = [], complete = true, unreadable = null }
  }

  override_data {
    target = data.virustotal_group_service_accounts.all
    values = { ids = [], service_accounts = [], unavailable_ids = [], complete = true, unreadable = null }
  }

  override_data {
    target = data.virustotal_group.itself
    values = { quotas = {}, privileges = {}, auto_add_users = [], hidden_attributes = [], unreadable = null }
  }
}

variables {
  group_id = "crew"
  at       = "2026-01-31T12:00:00Z"
}

run "dormant_alone" {
  command = plan

  expect_failures = [check.findings]

  assert {
    condition     = keys(output.results) == ["crew/dormant/cy"] && output.failing == []
    error_message = jsonencode(output.results)
  }

  assert {
    condition     = alltrue([for control, state in output.controls : control == "dormant" || contains(["ok", "skip"], state.status)])
    error_message = jsonencode(output.controls)
  }
}

# The time of the audit is shifted to UTC.
run "zone" {
  command = plan

  variables {
    at           = "2026-02-01T01:00:00+02:00"
    dormant_days = 400
  }

  assert {
    condition     = output.evidence.at == "2026-01-31T23:00:00Z" && length(output.results) == 0
    error_message = output.evidence.at
  }
}

run "weaker" {
  command = plan

  variables {
    dormant_days   = 36500
    privilege_days = null
    skip           = { no_2fa = "The company forces GitHub." }
  }

  assert {
    condition = output.evidence.weaker_than_default == [
      "dormant_days: 36500 instead of 90", "privilege_days: null instead of 30", "no_2fa: skipped, The company forces GitHub.",
    ]
    error_message = jsonencode(output.evidence.weaker_than_default)
  }
}

run "refused" {
  command = plan

  variables {
    fail_on = "hihg"
  }

  expect_failures = [data.virustotal_group_administrators.all]
}
