# SPDX-License-Identifier: MPL-2.0

# A group with every possible finding, each in its own member, and members who narrowly pass. The runs differ in the policy.
# Hidden collections cannot be mocked: the acceptance tests audit these with a fake VirusTotal. Mocked objects have all
# attributes, because OpenTofu does not generate missing ones.

mock_provider "virustotal" {
  override_data {
    target = data.virustotal_group_users.all
    values = {
      ids = [
        "ada", "bo", "ageless", "belied_off", "belied_on", "both", "capitals", "crew", "dormant", "ending",
        "just_not_dormant", "just_not_used_up", "lookalike", "mail_hidden", "neither", "never", "new", "no_domain",
        "no_factor", "quota_hidden", "quota_unsaid", "second_copy", "subdomain", "two_ats", "unsaid_privilege",
        "used", "gone",
      ]
      unavailable_ids = ["gone"]
      complete        = true
      users = [
        {
          id                = "ada", email = "ada@example.com", has_2fa = true, last_login = "2026-01-30T08:00:00Z", user_since = "2024-01-01T00:00:00Z"
          quotas            = {}
          privileges        = { ended = { granted = true, expiration_date = "2026-01-30T23:59:59Z", inherited_from = null, inherited_via = null }, later = { granted = true, expiration_date = "2026-03-02T00:00:00Z", inherited_from = null, inherited_via = null }, never = { granted = true, expiration_date = null, inherited_from = null, inherited_via = null }, refused = { granted = false, expiration_date = "2026-02-10T00:00:00Z", inherited_from = null, inherited_via = null } }
          active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = [], last_name = null
          preferences       = {}, profile_phrase = null, quota_limits = {}, reputation = null, roles = [], status = null
        },
        {
          id                = "bo", email = "bo@example.com", has_2fa = null, last_login = "2026-01-30T08:00:00Z", user_since = "2024-01-01T00:00:00Z"
          quotas            = {}
          privileges        = {}
          active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = [], last_name = null
          preferences       = {}, profile_phrase = null, quota_limits = {}, reputation = null, roles = [], status = null
        },
        {
          id                = "ageless", email = "ageless@example.com", has_2fa = null, last_login = null, user_since = null
          quotas            = {}
          privileges        = {}
          active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = [], last_name = null
          preferences       = {}, profile_phrase = null, quota_limits = {}, reputation = null, roles = [], status = null
        },
        {
          id                = "belied_off", email = "belied_off@example.com", has_2fa = true, last_login = "2026-01-30T08:00:00Z", user_since = "2024-01-01T00:00:00Z"
          quotas            = {}
          privileges        = {}
          active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = [], last_name = null
          preferences       = {}, profile_phrase = null, quota_limits = {}, reputation = null, roles = [], status = null
        },
        {
          id                = "belied_on", email = "belied_on@example.com", has_2fa = false, last_login = "2026-01-30T08:00:00Z", user_since = "2024-01-01T00:00:00Z"
          quotas            = {}
          privileges        = {}
          active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = [], last_name = null
          preferences       = {}, profile_phrase = null, quota_limits = {}, reputation = null, roles = [], status = null
        },
        {
          id                = "both", email = "both@example.com", has_2fa = null, last_login = "2026-01-30T08:00:00Z", user_since = "2024-01-01T00:00:00Z"
          quotas            = {}
          privileges        = {}
          active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = [], last_name = null
          preferences       = {}, profile_phrase = null, quota_limits = {}, reputation = null, roles = [], status = null
        },
        {
          id                = "capitals", email = "A@EXAMPLE.COM", has_2fa = null, last_login = "2026-01-30T08:00:00Z", user_since = "2024-01-01T00:00:00Z"
          quotas            = {}
          privileges        = {}
          active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = [], last_name = null
          preferences       = {}, profile_phrase = null, quota_limits = {}, reputation = null, roles = [], status = null
        },
        {
          id                = "crew", email = "crew@example.com", has_2fa = null, last_login = "2026-01-30T08:00:00Z", user_since = "2024-01-01T00:00:00Z"
          quotas            = { searches = { allowed = 10, used = 9, remaining = 1, utilization = 0.9 } }
          privileges        = {}
          active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = [], last_name = null
          preferences       = {}, profile_phrase = null, quota_limits = {}, reputation = null, roles = [], status = null
        },
        {
          id                = "dormant", email = "dormant@example.com", has_2fa = null, last_login = "2025-11-01T23:59:59Z", user_since = "2024-01-01T00:00:00Z"
          quotas            = {}
          privileges        = {}
          active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = [], last_name = null
          preferences       = {}, profile_phrase = null, quota_limits = {}, reputation = null, roles = [], status = null
        },
        {
          id                = "ending", email = "ending@example.com", has_2fa = null, last_login = "2026-01-30T08:00:00Z", user_since = "2024-01-01T00:00:00Z"
          quotas            = {}
          privileges        = { soon = { granted = true, expiration_date = "2026-03-01T23:59:59Z", inherited_from = null, inherited_via = null }, unsaid = { granted = null, expiration_date = "2026-02-01T00:00:00Z", inherited_from = null, inherited_via = null } }
          active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = [], last_name = null
          preferences       = {}, profile_phrase = null, quota_limits = {}, reputation = null, roles = [], status = null
        },
        {
          id                = "just_not_dormant", email = "just_not_dormant@example.com", has_2fa = null, last_login = "2025-11-02T00:00:00Z", user_since = "2024-01-01T00:00:00Z"
          quotas            = {}
          privileges        = {}
          active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = [], last_name = null
          preferences       = {}, profile_phrase = null, quota_limits = {}, reputation = null, roles = [], status = null
        },
        {
          id                = "just_not_used_up", email = "just_not_used_up@example.com", has_2fa = null, last_login = "2026-01-30T08:00:00Z", user_since = "2024-01-01T00:00:00Z"
          quotas            = { searches = { allowed = 100, used = 89, remaining = 11, utilization = 0.89 }, nothing_allowed = { allowed = 0, used = 5, remaining = 0, utilization = 1 }, nothing_known = { allowed = 0, used = null, remaining = null, utilization = null }, intelligence_hunting_rules = { allowed = 25, used = 1829, remaining = 0, utilization = 73.16 } }
          privileges        = {}
          active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = [], last_name = null
          preferences       = {}, profile_phrase = null, quota_limits = {}, reputation = null, roles = [], status = null
        },
        {
          id                = "lookalike", email = "a@notexample.com", has_2fa = null, last_login = "2026-01-30T08:00:00Z", user_since = "2024-01-01T00:00:00Z"
          quotas            = {}
          privileges        = {}
          active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = [], last_name = null
          preferences       = {}, profile_phrase = null, quota_limits = {}, reputation = null, roles = [], status = null
        },
        {
          id                = "mail_hidden", email = null, has_2fa = null, last_login = "2026-01-30T08:00:00Z", user_since = "2024-01-01T00:00:00Z"
          quotas            = {}
          privileges        = {}
          active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = [], last_name = null
          preferences       = {}, profile_phrase = null, quota_limits = {}, reputation = null, roles = [], status = null
        },
        {
          id                = "neither", email = "neither@example.com", has_2fa = null, last_login = "2026-01-30T08:00:00Z", user_since = "2024-01-01T00:00:00Z"
          quotas            = {}
          privileges        = {}
          active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = [], last_name = null
          preferences       = {}, profile_phrase = null, quota_limits = {}, reputation = null, roles = [], status = null
        },
        {
          id                = "never", email = "never@example.com", has_2fa = null, last_login = null, user_since = "2025-11-01T23:59:59Z"
          quotas            = {}
          privileges        = {}
          active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = [], last_name = null
          preferences       = {}, profile_phrase = null, quota_limits = {}, reputation = null, roles = [], status = null
        },
        {
          id                = "new", email = "new@example.com", has_2fa = null, last_login = null, user_since = "2025-11-02T00:00:00Z"
          quotas            = {}
          privileges        = {}
          active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = [], last_name = null
          preferences       = {}, profile_phrase = null, quota_limits = {}, reputation = null, roles = [], status = null
        },
        {
          id                = "no_domain", email = "", has_2fa = null, last_login = "2026-01-30T08:00:00Z", user_since = "2024-01-01T00:00:00Z"
          quotas            = {}
          privileges        = {}
          active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = [], last_name = null
          preferences       = {}, profile_phrase = null, quota_limits = {}, reputation = null, roles = [], status = null
        },
        {
          id                = "no_factor", email = "no_factor@example.com", has_2fa = null, last_login = "2026-01-30T08:00:00Z", user_since = "2024-01-01T00:00:00Z"
          quotas            = {}
          privileges        = {}
          active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = [], last_name = null
          preferences       = {}, profile_phrase = null, quota_limits = {}, reputation = null, roles = [], status = null
        },
        {
          id                = "quota_hidden", email = "quota_hidden@example.com", has_2fa = null, last_login = "2026-01-30T08:00:00Z", user_since = "2024-01-01T00:00:00Z"
          quotas            = { searches = { allowed = 10, used = null, remaining = null, utilization = null } }
          privileges        = {}
          active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = [], last_name = null
          preferences       = {}, profile_phrase = null, quota_limits = {}, reputation = null, roles = [], status = null
        },
        {
          id                = "quota_unsaid", email = "quota_unsaid@example.com", has_2fa = null, last_login = "2026-01-30T08:00:00Z", user_since = "2024-01-01T00:00:00Z"
          quotas            = { searches = { allowed = null, used = 9, remaining = null, utilization = null } }
          privileges        = {}
          active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = [], last_name = null
          preferences       = {}, profile_phrase = null, quota_limits = {}, reputation = null, roles = [], status = null
        },
        {
          id                = "second_copy", email = "second_copy@example.com", has_2fa = true, last_login = "2026-01-30T08:00:00Z", user_since = "2024-01-01T00:00:00Z"
          quotas            = {}
          privileges        = {}
          active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = [], last_name = null
          preferences       = {}, profile_phrase = null, quota_limits = {}, reputation = null, roles = [], status = null
        },
        {
          id                = "subdomain", email = "a@mail.example.com", has_2fa = null, last_login = "2026-01-30T08:00:00Z", user_since = "2024-01-01T00:00:00Z"
          quotas            = {}
          privileges        = {}
          active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = [], last_name = null
          preferences       = {}, profile_phrase = null, quota_limits = {}, reputation = null, roles = [], status = null
        },
        {
          id                = "two_ats", email = "a@example.com@example.net", has_2fa = null, last_login = "2026-01-30T08:00:00Z", user_since = "2024-01-01T00:00:00Z"
          quotas            = {}
          privileges        = {}
          active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = [], last_name = null
          preferences       = {}, profile_phrase = null, quota_limits = {}, reputation = null, roles = [], status = null
        },
        {
          id                = "unsaid_privilege", email = "unsaid_privilege@example.com", has_2fa = null, last_login = "2026-01-30T08:00:00Z", user_since = "2024-01-01T00:00:00Z"
          quotas            = {}
          privileges        = { x = { granted = null, expiration_date = null, inherited_from = null, inherited_via = null } }
          active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = [], last_name = null
          preferences       = {}, profile_phrase = null, quota_limits = {}, reputation = null, roles = [], status = null
        },
        {
          id                = "used", email = "used@example.com", has_2fa = null, last_login = "2026-01-30T08:00:00Z", user_since = "2024-01-01T00:00:00Z"
          quotas            = { searches = { allowed = 10, used = 9, remaining = 1, utilization = 0.9 }, downloads = { allowed = 25, used = 241, remaining = 0, utilization = 9.64 } }
          privileges        = {}
          active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = [], last_name = null
          preferences       = {}, profile_phrase = null, quota_limits = {}, reputation = null, roles = [], status = null
        },
      ]
    }
  }

  # Members who are only in the filtered list are audited by all other controls too.
  override_data {
    target = data.virustotal_group_users.without_second_factor
    values = {
      ids             = ["both", "belied_off", "no_factor", "stray", "chief"]
      unavailable_ids = []
      complete        = true
      users = [
        {
          id                = "stray", email = "a@example.org", has_2fa = null, last_login = "2025-01-01T00:00:00Z", user_since = "2024-01-01T00:00:00Z"
          quotas            = {}
          privileges        = {}
          active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = [], last_name = null
          preferences       = {}, profile_phrase = null, quota_limits = {}, reputation = null, roles = [], status = null
        },
      ]
    }
  }

  override_data {
    target = data.virustotal_group_users.with_second_factor
    values = {
      ids = [
        "ada", "bo", "ageless", "belied_on", "both", "capitals", "crew", "dormant", "ending", "just_not_dormant",
        "just_not_used_up", "lookalike", "mail_hidden", "never", "new", "no_domain", "quota_hidden", "quota_unsaid",
        "second_copy", "subdomain", "two_ats", "unsaid_privilege", "used", "captain", "ghost",
      ]
      unavailable_ids = []
      complete        = true
      users           = []
    }
  }

  # Captain and chief are missing from the list of members. The second copy of a member has attributes that the first lacks.
  override_data {
    target = data.virustotal_group_administrators.all
    values = {
      ids             = ["ada", "bo", "captain", "chief", "second_copy"]
      unavailable_ids = []
      complete        = true
      users = [
        {
          id                = "ada", email = "ada@example.com", has_2fa = true, last_login = "2026-01-30T08:00:00Z", user_since = "2024-01-01T00:00:00Z"
          quotas            = {}
          privileges        = { ended = { granted = true, expiration_date = "2026-01-30T23:59:59Z", inherited_from = null, inherited_via = null }, later = { granted = true, expiration_date = "2026-03-02T00:00:00Z", inherited_from = null, inherited_via = null }, never = { granted = true, expiration_date = null, inherited_from = null, inherited_via = null }, refused = { granted = false, expiration_date = "2026-02-10T00:00:00Z", inherited_from = null, inherited_via = null } }
          active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = [], last_name = null
          preferences       = {}, profile_phrase = null, quota_limits = {}, reputation = null, roles = [], status = null
        },
        {
          id                = "bo", email = "bo@example.com", has_2fa = null, last_login = "2026-01-30T08:00:00Z", user_since = "2024-01-01T00:00:00Z"
          quotas            = {}
          privileges        = {}
          active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = [], last_name = null
          preferences       = {}, profile_phrase = null, quota_limits = {}, reputation = null, roles = [], status = null
        },
        {
          id                = "captain", email = "captain@example.com", has_2fa = null, last_login = "2026-01-30T08:00:00Z", user_since = "2024-01-01T00:00:00Z"
          quotas            = {}
          privileges        = {}
          active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = [], last_name = null
          preferences       = {}, profile_phrase = null, quota_limits = {}, reputation = null, roles = [], status = null
        },
        {
          id                = "chief", email = "chief@example.com", has_2fa = null, last_login = "2025-01-01T00:00:00Z", user_since = "2024-01-01T00:00:00Z"
          quotas            = {}
          privileges        = {}
          active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = [], last_name = null
          preferences       = {}, profile_phrase = null, quota_limits = {}, reputation = null, roles = [], status = null
        },
        {
          id                = "second_copy", email = "second_copy@example.com", has_2fa = false, last_login = "2026-01-30T08:00:00Z", user_since = "2024-01-01T00:00:00Z"
          quotas            = {}
          privileges        = {}
          active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = [], last_name = null
          preferences       = {}, profile_phrase = null, quota_limits = {}, reputation = null, roles = [], status = null
        },
      ]
    }
  }

  override_data {
    target = data.virustotal_group_service_accounts.all
    values = {
      ids             = ["ci", "ci_ending", "ci_gone", "ci_unsaid", "ci_used"]
      unavailable_ids = ["ci_gone"]
      complete        = true
      service_accounts = [
        {
          id                = "ci", email = "ci@example.com", user_since = "2024-01-01T00:00:00Z"
          quotas            = {}
          privileges        = { later = { granted = true, expiration_date = "2027-01-01T00:00:00Z", inherited_from = null, inherited_via = null } }
          active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = [], quota_limits = {}
          reputation        = null, roles = [], status = null
        },
        {
          id                = "ci_ending", email = "ci_ending@example.com", user_since = "2024-01-01T00:00:00Z"
          quotas            = {}
          privileges        = { soon = { granted = true, expiration_date = "2026-02-01T00:00:00Z", inherited_from = null, inherited_via = null } }
          active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = [], quota_limits = {}
          reputation        = null, roles = [], status = null
        },
        {
          id                = "ci_unsaid", email = "ci_unsaid@example.com", user_since = "2024-01-01T00:00:00Z"
          quotas            = {}
          privileges        = { x = { granted = null, expiration_date = null, inherited_from = null, inherited_via = null } }
          active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = [], quota_limits = {}
          reputation        = null, roles = [], status = null
        },
        {
          id                = "ci_used", email = "ci_used@example.com", user_since = "2024-01-01T00:00:00Z"
          quotas            = { searches = { allowed = 10, used = 9, remaining = 1, utilization = 0.9 } }
          privileges        = {}
          active_privileges = [], first_name = null, granted_privileges = [], hidden_attributes = [], quota_limits = {}
          reputation        = null, roles = [], status = null
        },
      ]
    }
  }

  override_data {
    target = data.virustotal_group.itself
    values = {
      quotas     = { searches = { allowed = 10, used = 9, remaining = 1, utilization = 0.9 } }
      privileges = { contract = { granted = true, expiration_date = "2026-02-10T00:00:00Z", inherited_from = null, inherited_via = null } }
    }
  }
}

