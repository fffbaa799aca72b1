# Proves the policy without VirusTotal: terraform test, from Terraform 1.7 on. The mocks are a group that passes;
# each run lets it fall short, and expects what is found of it and no more. Of each user they hold what the policy
# looks at. A collection that is hidden cannot be mocked.

mock_provider "virustotal" {
  source = "./tests/mocks"

  # The mock of the same data source is for all members.
  override_data {
    target = data.virustotal_group_users.without_second_factor
    values = { ids = [], users = [], unavailable_ids = [], complete = true }
  }
}

variables {
  group_id               = "crew"
  at                     = "2026-01-31T00:00:00Z"
  allowed_administrators = ["ada", "bo"]
  allowed_domains        = ["example.com"]
  read_group             = true
}

run "all_is_well" {
  command = plan

  variables {
    enforce         = true
    enforce_gravity = "low"
  }

  assert {
    condition     = output.findings == [] && output.exempted == []
    error_message = jsonencode(output.findings)
  }
}

run "by_default" {
  command = plan

  variables {
    at                     = null
    allowed_administrators = null
    allowed_domains        = null
    read_group             = false
    dormant_days           = 36500 # The logins of the mocks grow old.
    privilege_days         = null
  }

  assert {
    condition     = output.findings == []
    error_message = jsonencode(output.findings)
  }

  assert {
    condition     = length(data.virustotal_group.itself) == 0
    error_message = "The group itself costs a request."
  }
}

run "no_second_factor" {
  command = plan

  # VirusTotal's filter names bo, and ada sees it of herself.
  override_data {
    target = data.virustotal_group_users.without_second_factor
    values = { ids = ["bo"], users = [], unavailable_ids = [], complete = true }
  }

  override_data {
    target = data.virustotal_group_users.all
    values = {
      ids             = ["ada", "bo"]
      unavailable_ids = []
      complete        = true
      users = [
        { id = "ada", email = "ada@example.com", has_2fa = false, last_login = "2026-01-30T08:00:00Z", user_since = "2024-01-01T00:00:00Z", quotas = {}, privileges = {} },
        { id = "bo", email = "bo@example.com", has_2fa = null, last_login = "2026-01-30T08:00:00Z", user_since = "2024-01-01T00:00:00Z", quotas = {}, privileges = {} },
      ]
    }
  }

  expect_failures = [check.second_factor]

  assert {
    condition     = join(", ", [for finding in output.findings : "${finding.how_grave} ${finding.what} ${finding.who}"]) == "high no_second_factor ada, high no_second_factor bo"
    error_message = jsonencode(output.findings)
  }
}

run "unexpected_administrator" {
  command = plan

  variables {
    allowed_administrators = ["ada", "cleo"]
  }

  expect_failures = [check.unexpected_administrators]

  assert {
    condition     = output.findings == [{ who = "bo", what = "unexpected_administrator", why = "An administrator who is not among the allowed ones.", how_grave = "high" }]
    error_message = jsonencode(output.findings)
  }
}

# One of the two is gone. Neither is among the members, so VirusTotal's filter says nothing of ada.
run "too_few_administrators" {
  command = plan

  override_data {
    target = data.virustotal_group_administrators.all
    values = {
      ids             = ["cleo", "bo"]
      unavailable_ids = ["bo"]
      complete        = true
      users = [
        { id = "cleo", email = "cleo@example.com", has_2fa = null, last_login = "2026-01-30T08:00:00Z", user_since = "2024-01-01T00:00:00Z", quotas = {}, privileges = {} },
      ]
    }
  }

  variables {
    allowed_administrators = ["bo", "cleo"]
  }

  expect_failures = [check.enough_administrators, check.visibility]

  assert {
    condition     = join(", ", [for finding in output.findings : "${finding.how_grave} ${finding.what} ${finding.who}"]) == "high too_few_administrators crew, medium unavailable bo, low hidden cleo"
    error_message = jsonencode(output.findings)
  }
}

