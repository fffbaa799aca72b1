locals {
  allowed_administrators = ["marit", "tobias"]
}

data "virustotal_group_administrators" "company" {
  group_id = "puffin_ferries"

  lifecycle {
    # The plan fails: "Unexpected administrators: devraj."
    postcondition {
      condition     = length(setsubtract(self.ids, local.allowed_administrators)) == 0
      error_message = "Unexpected administrators: ${join(", ", setsubtract(self.ids, local.allowed_administrators))}."
    }

    # The plan fails: "The group has fewer than two administrators." Deleted accounts do not count.
    postcondition {
      condition     = length(setsubtract(self.ids, self.unavailable_ids)) >= 2
      error_message = "The group has fewer than two administrators."
    }
  }
}
