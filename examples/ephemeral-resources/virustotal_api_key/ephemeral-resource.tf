# The API key of a service account, which the administrators of its group may read.
ephemeral "virustotal_api_key" "ci" {
  service_account_id = "puffin_ferries_ci"
}

# A write-only argument keeps the key out of the plan and the state.
resource "aws_secretsmanager_secret_version" "ci" {
  secret_id                = "virustotal/ci"
  secret_string_wo         = ephemeral.virustotal_api_key.ci.api_key
  secret_string_wo_version = 1 # Increase this when the key changes.
}