variables {
  group_id        = "crew"
  at              = "2026-01-31T00:00:00Z"
  owner           = "the crew's lead"
  allowed_domains = ["Example.com"]
}

run "exactly_these" {
  command = plan

  expect_failures = [
    check.administrator_without_second_factor, check.dormant, check.foreign_mail_domain, check.hidden, check.never_logged_in, check.no_second_factor,
    check.privilege_ends, check.quota_nearly_used_up, check.second_factor_unknown, check.unavailable,
  ]

  assert {
    condition = [for id, result in output.results : "${result.status} ${result.severity} ${id}: ${result.why}"] == [
      "alarm critical crew/administrator_without_second_factor/chief: VirusTotal lists this member as having no second factor.",
      "alarm medium crew/dormant/chief: The last login was on 2025-01-01.",
      "alarm medium crew/dormant/dormant: The last login was on 2025-11-01.",
      "alarm medium crew/dormant/stray: The last login was on 2025-01-01.",
      "alarm medium crew/foreign_mail_domain/lookalike: The domain of the e-mail address is not allowed: notexample.com.",
      "alarm medium crew/foreign_mail_domain/no_domain: The domain of the e-mail address is not allowed: none.",
      "alarm medium crew/foreign_mail_domain/stray: The domain of the e-mail address is not allowed: example.org.",
      "alarm medium crew/foreign_mail_domain/subdomain: The domain of the e-mail address is not allowed: mail.example.com.",
      "alarm medium crew/foreign_mail_domain/two_ats: The domain of the e-mail address is not allowed: example.net.",
      "error low crew/hidden/ageless: VirusTotal does not show the day the account was created.",
      "error low crew/hidden/ci_unsaid: VirusTotal does not show privileges.",
      "error low crew/hidden/mail_hidden: VirusTotal does not show the e-mail address.",
      "error low crew/hidden/quota_hidden: VirusTotal does not show quotas.",
      "error low crew/hidden/quota_unsaid: VirusTotal does not show quotas.",
      "error low crew/hidden/unsaid_privilege: VirusTotal does not show privileges.",
      "alarm medium crew/never_logged_in/never: No login since the account was created on 2025-11-01.",
      "alarm high crew/no_second_factor/no_factor: VirusTotal lists this member as having no second factor.",
      "alarm high crew/no_second_factor/stray: VirusTotal lists this member as having no second factor.",
      "alarm medium crew/privilege_ends/ci_ending: Expires within 30 days: soon (2026-02-01T00:00:00Z).",
      "alarm medium crew/privilege_ends/crew: Expires within 30 days: contract (2026-02-10T00:00:00Z).",
      "alarm medium crew/privilege_ends/ending: Expires within 30 days: soon (2026-03-01T23:59:59Z), unsaid (2026-02-01T00:00:00Z).",
      "alarm medium crew/quota_nearly_used_up/ci_used: 90 % or more used: searches.",
      "alarm medium crew/quota_nearly_used_up/crew: 90 % or more used: searches.",
      "alarm medium crew/quota_nearly_used_up/used: 90 % or more used: downloads, searches.",
      "error high crew/second_factor_unknown/belied_off: VirusTotal shows has_2fa, which contradicts the list.",
      "error high crew/second_factor_unknown/belied_on: VirusTotal shows has_2fa, which contradicts the list.",
      "error high crew/second_factor_unknown/both: VirusTotal lists the member both as having a second factor and as having none.",
      "error high crew/second_factor_unknown/neither: VirusTotal lists the member neither as having a second factor nor as having none.",
      "error high crew/second_factor_unknown/second_copy: VirusTotal shows has_2fa, which contradicts the list.",
      "error medium crew/unavailable/ci_gone: VirusTotal lists this account without attributes.",
      "error medium crew/unavailable/ghost: VirusTotal lists this account without attributes.",
      "error medium crew/unavailable/gone: VirusTotal lists this account without attributes.",
    ]
    error_message = join("\n", [for id, result in output.results : "${result.status} ${result.severity} ${id}: ${result.why}"])
  }

  assert {
    condition = output.results["crew/dormant/dormant"] == {
      control = "dormant", group = "crew", who = "dormant", owner = "the crew's lead", severity = "medium", status = "alarm"
      why     = "The last login was on 2025-11-01.", reason = "", approved_by = "", until = ""
    }
    error_message = jsonencode(output.results["crew/dormant/dormant"])
  }

  # The second factor of five members is unknown, so both controls about second factors are errors.
  assert {
    condition = {
      for control, state in output.controls : control => "${state.status} ${state.evaluated} ${state.alarms} ${state.errors} ${state.waived} ${state.skipped_because}"
      } == {
      administrator_without_second_factor = "error 4 1 0 0 "
      no_second_factor                    = "error 20 2 0 0 "
      second_factor_unknown               = "error 29 0 5 0 "
      unexpected_administrator            = "skip 0 0 0 0 not asked for"
      unexpected_member                   = "skip 0 0 0 0 not asked for"
      unexpected_service_account          = "skip 0 0 0 0 not asked for"
      too_few_administrators              = "ok 1 0 0 0 "
      dormant                             = "alarm 26 3 0 0 "
      never_logged_in                     = "alarm 28 1 0 0 "
      foreign_mail_domain                 = "alarm 28 5 0 0 "
      quota_nearly_used_up                = "alarm 31 3 0 0 "
      privilege_ends                      = "alarm 31 3 0 0 "
      review_overdue                      = "skip 0 0 0 0 not asked for"
      roster_stale                        = "skip 0 0 0 0 not asked for"
      waiver_expired                      = "skip 0 0 0 0 not asked for"
      waiver_stale                        = "skip 0 0 0 0 not asked for"
      incomplete                          = "ok 1 0 0 0 "
      unavailable                         = "error 36 0 3 0 "
      hidden                              = "error 34 0 6 0 "
    }
    error_message = jsonencode({ for control, state in output.controls : control => "${state.status} ${state.evaluated} ${state.alarms} ${state.errors} ${state.waived} ${state.skipped_because}" })
  }

  assert {
    condition = output.barring == [
      "crew/administrator_without_second_factor/chief", "crew/no_second_factor/no_factor", "crew/no_second_factor/stray",
      "crew/second_factor_unknown/belied_off", "crew/second_factor_unknown/belied_on", "crew/second_factor_unknown/both",
      "crew/second_factor_unknown/neither", "crew/second_factor_unknown/second_copy",
    ]
    error_message = jsonencode(output.barring)
  }

  assert {
    condition = output.evidence == {
      at = "2026-01-31T00:00:00Z", group = "crew", members = 31, administrators = 5, service_accounts = 5, requests_at_least = 6, policy = output.evidence.policy
    } && can(regex("^[0-9a-f]{64}$", output.evidence.policy))
    error_message = jsonencode(output.evidence)
  }

  assert {
    condition = (
      output.roster.reviewed_on == "2026-01-31" && output.roster.reviewed_by == "" && output.roster.members[0] == "ada" && length(output.roster.members) == 31
      && output.roster.administrators == ["ada", "bo", "captain", "chief", "second_copy"] && output.roster.service_accounts == ["ci", "ci_ending", "ci_gone", "ci_unsaid", "ci_used"]
    )
    error_message = jsonencode(output.roster)
  }
}

