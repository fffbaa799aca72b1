# A gate: the plan fails where the contract lacks a privilege. Hidden privileges are null, and no pass.
data "virustotal_group" "contract" {
  id = "puffin_ferries"

  lifecycle {
    postcondition {
      condition     = contains(coalesce(self.active_privileges, []), "intelligence")
      error_message = "The group has no VirusTotal Intelligence, or VirusTotal does not say so."
    }
  }
}
