data "virustotal_user_hunting_notifications" "me" {
  limit = 40
}

output "rules_that_matched" {
  value = distinct([for notification in data.virustotal_user_hunting_notifications.me.hunting_notifications : notification.rule_name])
}
