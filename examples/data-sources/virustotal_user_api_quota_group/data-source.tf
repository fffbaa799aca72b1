# The group whose quota the API requests of the API key's owner count against.
data "virustotal_user_api_quota_group" "me" {
  lifecycle {
    # The plan fails: "API requests count against another group: puffin_soc."
    postcondition {
      condition     = self.group_id == "puffin_ferries"
      error_message = "API requests count against another group: ${coalesce(self.group_id, "none")}."
    }
  }
}