# Null turns controls off: they have no results, report no hidden attributes and do not pass.
run "switched_off" {
  command = plan

  variables {
    allowed_domains        = null
    dormant_days           = null
    minimum_administrators = null
    privilege_days         = null
    quota_share            = null
    read_group             = null
    waivers                = null
    waiver_days            = null
    review_days            = null
    quotas                 = null
    severity               = null
    bar                    = null
    skip                   = null
  }

  expect_failures = [check.administrator_without_second_factor, check.no_second_factor, check.second_factor_unknown, check.unavailable]

  assert {
    condition     = join(", ", distinct([for id, result in output.results : result.control])) == "administrator_without_second_factor, no_second_factor, second_factor_unknown, unavailable"
    error_message = jsonencode(keys(output.results))
  }

  assert {
    condition = alltrue([
      for control in ["dormant", "never_logged_in", "foreign_mail_domain", "quota_nearly_used_up", "privilege_ends", "too_few_administrators"] :
      output.controls[control].status == "skip" && output.controls[control].skipped_because == "not asked for" && output.controls[control].evaluated == 0
    ])
    error_message = jsonencode(output.controls)
  }
}

run "one_day_less" {
  command = plan

  variables {
    dormant_days           = 91
    privilege_days         = 29
    quota_share            = 0.91
    minimum_administrators = 6
    read_group             = false
  }

  expect_failures = [
    check.administrator_without_second_factor, check.dormant, check.foreign_mail_domain, check.hidden, check.no_second_factor,
    check.privilege_ends, check.quota_nearly_used_up, check.second_factor_unknown, check.too_few_administrators, check.unavailable,
  ]

  assert {
    condition = [
      for id, result in output.results : id
      if contains(["dormant", "never_logged_in", "privilege_ends", "quota_nearly_used_up", "too_few_administrators"], result.control)
      ] == [
      "crew/dormant/chief", "crew/dormant/stray", "crew/privilege_ends/ci_ending", "crew/privilege_ends/ending", "crew/quota_nearly_used_up/used",
      "crew/too_few_administrators/crew",
    ]
    error_message = jsonencode(keys(output.results))
  }

  assert {
    condition     = output.results["crew/privilege_ends/ending"].why == "Expires within 29 days: unsaid (2026-02-01T00:00:00Z)."
    error_message = output.results["crew/privilege_ends/ending"].why
  }

  assert {
    condition     = output.evidence.requests_at_least == 5 && output.results["crew/too_few_administrators/crew"].severity == "high"
    error_message = jsonencode(output.evidence)
  }
}

