# The user whom the API key belongs to.
data "virustotal_user" "me" {}

# A colleague, of whom an admin of the group sees more than a stranger does.
data "virustotal_user" "colleague" {
  id = "tobias"

  lifecycle {
    postcondition {
      # last_login is null where it is hidden: try() makes that a failure of the condition.
      condition     = try(timecmp(self.last_login, timeadd(plantimestamp(), "-2160h")) > 0, false)
      error_message = "${self.username} has not logged in for 90 days, or VirusTotal hides the last login."
    }
  }
}

check "second_factor" {
  assert {
    # has_2fa is null where it is hidden: == true is safe then.
    condition     = data.virustotal_user.me.has_2fa == true
    error_message = "The owner of the API key has no second factor."
  }
}

output "hidden_of_colleague" {
  value = data.virustotal_user.colleague.hidden_attributes
}
