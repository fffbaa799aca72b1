# A few users by name, with a request for each. For a whole team use virustotal_group_users: 40 members in a request.
data "virustotal_user" "on_call" {
  for_each = toset(["marit", "tobias"])
  id       = each.key

  lifecycle {
    # The plan fails: "tobias is on call and not active, or the status is hidden."
    postcondition {
      condition     = self.status == "active"
      error_message = "${self.username} is on call and not active, or the status is hidden."
    }
  }
}
