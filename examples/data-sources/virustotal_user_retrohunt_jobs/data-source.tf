data "virustotal_user_retrohunt_jobs" "me" {}

output "running" {
  value = [for job in data.virustotal_user_retrohunt_jobs.me.retrohunt_jobs : job.id if job.status == "running"]
}