run "named_quotas" {
  command = plan

  variables {
    quotas = ["intelligence_hunting_rules", "downloads", "misspelled"]
  }

  expect_failures = [
    check.administrator_without_second_factor, check.dormant, check.foreign_mail_domain, check.hidden, check.never_logged_in, check.no_second_factor,
    check.privilege_ends, check.quota_nearly_used_up, check.second_factor_unknown, check.unavailable,
  ]

  assert {
    condition = { for id, result in output.results : id => result.why if contains(["hidden", "quota_nearly_used_up"], result.control) } == {
      "crew/hidden/ageless"                        = "VirusTotal does not show the day the account was created."
      "crew/hidden/ci_unsaid"                      = "VirusTotal does not show privileges."
      "crew/hidden/crew"                           = "VirusTotal shows no account or group with these quotas: misspelled. Each is misspelled, hidden, or no longer exists."
      "crew/hidden/mail_hidden"                    = "VirusTotal does not show the e-mail address."
      "crew/hidden/unsaid_privilege"               = "VirusTotal does not show privileges."
      "crew/quota_nearly_used_up/just_not_used_up" = "90 % or more used: intelligence_hunting_rules."
      "crew/quota_nearly_used_up/used"             = "90 % or more used: downloads."
    }
    error_message = jsonencode({ for id, result in output.results : id => result.why })
  }
}

