# SPDX-License-Identifier: MPL-2.0

# Tests this root module with mocks: a group of two members without findings. A failed check in a module would fail the test, so
# the tests with findings mock the outputs of the module.

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

  override_data {
    target = module.audit["crew"].data.virustotal_group_users.without_second_factor
    values = { ids = [], users = [], unavailable_ids = [], complete = true }
  }

  override_data {
    target = module.audit["night"].data.virustotal_group_users.without_second_factor
    values = { ids = [], users = [], unavailable_ids = [], complete = true }
  }

  override_data {
    target = data.virustotal_group_users.without_second_factor
    values = { ids = [], users = [], unavailable_ids = [], complete = true }
  }
}

variables {
  at     = "2026-01-31T00:00:00Z"
  groups = { crew = {} }
}

run "the_module_alone" {
  command = plan

  module {
    source = "../../modules/audit"
  }

  variables {
    group_id = "crew"
  }
}

run "the_modules_defaults" {
  command = plan

  variables {
    enforce = true
    bar     = "low"
    groups  = { crew = { bar = "high" } }
  }

  assert {
    condition     = module.audit["crew"].evidence.policy == run.the_module_alone.evidence.policy
    error_message = "The defaults of the root module differ from those of modules/audit."
  }

  assert {
    condition     = output.findings == {} && output.gate == "open" && output.roster.crew.members[0] == "ada"
    error_message = jsonencode(output.findings)
  }
}

# An explicit null turns a control off; a missing attribute has the module's default.
run "null_and_left_out" {
  command = plan

  variables {
    groups = { crew = { dormant_days = null }, night = { privilege_days = null, bar = null } }
  }

  assert {
    condition = (
      output.controls.crew.dormant.status == "skip" && output.controls.crew.privilege_ends.status == "ok"
      && output.controls.night.dormant.status == "ok" && output.controls.night.privilege_ends.status == "skip"
    )
    error_message = jsonencode(output.controls)
  }
}

run "found" {
  command = plan

  override_module {
    target = module.audit
    outputs = {
      results = {
        "crew/dormant/bo" = {
          control = "dormant", group = "crew", who = "bo", owner = "", severity = "medium", status = "alarm", why = "Long ago.", reason = "", approved_by = "", until = ""
        }
        "crew/hidden/bo" = {
          control = "hidden", group = "crew", who = "bo", owner = "", severity = "low", status = "error", why = "Not shown.", reason = "", approved_by = "", until = ""
        }
        "crew/no_second_factor/bo" = {
          control = "no_second_factor", group = "crew", who = "bo", owner = "", severity = "high", status = "waived", why = "Off.", reason = "A key is ordered.", approved_by = "ada", until = "2026-02-28"
        }
      }
      controls = {}
      roster   = {}
      evidence = {}
      barring  = ["crew/dormant/bo"]
    }
  }

  assert {
    condition     = output.findings == { "crew/dormant/bo" = "medium", "crew/hidden/bo" = "low" } && output.gate == "closed"
    error_message = jsonencode(output.findings)
  }

  assert {
    condition     = jsondecode(nonsensitive(output.report).json).summary == { alarm = 1, error = 1, waived = 1, by_severity = { critical = 0, high = 0, low = 1, medium = 1 } }
    error_message = "The summary has wrong counts."
  }
}

run "enforced" {
  command = plan

  variables {
    enforce = true
  }

  override_module {
    target = module.audit
    outputs = {
      results = {
        "crew/dormant/bo" = {
          control = "dormant", group = "crew", who = "bo", owner = "", severity = "medium", status = "alarm", why = "Long ago.", reason = "", approved_by = "", until = ""
        }
      }
      controls = {}
      roster   = {}
      evidence = {}
      barring  = ["crew/dormant/bo"]
    }
  }

  expect_failures = [output.gate]
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
