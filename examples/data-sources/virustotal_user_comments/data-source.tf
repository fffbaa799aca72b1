# The latest comments of a user.
data "virustotal_user_comments" "colleague" {
  user_id = "marit"
  limit   = 10
}

output "reported_as_abuse" {
  value = [for comment in data.virustotal_user_comments.colleague.comments : comment.id if try(comment.votes.abuse > 0, false)]
}
