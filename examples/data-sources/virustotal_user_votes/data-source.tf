data "virustotal_user_votes" "me" {}

output "malicious_in_my_eyes" {
  value = [for vote in data.virustotal_user_votes.me.votes : vote.id if vote.verdict == "malicious"]
}
