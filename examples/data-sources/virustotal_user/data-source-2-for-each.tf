# A few users by name. For a team ask for its group instead: virustotal_group_users reads 40 members in a request.
data "virustotal_user" "on_call" {
  for_each = toset(["marit", "tobias"])
  id       = each.key

  lifecycle {
    postcondition {
      condition     = self.status == "active"
      error_message = "${self.username} is on call and not active, or VirusTotal does not say so."
    }
  }
}
