data "virustotal_user_hunting_rulesets" "me" {}

locals {
  disabled = concat(
    data.virustotal_user_hunting_rulesets.me.unavailable_ids,
    [
      for ruleset in data.virustotal_user_hunting_rulesets.me.hunting_rulesets :
      "${coalesce(ruleset.name, ruleset.id)} (${coalesce(ruleset.scheduled_disable_reason, "no reason given")})"
      if ruleset.enabled != true || ruleset.scheduled_disable_date != null
    ],
  )
}

check "rulesets" {
  assert {
    condition     = length(local.disabled) == 0
    error_message = "Rulesets that are not enabled, that VirusTotal will disable, or that are not shown: ${join(", ", local.disabled)}."
  }
}
