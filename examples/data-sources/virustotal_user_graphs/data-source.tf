data "virustotal_user_graphs" "me" {}

locals {
  not_private = concat(
    data.virustotal_user_graphs.me.unavailable_ids,
    [for graph in data.virustotal_user_graphs.me.graphs : graph.id if graph.private != true],
  )
}

check "private_graphs" {
  assert {
    # private is null where VirusTotal does not say, and a graph that is not shown may be public.
    condition     = length(local.not_private) == 0
    error_message = "Graphs that are not private, or not shown: ${join(", ", local.not_private)}."
  }
}
