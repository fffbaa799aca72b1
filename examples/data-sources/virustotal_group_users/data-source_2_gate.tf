# The plan fails: "Members without a second factor: yuki."
data "virustotal_group_users" "weak" {
  group_id = "puffin-ci"
  filter   = "2fa_enabled:false"

  lifecycle {
    postcondition {
      condition     = self.complete && length(self.ids) == 0
      error_message = "Members without a second factor: ${join(", ", self.ids)}."
    }
  }
}
