# The API key of a service account, which its group's admins may read.
ephemeral "virustotal_api_key" "ci" {
  service_account_id = "puffin_ferries_ci"
}

# It goes into a secret manager's write-only argument, and so into no plan and no state.
resource "aws_secretsmanager_secret_version" "ci" {
  secret_id                = "virustotal/ci"
  secret_string_wo         = ephemeral.virustotal_api_key.ci.api_key
  secret_string_wo_version = 1 # Raise it when the key was changed.
}
