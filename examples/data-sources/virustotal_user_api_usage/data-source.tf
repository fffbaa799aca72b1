# The last 30 days.
data "virustotal_user_api_usage" "me" {}

# A week of them.
data "virustotal_user_api_usage" "week" {
  start_date = formatdate("YYYY-MM-DD", timeadd(plantimestamp(), "-168h"))
  end_date   = formatdate("YYYY-MM-DD", plantimestamp())
}

check "usage" {
  assert {
    # total_requests is null where VirusTotal sends no totals.
    condition     = try(data.virustotal_user_api_usage.week.total_requests < 100000, false)
    error_message = "The API was called 100,000 times in a week, or VirusTotal does not say how often."
  }
}
