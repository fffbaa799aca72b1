# SPDX-License-Identifier: MPL-2.0

# What is wrong with the policy. Each error begins with the group's ID: with thirty groups, "which one?" is the first question.
# A variable's validation cannot know the group or the catalogue before Terraform 1.9, so main.tf has one precondition.

locals {
  adjustable = [for control, entry in local.catalogue : control if entry.result != "error"]
  waivable   = [for control, entry in local.catalogue : control if entry.waivable]
  naming     = [for control, entry in local.catalogue : control if entry.names_things]

  roster_given     = var.roster != null
  roster_is_object = can(keys(var.roster))
  roster_parts     = ["members", "administrators", "service_accounts", "roles"]

  refused_numbers = concat(
    [
      for name, days in {
        dormant_days = var.dormant_days, privilege_days = var.privilege_days, review_days = var.review_days, waiver_days = var.waiver_days
      } : "${name} must be a whole number from 1 to 36500, or null." if days == null ? false : days < 1 || days > 36500 || floor(days) != days
    ],
    [
      for name, number in {
        member_daily_limit     = var.member_daily_limit, service_account_daily_limit = var.service_account_daily_limit
        minimum_administrators = var.minimum_administrators
      } : "${name} must be a whole number from 0, or null." if number == null ? false : number < 0 || floor(number) != number
    ],
    [for share in [var.quota_share] : "quota_share must be above 0 and at most 1, or null." if share == null ? false : share <= 0 || share > 1],
  )

  refused_names = concat(
    var.at == null || can(timeadd(var.at, "0s")) ? [] : ["at, the time of the audit, must be in RFC 3339, such as 2026-01-31T00:00:00Z."],
    contains(local.severities, var.fail_on) ? [] : ["fail_on must be critical, high, medium or low."],
    [
      for domain in coalesce(var.allowed_domains, []) :
      "allowed_domains must be domains such as example.com, without @, *, ? and spaces. Found: ${try(coalesce(domain), "null")}."
      if !can(regex("^[^@*?\\s]+$", domain))
    ],
    var.quotas == null ? [] : try(length(var.quotas) > 0 && alltrue([for name in var.quotas : trimspace(name) != ""]), false) ? [] : [
      "quotas must have at least one name, and none of them empty. To check no quotas, set quota_share to null."
    ],
    var.approvers == null ? [] : try(length(var.approvers) > 0 && alltrue([for name in var.approvers : trimspace(name) != ""]), false) ? [] : [
      "approvers must have at least one name, and none of them empty."
    ],
    [
      for control, severity in var.severity :
      "severity has ${control}, which is not a control whose severity can be set. The README of modules/audit lists the controls."
      if !contains(local.adjustable, control)
    ],
    [
      for control, severity in var.severity : "the severity of ${control} must be critical, high, medium or low."
      if !try(contains(local.severities, severity), false)
    ],
    [
      for control, reason in var.skip : join(" ", ["skip has ${control}, which", can(local.catalogue[control])
        ? "cannot be skipped. Skip the control that needs what is unknown, or waive the account."
        : "is not a control. The README of modules/audit lists the controls."
      ]) if !contains(local.adjustable, control)
    ],
    [for control, reason in var.skip : "skip must have a reason for ${control}." if !try(trimspace(reason) != "", false)],
    var.require_single_sign_on && !var.read_group ? ["require_single_sign_on needs read_group: the group says whether it forces single sign-on."] : [],
  )

  refused_roster = !local.roster_given ? [] : !local.roster_is_object ? ["roster must be an object."] : concat(
    [
      for name in try(keys(var.roster), []) : "roster has the unknown attribute ${name}."
      if !contains(concat(local.roster_parts, ["reviewed_on", "reviewed_by"]), name)
    ],
    can(regex("^\\d{4}-\\d\\d-\\d\\d$", var.roster.reviewed_on)) && can(timecmp("${local.reviewed_on}T00:00:00Z", local.at)) ? [] : [
      "roster must have reviewed_on, the day of the last review, such as 2026-11-02."
    ],
    try(timecmp("${local.reviewed_on}T00:00:00Z", local.latest) > 0, false) ? [
      "the roster's reviewed_on, ${local.reviewed_on}, is more than one day after the time of the audit, ${local.at}."
    ] : [],
    try(can(regex("^\"", jsonencode(var.roster.reviewed_by))) && can(regex("\\p{L}.*\\p{L}", var.roster.reviewed_by)), false) ? [] : [
      "roster must have reviewed_by, the name of the reviewer."
    ],
    var.approvers == null || contains(coalesce(var.approvers, []), local.reviewed_by) ? [] : [
      "the roster's reviewed_by, ${local.reviewed_by}, is not one of approvers."
    ],
    anytrue([for part in local.roster_parts : try(var.roster[part] != null, false)]) ? [] : [
      "roster must have at least one of members, administrators, service_accounts and roles."
    ],
    [
      for list in ["members", "administrators", "service_accounts"] : "the roster's ${list} must be a list of IDs, none of them empty."
      if !(try(var.roster[list] == null, true) ? true : try(
        can(regex("^\\[", jsonencode(var.roster[list]))) && alltrue([for id in var.roster[list] : trimspace(tostring(id)) != ""]), false
      ))
    ],
    try(var.roster.roles == null, true) ? [] : try(can(keys(var.roster.roles)) && alltrue(flatten([
      for role, ids in var.roster.roles : [can(regex("^\\[", jsonencode(ids))), [for id in ids : trimspace(tostring(id)) != ""]]
    ])), false) ? [] : ["the roster's roles must map each role to a list of IDs, none of them empty."],
  )

  waivers_given     = try([for waiver in var.waivers : waiver], [])
  waiver_attributes = ["who", "control", "what", "reason", "approved_by", "until", "granted_on", "ticket"]

  # Which attributes of each waiver are text, and not only spaces.
  waiver_texts = [
    for waiver in local.waivers_given : {
      for name in ["who", "control", "reason", "approved_by", "until"] : name => true
      if try(can(regex("^\"", jsonencode(waiver[name]))) && trimspace(waiver[name]) != "", false)
    }
  ]
  waivers_end_by = try(timeadd("${local.today}T00:00:00Z", "${var.waiver_days * 24}h"), local.at)

  waiver_problems = [
    for i, waiver in local.waivers_given : !can(keys(waiver)) ? [] : concat(
      [for name in keys(waiver) : "has the unknown attribute ${name}" if !contains(local.waiver_attributes, name)],
      [for name in ["control", "reason", "approved_by", "until"] : "must have ${name}" if !can(local.waiver_texts[i][name])],
      try(waiver.who == null, true) || can(local.waiver_texts[i].who) ? [] : ["must have a who that is an ID. Without who it is for the group"],
      can(tostring(try(waiver.ticket, null))) ? [] : ["must have a ticket that is text"],
      can(regex("[*?]", try("${waiver.who}", ""))) ? ["is for one account: wildcards (* or ?) are not supported"] : [],
      local.given_waivers[i].control == "" || contains(local.waivable, local.given_waivers[i].control) ? [] : [
        can(local.catalogue[local.given_waivers[i].control]) ? "is refused: this control cannot be waived" : "is for no control that exists"
      ],
      try(waiver.what == null, true) ? [] : try(
        length(waiver.what) > 0 && can(regex("^\\[", jsonencode(waiver.what))) &&
        alltrue([for name in waiver.what : can(regex("^\"", jsonencode(name))) && trimspace(name) != ""]), false
      ) ? [] : ["must have a what that is a list of names"],
      try(waiver.what == null, true) || contains(local.naming, local.given_waivers[i].control) ? [] : ["must not have what: the control names nothing"],
      [
        for name in ["until", "granted_on"] : "must have ${name == "until" ? "an" : "a"} ${name} that is a day, such as 2027-01-31"
        if try(waiver[name] == null, true) ? false : !(
          can(regex("^\\d{4}-\\d\\d-\\d\\d$", waiver[name])) && can(timecmp("${waiver[name]}T00:00:00Z", local.at))
        )
      ],
      !can(timecmp("${local.given_waivers[i].until}T00:00:00Z", local.at)) || var.waiver_days == null ? [] :
      timecmp("${local.given_waivers[i].until}T00:00:00Z", local.waivers_end_by) <= 0 ? [] : [
        "must end within ${coalesce(var.waiver_days, 0)} days of ${local.today}, and ends on ${local.given_waivers[i].until}"
      ],
      var.approvers == null || contains(coalesce(var.approvers, []), local.given_waivers[i].approved_by) ? [] : [
        "was approved by ${local.given_waivers[i].approved_by}, who is not one of approvers"
      ],
    )
  ]
  refused_waivers = !can(regex("^\\[", jsonencode(var.waivers))) ? ["waivers must be a list."] : flatten([
    for i, waiver in local.waivers_given : !can(keys(waiver)) ? ["each of waivers must be an object."] : [
      for problem in local.waiver_problems[i] : join(" ", [
        "the waiver of ${local.given_waivers[i].control == "" ? "?" : local.given_waivers[i].control}",
        "for ${local.given_waivers[i].who == "" ? "the group" : local.given_waivers[i].who} ${problem}."
      ])
    ]
  ])

  refusals = [
    for text in concat(local.refused_numbers, local.refused_names, local.refused_roster, local.refused_waivers) :
    replace("${var.group_id}: ${text}", local.unprintable, "\ufffd")
  ]
}
