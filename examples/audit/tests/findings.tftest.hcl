# SPDX-License-Identifier: MPL-2.0

# Tests this root module with findings, which are the mocked outputs of the module.

mock_provider "virustotal" {}

variables {
  at     = "2026-01-31T00:00:00Z"
  groups = { crew = {} }
}

run "found" {
  command = plan

  override_module {
    target = module.audit
    outputs = {
      results = {
        "crew/dormant/bo" = {
          control = "dormant", group = "crew", who = "bo", owner = "", severity = "medium", status = "alarm", why = "Long ago.", what = "", blocks = [], ticket = "", reason = "", approved_by = "", until = ""
        }
        "crew/unknown/bo" = {
          control = "unknown", group = "crew", who = "bo", owner = "", severity = "low", status = "error", why = "Not shown.", what = "", blocks = [], ticket = "", reason = "", approved_by = "", until = ""
        }
        "crew/no_2fa/bo" = {
          control = "no_2fa", group = "crew", who = "bo", owner = "", severity = "high", status = "waived", why = "Off.", what = "", blocks = [], ticket = "", reason = "A key is ordered.", approved_by = "ada", until = "2026-02-28"
        }
      }
      controls = {}
      roster   = {}
      evidence = { group = "crew" }
      failing  = ["crew/dormant/bo"]
    }
  }

  assert {
    condition     = output.findings == { "crew/dormant/bo" = "medium", "crew/unknown/bo" = "low" } && output.gate == "failed"
    error_message = jsonencode(output.findings)
  }

  assert {
    condition     = jsondecode(nonsensitive(output.report).json).summary == { alarm = 1, error = 1, waived = 1, skipped = 0, unsure = 0, by_severity = { critical = 0, high = 0, low = 1, medium = 1 } }
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
          control = "dormant", group = "crew", who = "bo", owner = "", severity = "medium", status = "alarm", why = "Long ago.", what = "", blocks = [], ticket = "", reason = "", approved_by = "", until = ""
        }
      }
      controls = {}
      roster   = {}
      evidence = { group = "crew" }
      failing  = ["crew/dormant/bo"]
    }
  }

  expect_failures = [output.gate]
}