# Without any of the named quotas, nothing was evaluated.
run "misspelled_quotas" {
  command = plan

  variables {
    quotas = ["misspelled", "misspelled_too"]
  }

  expect_failures = [
    check.administrator_without_second_factor, check.dormant, check.foreign_mail_domain, check.hidden, check.never_logged_in, check.no_second_factor,
    check.privilege_ends, check.second_factor_unknown, check.unavailable,
  ]

  assert {
    condition     = output.controls["quota_nearly_used_up"].status == "error" && output.controls["quota_nearly_used_up"].evaluated == 0
    error_message = jsonencode(output.controls["quota_nearly_used_up"])
  }
}

# One list is enough, and the titles say so. If has_2fa contradicts it, the second factor is unknown.
run "second_factor_by_absence" {
  command = plan

  variables {
    second_factor_by_absence = true
  }

  expect_failures = [
    check.administrator_without_second_factor, check.dormant, check.foreign_mail_domain, check.hidden, check.never_logged_in, check.no_second_factor,
    check.privilege_ends, check.quota_nearly_used_up, check.second_factor_unknown, check.unavailable,
  ]

  assert {
    condition = [for id, result in output.results : id if strcontains(result.control, "second_factor")] == [
      "crew/administrator_without_second_factor/chief", "crew/no_second_factor/both", "crew/no_second_factor/no_factor", "crew/no_second_factor/stray",
      "crew/second_factor_unknown/belied_off", "crew/second_factor_unknown/belied_on", "crew/second_factor_unknown/second_copy",
    ]
    error_message = jsonencode(keys(output.results))
  }

  assert {
    condition = alltrue([
      for control, state in output.controls : strcontains(state.title, "by absence") == strcontains(control, "second_factor")
    ])
    error_message = jsonencode({ for control, state in output.controls : control => state.title })
  }

  assert {
    condition     = length(data.virustotal_group_users.with_second_factor) == 0 && output.evidence.requests_at_least == 5
    error_message = "The second filter was read."
  }
}

