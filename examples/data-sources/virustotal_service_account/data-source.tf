data "virustotal_service_account" "ci" {
  id = "puffin_ferries_ci"

  lifecycle {
    # The plan fails: "The service account is not active, or its status is hidden."
    postcondition {
      condition     = self.status == "active" # False for null.
      error_message = "The service account is not active, or its status is hidden."
    }
  }
}
