data "virustotal_group_api_usage" "company" {
  group_id = "puffin_ferries"
}

output "busiest_endpoints" {
  value = [for endpoint, requests in coalesce(data.virustotal_group_api_usage.company.total, {}) : endpoint if try(requests > 100, false)]
}
