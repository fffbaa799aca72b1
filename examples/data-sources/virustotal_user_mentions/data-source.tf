data "virustotal_user_mentions" "me" {
  limit = 10
}

output "mentioned_in" {
  value = { for comment in data.virustotal_user_mentions.me.comments : comment.id => comment.text }
}