run "logins" {
  command = plan

  override_data {
    target = data.virustotal_group_users.all
    values = {
      ids             = ["ada", "bo", "dormant", "just_not", "never", "new", "unknown"]
      unavailable_ids = []
      complete        = true
      users = [
        { id = "dormant", email = "a@example.com", has_2fa = null, last_login = "2025-11-01T23:59:59Z", user_since = "2024-01-01T00:00:00Z", quotas = {}, privileges = {} },
        { id = "just_not", email = "a@example.com", has_2fa = null, last_login = "2025-11-02T00:00:00Z", user_since = "2024-01-01T00:00:00Z", quotas = {}, privileges = {} },
        { id = "never", email = "a@example.com", has_2fa = null, last_login = null, user_since = "2024-01-01T00:00:00Z", quotas = {}, privileges = {} },
        { id = "new", email = "a@example.com", has_2fa = null, last_login = null, user_since = "2026-01-30T00:00:00Z", quotas = {}, privileges = {} },
        { id = "unknown", email = "a@example.com", has_2fa = null, last_login = null, user_since = null, quotas = {}, privileges = {} },
      ]
    }
  }

  expect_failures = [check.dormant, check.never_logged_in]

  assert {
    condition     = join(", ", [for finding in output.findings : "${finding.how_grave} ${finding.what} ${finding.who}"]) == "medium dormant dormant, medium never_logged_in never, medium never_logged_in unknown"
    error_message = jsonencode(output.findings)
  }
}

run "mail_domains" {
  command = plan

  variables {
    allowed_domains = ["Example.com", "example.org"]
  }

  override_data {
    target = data.virustotal_group_users.all
    values = {
      ids             = ["ada", "bo", "capitals", "hidden", "lookalike", "none", "other", "second", "subdomain"]
      unavailable_ids = []
      complete        = true
      users = [
        { id = "capitals", email = "A@EXAMPLE.COM", has_2fa = null, last_login = "2026-01-30T08:00:00Z", user_since = null, quotas = {}, privileges = {} },
        { id = "hidden", email = null, has_2fa = null, last_login = "2026-01-30T08:00:00Z", user_since = null, quotas = {}, privileges = {} },
        { id = "lookalike", email = "a@notexample.com", has_2fa = null, last_login = "2026-01-30T08:00:00Z", user_since = null, quotas = {}, privileges = {} },
        { id = "none", email = "", has_2fa = null, last_login = "2026-01-30T08:00:00Z", user_since = null, quotas = {}, privileges = {} },
        { id = "other", email = "a@example.com@example.net", has_2fa = null, last_login = "2026-01-30T08:00:00Z", user_since = null, quotas = {}, privileges = {} },
        { id = "second", email = "a@example.org", has_2fa = null, last_login = "2026-01-30T08:00:00Z", user_since = null, quotas = {}, privileges = {} },
        { id = "subdomain", email = "a@mail.example.com", has_2fa = null, last_login = "2026-01-30T08:00:00Z", user_since = null, quotas = {}, privileges = {} },
      ]
    }
  }

  expect_failures = [check.mail_domains, check.visibility]

  assert {
    condition     = join(", ", [for finding in output.findings : finding.who if finding.what == "foreign_mail_domain"]) == "lookalike, none, other, subdomain"
    error_message = jsonencode(output.findings)
  }

  assert {
    condition     = join(", ", [for finding in output.findings : finding.who if finding.what == "hidden"]) == "hidden" && length(output.findings) == 5
    error_message = jsonencode(output.findings)
  }
}

