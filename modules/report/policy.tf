# SPDX-License-Identifier: MPL-2.0

# The policy in force, in words. What is weaker than the default comes first, in the words of modules/audit.
locals {
  policies = { for group, e in local.evidence : group => try(jsondecode(e.policy), {}) }

  weaker = { for group, e in local.evidence : group => e.weaker_than_default if length(e.weaker_than_default) > 0 }

  # A variable of modules/audit, with the words for its value and for null.
  policy_texts = {
    dormant_days                = { some = "No login for %s days makes an account dormant.", none = "Dormant accounts are not looked for." }
    minimum_administrators      = { some = "At least %s administrators.", none = "Any number of administrators." }
    privilege_days              = { some = "Privileges that end within %s days are found.", none = "Ends of privileges are not looked at." }
    quota_share                 = { some = "Quotas are found from %s of what is allowed.", none = "Quotas are not looked at." }
    review_days                 = { some = "The roster must be reviewed every %s days.", none = "The roster need not be reviewed again." }
    waiver_days                 = { some = "A waiver ends within %s days.", none = "A waiver may last as long as it wants to." }
    allowed_domains             = { some = "E-mail addresses must be of: %s.", none = "E-mail addresses of any domain." }
    quotas                      = { some = "Only these quotas are judged: %s.", none = "All quotas are judged, but those by the hour or minute." }
    member_daily_limit          = { some = "A member's daily limit is at most %s.", none = "Members need no daily limit." }
    service_account_daily_limit = { some = "A service account's daily limit is at most %s.", none = "Service accounts need no daily limit." }
    approvers                   = { some = "Only these approve waivers and sign the roster: %s.", none = "Anybody approves waivers and signs the roster." }
    require_single_sign_on      = { some = "The group must force single sign-on.", none = "Single sign-on is not required." }
    two_factor_by_absence       = { some = "Who is not in the list of those without 2FA is believed to have it.", none = "2FA is believed only when two lists of VirusTotal agree." }
    read_group                  = { some = "The group itself is read.", none = "The group itself is not read." }
  }
  policy_values = { for group, policy in local.policies : group => { for name in keys(local.policy_texts) : name => try(
    policy[name] == null ? "" :
    policy[name] == true ? "yes" :
    policy[name] == false ? "" :
    name == "quota_share" ? "${floor(policy[name] * 1000) / 10} %" :
    tostring(policy[name]),
    length(policy[name]) == 0 ? "nobody" : join(", ", sort(policy[name])),
    ""
  ) if can(policy[name]) } }
  policy_words = { for group, policy in local.policies : group => concat(
    [for name, value in local.policy_values[group] : value == "" ? local.policy_texts[name].none : replace(local.policy_texts[name].some, "%s", value)],
    [for c, severity in try(policy.severity, {}) : "${c} has the severity ${severity}."],
    [for c, reason in try(policy.skip, {}) : "${c} is skipped: ${reason}"],
    try(policy.roster == null ? ["There is no roster: anybody may be in the group."] : [
      for list in ["members", "administrators", "service_accounts"] :
      try(policy.roster[list], null) == null ? "The roster does not say who the ${replace(list, "_", " ")} are." : "The roster has ${length(policy.roster[list])} ${replace(list, "_", " ")}."
    ], []),
    try(length(policy.waivers) == 0 ? [] : ["There ${length(policy.waivers) == 1 ? "is 1 waiver" : "are ${length(policy.waivers)} waivers"}."], []),
  ) }
}
