# The user who owns the API key.
data "virustotal_user" "me" {}

# The plan warns: "marit does not have 2FA enabled."
check "two_factor" {
  assert {
    condition     = data.virustotal_user.me.has_2fa == true # False for null.
    error_message = "${data.virustotal_user.me.username} does not have 2FA enabled."
  }
}

# A colleague. Administrators of a common group see more attributes than strangers.
data "virustotal_user" "colleague" {
  id = "tobias"

  lifecycle {
    # The plan fails: "tobias has not logged in for 90 days, or the last login is hidden."
    postcondition {
      condition     = try(timecmp(self.last_login, timeadd(plantimestamp(), "-2160h")) > 0, false) # False for null.
      error_message = "${self.username} has not logged in for 90 days, or the last login is hidden."
    }
  }
}

output "hidden_of_colleague" {
  value = data.virustotal_user.colleague.hidden_attributes
}
