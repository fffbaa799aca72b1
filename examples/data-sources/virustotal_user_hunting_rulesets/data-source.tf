data "virustotal_user_hunting_rulesets" "me" {}

check "rulesets" {
  assert {
    condition     = alltrue([for ruleset in data.virustotal_user_hunting_rulesets.me.hunting_rulesets : ruleset.scheduled_disable_date == null])
    error_message = "VirusTotal will disable a ruleset: ${join(", ", [for ruleset in data.virustotal_user_hunting_rulesets.me.hunting_rulesets : "${ruleset.name} (${coalesce(ruleset.scheduled_disable_reason, "no reason given")})" if ruleset.scheduled_disable_date != null])}."
  }
}
