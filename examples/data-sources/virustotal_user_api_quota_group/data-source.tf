data "virustotal_user_api_quota_group" "me" {
  lifecycle {
    postcondition {
      condition     = self.group_id == "puffin_ferries"
      error_message = "API quota is consumed from another group than the company's."
    }
  }
}
