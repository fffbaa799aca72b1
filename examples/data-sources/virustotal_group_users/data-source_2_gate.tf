# The plan fails: "Members without 2FA: yuki."
data "virustotal_group_users" "weak" {
  group_id = "puffin-ci"
  filter   = "2fa_enabled:false"

  lifecycle {
    postcondition {
      condition     = self.complete && length(self.ids) == 0
      error_message = "Members without 2FA: ${join(", ", self.ids)}."
    }
  }
}
