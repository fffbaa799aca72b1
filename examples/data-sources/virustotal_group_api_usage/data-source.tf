data "virustotal_group_api_usage" "company" {
  group_id = "puffin_ferries"
}

# Endpoints that were called more than 100 times in the last 30 days.
output "busiest_endpoints" {
  value = {
    for endpoint, requests in coalesce(data.virustotal_group_api_usage.company.total, {}) : endpoint => requests
    if try(requests > 100, false)
  }
}
