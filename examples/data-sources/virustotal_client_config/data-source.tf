# Whose API key read the data, for the provenance of a report.
data "virustotal_client_config" "current" {}

output "read_by" {
  value = "${data.virustotal_client_config.current.username} at ${data.virustotal_client_config.current.base_url}"
}
