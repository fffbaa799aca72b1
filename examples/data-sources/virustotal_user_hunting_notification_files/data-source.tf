data "virustotal_user_hunting_notification_files" "me" {
  limit = 40
}

# A file is listed once for each notification.
output "malicious" {
  value = distinct([for file in data.virustotal_user_hunting_notification_files.me.files : file.sha256 if try(file.last_analysis_stats["malicious"] > 10, false)])
}
