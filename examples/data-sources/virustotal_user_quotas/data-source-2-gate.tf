# A gate: the plan fails where a quota is used up. Hidden quotas are null, and no pass.
data "virustotal_user_quotas" "ci" {
  lifecycle {
    postcondition {
      condition     = try(length(self.quotas) > 0 && length(self.exhausted) == 0, false)
      error_message = "Quotas of ${self.user_id} are used up, or hidden: ${join(", ", coalesce(self.exhausted, []))}."
    }
  }
}
