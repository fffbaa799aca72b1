data "virustotal_service_account" "ci" {
  id = "puffin_ferries_ci"

  lifecycle {
    postcondition {
      # status is null where it is hidden.
      condition     = self.status == "active"
      error_message = "The service account is not active, or VirusTotal does not say so."
    }
  }
}
