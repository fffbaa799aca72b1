# SPDX-License-Identifier: MPL-2.0

# The group crew has used 11,500 of 40,000 requests by noon of 12 November. internal/acceptance has the cells: mocks cannot hide a
# collection. The check of the module fails where there are findings.

mock_provider "virustotal" {
  override_data {
    target = data.virustotal_group.itself
    values = {
      quotas            = { api_requests_monthly = { allowed = 40000, used = 11500, remaining = 28500, utilization = 0.2875, inherited_from = null } }
      hidden_attributes = []
      unreadable        = null
    }
  }

  override_data {
    target = data.virustotal_group_api_usage.days
    values = {
      daily = {
        "2026-10-22" = { files = 1000 }, "2026-10-23" = { files = 1000 }, "2026-10-24" = { files = 1000 }, "2026-10-25" = { files = 1000 }
        "2026-10-26" = { files = 1000 }, "2026-10-27" = { files = 1000 }, "2026-10-28" = { files = 1000 }, "2026-10-29" = { files = 1000 }
        "2026-10-30" = { files = 1000 }, "2026-10-31" = { files = 1000 }, "2026-11-01" = { files = 1000 }, "2026-11-02" = { files = 1000 }
        "2026-11-03" = { files = 1000 }, "2026-11-04" = { files = 1000 }, "2026-11-05" = { files = 1000 }, "2026-11-06" = { files = 1000 }
        "2026-11-07" = { files = 1000 }, "2026-11-08" = { files = 1000 }, "2026-11-09" = { files = 1000 }, "2026-11-10" = { files = 1000 }
        "2026-11-11" = { files = 1000 }, "2026-11-12" = { files = 500 }
      }
      total      = { files = 21500 }
      unreadable = null
    }
  }

  override_data {
    target = data.virustotal_group_service_accounts.all
    values = { ids = [], service_accounts = [], unavailable_ids = [], complete = true, unreadable = null }
  }

  override_data {
    target = data.virustotal_group_users_consuming_quota.month
    values = { ids = ["ada", "cy"], consumed = { ada = 8000, cy = 3500 }, users = [], unavailable_ids = [], complete = true, unreadable = null }
  }

  override_data {
    target = data.virustotal_client_config.key
    values = { username = "ada" }
  }
}

variables {
  group_id = "crew"
  at       = "2026-11-12T14:00:00+02:00"
}

run "enough" {
  command = plan

  # VirusTotal breaks the requests of Mondays before 22 October down no more than these tests.
  variables {
    rise_factor = null
  }

  assert {
    condition     = length(output.results) == 0 && output.quotas.api_requests_monthly.projected == 30000 && output.evidence.at == "2026-11-12T12:00:00Z"
    error_message = jsonencode([output.results, output.quotas])
  }

  assert {
    condition     = output.accounts[0].id == "ada" && output.accounts[0].share == 0.6957 && output.accounts[1].previous == 3500
    error_message = jsonencode(output.accounts)
  }
}

run "over_budget" {
  command = plan

  variables {
    budgets = { api_requests_monthly = { group = 20000, each = 8000, accounts = { cy = 3000 } } }
    skip    = { sudden_rise = "The month is a test." }
  }

  expect_failures = [check.findings]

  assert {
    condition = (
      keys(output.results) == ["crew/over_budget/cy", "crew/over_budget_soon", "crew/over_budget_soon/ada"]
      && output.failing == ["crew/over_budget/cy"]
    )
    error_message = jsonencode(output.results)
  }
}

run "refused" {
  command = plan

  variables {
    budgets = { api_requests_monthly = { grupo = 1 } }
  }

  expect_failures = [data.virustotal_group.itself]
}
