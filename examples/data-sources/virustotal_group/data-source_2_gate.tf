# The plan fails: "The group has no VirusTotal Intelligence, or its privileges are hidden."
data "virustotal_group" "contract" {
  id = "puffin_ferries"

  lifecycle {
    postcondition {
      condition     = contains(coalesce(self.active_privileges, []), "intelligence")
      error_message = "The group has no VirusTotal Intelligence, or its privileges are hidden."
    }
  }
}
