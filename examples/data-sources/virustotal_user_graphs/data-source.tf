data "virustotal_user_graphs" "me" {}

check "private_graphs" {
  assert {
    # private is null where VirusTotal does not say.
    condition     = alltrue([for graph in data.virustotal_user_graphs.me.graphs : graph.private == true])
    error_message = "These graphs are not private: ${join(", ", [for graph in data.virustotal_user_graphs.me.graphs : graph.id if graph.private != true])}."
  }
}
