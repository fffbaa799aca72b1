# A gate: the plan fails where the account is in a group that nobody expects.
data "virustotal_user_groups" "expected" {
  lifecycle {
    postcondition {
      condition     = self.complete && length(self.ids) > 0 && alltrue([for id in self.ids : startswith(id, "puffin")])
      error_message = "The account is in no group, or in one of another company: ${join(", ", [for id in self.ids : id if !startswith(id, "puffin")])}."
    }
  }
}
