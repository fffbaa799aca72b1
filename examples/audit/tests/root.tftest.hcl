# SPDX-License-Identifier: MPL-2.0

# Tests this root module with mocks: a group of two members without findings. A failed check in a module would fail the test, so
# findings.tftest.hcl mocks the outputs of the module.

mock_provider "virustotal" {
  mock_data "virustotal_group_users" {
    defaults = {
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

  mock_data "virustotal_group_administrators" {
    defaults = { ids = ["ada", "bo"], users = [], unavailable_ids = [], complete = true }
  }

  mock_data "virustotal_group_service_accounts" {
    defaults = { ids = [], service_accounts = [], unavailable_ids = [], complete = true }
  }

  mock_data "virustotal_group" {
    defaults = { quotas = {}, privileges = {} }
  }
}

variables {
  at     = "2026-01-31T00:00:00Z"
  groups = { crew = { skip = { no_2fa = "The mocks ignore the filter.", administrator_without_2fa = "The mocks ignore the filter." } } }
}

run "no_findings" {
  command = plan

  variables {
    enforce = true
    fail_on = "low"
  }

  assert {
    condition     = output.findings == {} && output.gate == "passed" && output.roster.crew.members[0] == "ada"
    error_message = jsonencode(output.findings)
  }
}

# An explicit null turns a control off; a missing attribute has the module's default.
run "null_and_left_out" {
  command = plan

  variables {
    groups = {
      crew  = { dormant_days = null, skip = { no_2fa = "The mocks ignore the filter.", administrator_without_2fa = "The mocks ignore the filter." } }
      night = { privilege_days = null, fail_on = null, skip = { no_2fa = "The mocks ignore the filter.", administrator_without_2fa = "The mocks ignore the filter." } }
    }
  }

  assert {
    condition = (
      output.controls.crew.dormant.status == "skip" && output.controls.crew.privilege_ends.status == "ok"
      && output.controls.night.dormant.status == "ok" && output.controls.night.privilege_ends.status == "skip"
    )
    error_message = jsonencode(nonsensitive(output.controls))
  }
}

run "no_group" {
  command = plan

  variables {
    groups = {}
  }

  expect_failures = [var.groups]
}

run "no_such_variable" {
  command = plan

  variables {
    groups = { crew = { dorment_days = 45 } }
  }

  expect_failures = [var.groups]
}

run "no_policy" {
  command = plan

  variables {
    groups = { crew = null }
  }

  expect_failures = [var.groups]
}