run "quotas" {
  command = plan

  override_data {
    target = data.virustotal_group_users.all
    values = {
      ids             = ["ada", "bo", "just", "just_not", "more", "nothing_allowed", "unseen"]
      unavailable_ids = []
      complete        = true
      users = [
        {
          id     = "just", email = "a@example.com", has_2fa = null, last_login = "2026-01-30T08:00:00Z", user_since = null, privileges = {}
          quotas = { searches = { allowed = 10, used = 9, remaining = 1, utilization = 0.9 }, downloads = { allowed = 10, used = 10, remaining = 0, utilization = 1 } }
        },
        {
          id     = "just_not", email = "a@example.com", has_2fa = null, last_login = "2026-01-30T08:00:00Z", user_since = null, privileges = {}
          quotas = { searches = { allowed = 100, used = 89, remaining = 11, utilization = 0.89 } }
        },
        {
          id     = "more", email = "a@example.com", has_2fa = null, last_login = "2026-01-30T08:00:00Z", user_since = null, privileges = {}
          quotas = { searches = { allowed = 25, used = 241, remaining = 0, utilization = 9.64 } }
        },
        {
          id     = "nothing_allowed", email = "a@example.com", has_2fa = null, last_login = "2026-01-30T08:00:00Z", user_since = null, privileges = {}
          quotas = { searches = { allowed = 0, used = 0, remaining = 0, utilization = 0 }, downloads = { allowed = 0, used = 5, remaining = 0, utilization = 1 } }
        },
        {
          id     = "unseen", email = "a@example.com", has_2fa = null, last_login = "2026-01-30T08:00:00Z", user_since = null, privileges = {}
          quotas = { searches = { allowed = 10, used = null, remaining = null, utilization = null } }
        },
      ]
    }
  }

  expect_failures = [check.quotas, check.visibility]

  assert {
    condition     = join(", ", [for finding in output.findings : "${finding.how_grave} ${finding.what} ${finding.who}"]) == "medium quota_nearly_used_up just, medium quota_nearly_used_up more, low hidden unseen"
    error_message = jsonencode(output.findings)
  }

  # No number that moves: a finding stays what it is until it is resolved.
  assert {
    condition     = output.findings[0].why == "Used to 90 % or more: downloads, searches."
    error_message = jsonencode(output.findings)
  }
}

run "privileges" {
  command = plan

  override_data {
    target = data.virustotal_group_users.all
    values = {
      ids             = ["ada", "bo"]
      unavailable_ids = []
      complete        = true
      users = [
        {
          id     = "ada", email = "a@example.com", has_2fa = true, last_login = "2026-01-30T08:00:00Z", user_since = null
          quotas = {}
          privileges = {
            ended   = { granted = true, expiration_date = "2026-01-30T23:59:59Z", inherited_from = null, inherited_via = null }
            later   = { granted = true, expiration_date = "2026-03-02T00:00:00Z", inherited_from = null, inherited_via = null }
            never   = { granted = true, expiration_date = null, inherited_from = null, inherited_via = null }
            refused = { granted = false, expiration_date = "2026-02-10T00:00:00Z", inherited_from = null, inherited_via = null }
            soon    = { granted = true, expiration_date = "2026-03-01T23:59:59Z", inherited_from = null, inherited_via = null }
          }
        },
      ]
    }
  }

  expect_failures = [check.privileges]

  assert {
    condition     = output.findings == [{ who = "ada", what = "privilege_ends", why = "Within 30 days: soon (2026-03-01T23:59:59Z).", how_grave = "medium" }]
    error_message = jsonencode(output.findings)
  }
}

run "the_group_itself" {
  command = plan

  override_data {
    target = data.virustotal_group.itself[0]
    values = {
      quotas     = { searches = { allowed = 10, used = 10, remaining = 0, utilization = 1 }, downloads = { allowed = 10, used = null, remaining = null, utilization = null } }
      privileges = { intelligence = { granted = true, expiration_date = "2026-02-10T00:00:00Z", inherited_from = null, inherited_via = null } }
    }
  }

  expect_failures = [check.quotas, check.privileges, check.visibility]

  assert {
    condition     = join(", ", [for finding in output.findings : "${finding.what} ${finding.who}"]) == "privilege_ends crew, quota_nearly_used_up crew, hidden crew"
    error_message = jsonencode(output.findings)
  }
}

