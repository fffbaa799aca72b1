# SPDX-License-Identifier: MPL-2.0

# One check per control. A failed check only warns.

locals {
  failed = merge({ for control in keys(local.catalogue) : control => [] }, {
    for id, result in local.results : result.control => result.who... if result.status != "waived"
  })

  # At most 20 names, since a group can have thousands of members.
  messages = {
    for control, who in local.failed : control => "${var.group_id}: ${local.controls[control].title}: ${join(", ", slice(who, 0, min(length(who), 20)))}${length(who) > 20 ? " and ${length(who) - 20} more" : ""}."
  }
}

check "administrator_without_second_factor" {
  assert {
    condition     = length(local.failed.administrator_without_second_factor) == 0
    error_message = local.messages.administrator_without_second_factor
  }
}

check "no_second_factor" {
  assert {
    condition     = length(local.failed.no_second_factor) == 0
    error_message = local.messages.no_second_factor
  }
}

check "second_factor_unknown" {
  assert {
    condition     = length(local.failed.second_factor_unknown) == 0
    error_message = local.messages.second_factor_unknown
  }
}

check "unexpected_administrator" {
  assert {
    condition     = length(local.failed.unexpected_administrator) == 0
    error_message = local.messages.unexpected_administrator
  }
}

check "unexpected_member" {
  assert {
    condition     = length(local.failed.unexpected_member) == 0
    error_message = local.messages.unexpected_member
  }
}

check "unexpected_service_account" {
  assert {
    condition     = length(local.failed.unexpected_service_account) == 0
    error_message = local.messages.unexpected_service_account
  }
}

check "too_few_administrators" {
  assert {
    condition     = length(local.failed.too_few_administrators) == 0
    error_message = local.messages.too_few_administrators
  }
}

check "dormant" {
  assert {
    condition     = length(local.failed.dormant) == 0
    error_message = local.messages.dormant
  }
}

check "never_logged_in" {
  assert {
    condition     = length(local.failed.never_logged_in) == 0
    error_message = local.messages.never_logged_in
  }
}

check "foreign_mail_domain" {
  assert {
    condition     = length(local.failed.foreign_mail_domain) == 0
    error_message = local.messages.foreign_mail_domain
  }
}

check "quota_nearly_used_up" {
  assert {
    condition     = length(local.failed.quota_nearly_used_up) == 0
    error_message = local.messages.quota_nearly_used_up
  }
}

check "privilege_ends" {
  assert {
    condition     = length(local.failed.privilege_ends) == 0
    error_message = local.messages.privilege_ends
  }
}

check "review_overdue" {
  assert {
    condition     = length(local.failed.review_overdue) == 0
    error_message = local.messages.review_overdue
  }
}

check "roster_stale" {
  assert {
    condition     = length(local.failed.roster_stale) == 0
    error_message = local.messages.roster_stale
  }
}

check "waiver_expired" {
  assert {
    condition     = length(local.failed.waiver_expired) == 0
    error_message = local.messages.waiver_expired
  }
}

check "waiver_stale" {
  assert {
    condition     = length(local.failed.waiver_stale) == 0
    error_message = local.messages.waiver_stale
  }
}

check "incomplete" {
  assert {
    condition     = length(local.failed.incomplete) == 0
    error_message = local.messages.incomplete
  }
}

check "unavailable" {
  assert {
    condition     = length(local.failed.unavailable) == 0
    error_message = local.messages.unavailable
  }
}

check "hidden" {
  assert {
    condition     = length(local.failed.hidden) == 0
    error_message = local.messages.hidden
  }
}
