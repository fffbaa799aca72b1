# The last 30 days.
data "virustotal_user_api_usage" "me" {}

output "requests_by_endpoint" {
  value = data.virustotal_user_api_usage.me.total
}

# The last week.
data "virustotal_user_api_usage" "week" {
  start_date = formatdate("YYYY-MM-DD", timeadd(plantimestamp(), "-168h"))
  end_date   = formatdate("YYYY-MM-DD", plantimestamp())
}

# The plan warns: "100,000 requests or more in a week, or the number is hidden."
check "usage" {
  assert {
    condition     = try(data.virustotal_user_api_usage.week.total_requests < 100000, false) # False for null.
    error_message = "100,000 requests or more in a week, or the number is hidden."
  }
}
