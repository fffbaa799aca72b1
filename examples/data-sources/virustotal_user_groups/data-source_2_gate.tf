data "virustotal_user_groups" "expected" {
  lifecycle {
    # The plan fails: "The account is in no group, or in an unexpected one: greendale_library."
    postcondition {
      condition     = self.complete && length(self.ids) > 0 && alltrue([for id in self.ids : startswith(id, "puffin")])
      error_message = "The account is in no group, or in an unexpected one: ${join(", ", [for id in self.ids : id if !startswith(id, "puffin")])}."
    }
  }
}
