data "virustotal_user_graphs" "me" {}

locals {
  # A graph whose attributes are hidden may be public.
  not_private = concat(
    data.virustotal_user_graphs.me.unavailable_ids,
    [for graph in data.virustotal_user_graphs.me.graphs : graph.id if graph.private != true],
  )
}

# The plan warns: "Graphs that are public, or may be: g0a1b2c3d…"
check "private_graphs" {
  assert {
    condition     = length(local.not_private) == 0
    error_message = "Graphs that are public, or may be: ${join(", ", local.not_private)}."
  }
}
