# A check warns, and never fails the plan.

check "second_factor" {
  assert {
    condition     = length(local.who.no_second_factor) == 0
    error_message = "Without a second factor: ${join(", ", local.who.no_second_factor)}."
  }
}

check "unexpected_administrators" {
  assert {
    condition     = length(local.who.unexpected_administrator) == 0
    error_message = "Administrators that nobody expects: ${join(", ", local.who.unexpected_administrator)}."
  }
}

check "enough_administrators" {
  assert {
    condition     = length(local.who.too_few_administrators) == 0
    error_message = "Fewer than ${var.minimum_administrators} administrators: ${join(", ", local.who.too_few_administrators)}."
  }
}

check "dormant" {
  assert {
    condition     = length(local.who.dormant) == 0
    error_message = "No login for ${coalesce(var.dormant_days, 0)} days: ${join(", ", local.who.dormant)}."
  }
}

check "never_logged_in" {
  assert {
    condition     = length(local.who.never_logged_in) == 0
    error_message = "No login ever: ${join(", ", local.who.never_logged_in)}."
  }
}

check "mail_domains" {
  assert {
    condition     = length(local.who.foreign_mail_domain) == 0
    error_message = "Of a mail domain that is not allowed: ${join(", ", local.who.foreign_mail_domain)}."
  }
}

check "quotas" {
  assert {
    condition     = length(local.who.quota_nearly_used_up) == 0
    error_message = "Quotas nearly used up: ${join(", ", local.who.quota_nearly_used_up)}."
  }
}

check "privileges" {
  assert {
    condition     = length(local.who.privilege_ends) == 0
    error_message = "Privileges that end within ${coalesce(var.privilege_days, 0)} days: ${join(", ", local.who.privilege_ends)}."
  }
}

# Privileges that are hidden are left out: VirusTotal shows them to no admin, so this would warn for ever.
check "visibility" {
  assert {
    condition     = length(local.unseen) == 0
    error_message = "Not audited in full: ${join(", ", local.unseen)}."
  }
}
