locals {
  allowed_administrators = ["marit", "tobias"]
}

data "virustotal_group_administrators" "company" {
  group_id = "puffin_ferries"

  lifecycle {
    # A postcondition fails the plan.
    postcondition {
      condition     = length(setsubtract(self.ids, local.allowed_administrators)) == 0
      error_message = "Administrators that nobody expects: ${join(", ", setsubtract(self.ids, local.allowed_administrators))}."
    }

    # A bus factor of two.
    postcondition {
      condition     = length(toset(self.ids)) >= 2
      error_message = "The group has fewer than two administrators."
    }
  }
}