# A skipped control has no results and does not pass, and its attributes are not reported as hidden. With
# second_factor_unknown skipped, the controls about second factors are still errors.
run "skip" {
  command = plan

  variables {
    skip = {
      dormant               = "Logins are watched elsewhere.", foreign_mail_domain = "Partners.", never_logged_in = "Logins are watched elsewhere."
      second_factor_unknown = "VirusTotal is asked.", unavailable = "Known."
    }
    severity = { privilege_ends = "critical", no_second_factor = "low" }
    bar      = "critical"
  }

  expect_failures = [
    check.administrator_without_second_factor, check.hidden, check.no_second_factor, check.privilege_ends, check.quota_nearly_used_up,
  ]

  assert {
    condition = [for id, result in output.results : id if !contains(["privilege_ends", "quota_nearly_used_up"], result.control)] == [
      "crew/administrator_without_second_factor/chief", "crew/hidden/ci_unsaid", "crew/hidden/quota_hidden", "crew/hidden/quota_unsaid",
      "crew/hidden/unsaid_privilege", "crew/no_second_factor/no_factor", "crew/no_second_factor/stray",
    ]
    error_message = jsonencode(keys(output.results))
  }

  assert {
    condition = (
      output.controls.dormant.status == "skip" && output.controls.dormant.skipped_because == "Logins are watched elsewhere." && output.controls.dormant.evaluated == 0
      && output.controls.second_factor_unknown.status == "skip" && output.controls.no_second_factor.status == "error" && output.controls.no_second_factor.severity == "low"
    )
    error_message = jsonencode(output.controls)
  }

  assert {
    condition = output.barring == [
      "crew/administrator_without_second_factor/chief", "crew/privilege_ends/ci_ending", "crew/privilege_ends/crew", "crew/privilege_ends/ending",
    ]
    error_message = jsonencode(output.barring)
  }
}