# Who is gone, and what VirusTotal does not show of others, was not audited. Nor was the rest of a list.
run "unseen" {
  command = plan

  override_data {
    target = data.virustotal_group_users.all
    values = {
      ids             = ["ada", "bo", "nothing", "gone"]
      unavailable_ids = ["gone"]
      complete        = false
      users = [
        {
          id     = "nothing", email = null, has_2fa = null, last_login = null, user_since = null, privileges = {}
          quotas = { searches = { allowed = null, used = null, remaining = null, utilization = null } }
        },
      ]
    }
  }

  variables {
    read_group = false
  }

  expect_failures = [check.never_logged_in, check.visibility]

  assert {
    condition     = join(", ", [for finding in output.findings : "${finding.how_grave} ${finding.what} ${finding.who}"]) == "high incomplete crew, medium never_logged_in nothing, medium unavailable gone, low hidden nothing"
    error_message = jsonencode(output.findings)
  }

  assert {
    condition     = [for finding in output.findings : finding.why if finding.who == "nothing" && finding.what == "hidden"] == ["Not audited, for VirusTotal does not show it: the e-mail address, the quotas."]
    error_message = jsonencode(output.findings)
  }
}

run "switched_off" {
  command = plan

  variables {
    allowed_administrators = null
    allowed_domains        = null
    dormant_days           = null
    minimum_administrators = 0
    privilege_days         = null
    quota_share            = null
    read_group             = false
  }

  override_data {
    target = data.virustotal_group_users.all
    values = {
      ids             = ["ada", "bo", "cleo"]
      unavailable_ids = []
      complete        = true
      users = [
        {
          id         = "cleo", email = null, has_2fa = null, last_login = "2001-01-01T00:00:00Z", user_since = null
          quotas     = { searches = { allowed = 1, used = 1, remaining = 0, utilization = 1 }, downloads = { allowed = null, used = null, remaining = null, utilization = null } }
          privileges = { soon = { granted = true, expiration_date = "2026-02-01T00:00:00Z", inherited_from = null, inherited_via = null } }
        },
      ]
    }
  }

  assert {
    condition     = output.findings == []
    error_message = jsonencode(output.findings)
  }
}

run "exempt" {
  command = plan

  variables {
    allowed_administrators = ["ada"]
    exempt                 = ["bo"]
    enforce                = true
  }

  assert {
    condition     = output.findings == [] && [for finding in output.exempted : finding.who] == ["bo"]
    error_message = jsonencode(output.exempted)
  }
}

run "enforced" {
  command = plan

  variables {
    allowed_administrators = ["ada"]
    enforce                = true
  }

  expect_failures = [check.unexpected_administrators, output.findings]
}

run "enforced_by_another_gravity" {
  command = plan

  variables {
    allowed_domains = ["example.org"]
    gravity         = { foreign_mail_domain = "high" }
    enforce         = true
  }

  expect_failures = [check.mail_domains, output.findings]
}

run "less_grave_than_enforced" {
  command = plan

  variables {
    allowed_administrators = ["ada"]
    allowed_domains        = ["example.org"]
    gravity                = { unexpected_administrator = "medium" }
    enforce                = true
  }

  expect_failures = [check.unexpected_administrators, check.mail_domains]

  assert {
    condition     = length(output.findings) == 3
    error_message = jsonencode(output.findings)
  }
}

run "refused_variables" {
  command = plan

  variables {
    group_id               = " "
    dormant_days           = 0
    minimum_administrators = 1.5
    allowed_domains        = ["@example.com"]
    quota_share            = 90
    privilege_days         = -1
    gravity                = { dorment = "high" }
    enforce_gravity        = "severe"
    at                     = "yesterday"
  }

  expect_failures = [
    var.group_id, var.dormant_days, var.minimum_administrators, var.allowed_domains, var.quota_share, var.privilege_days,
    var.gravity, var.enforce_gravity, var.at,
  ]
}
