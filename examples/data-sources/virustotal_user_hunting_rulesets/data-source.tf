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

# The plan warns: "Rulesets that are disabled, soon will be, or are hidden: harbour (high_rate)."
check "rulesets" {
  assert {
    condition     = length(local.disabled) == 0
    error_message = "Rulesets that are disabled, soon will be, or are hidden: ${join(", ", local.disabled)}."
  }
}
