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

    # A bus factor of two. An administrator whom VirusTotal names and does not show, for example because the account was
    # deleted, does not count.
    postcondition {
      condition     = length(setsubtract(self.ids, self.unavailable_ids)) >= 2
      error_message = "The group has fewer than two administrators."
    }
  }
}
