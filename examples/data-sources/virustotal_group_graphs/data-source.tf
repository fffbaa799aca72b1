# Graphs of the group, by number of nodes.
data "virustotal_group_graphs" "company" {
  group_id = "puffin_ferries"
}

output "graphs" {
  value = { for graph in data.virustotal_group_graphs.company.graphs : graph.id => graph.nodes_count }
}
