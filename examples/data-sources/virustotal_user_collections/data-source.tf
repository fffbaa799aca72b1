# Collections that anybody can see: VirusTotal does not say that they are private.
data "virustotal_user_collections" "mine" {}

output "public_collections" {
  value = [for c in data.virustotal_user_collections.mine.collections : c.name if c.private != true]
}
