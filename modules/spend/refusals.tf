# SPDX-License-Identifier: MPL-2.0

# What is wrong with the policy. Each error begins with the group's ID: with thirty groups, "which one?" is the first question.
# A variable's validation cannot know the group or the catalogue before Terraform 1.9, so main.tf has one precondition.

locals {
  adjustable = [for control, entry in local.catalogue : control if entry.result != "error"]
  waivable   = [for control, entry in local.catalogue : control if entry.waivable]
  naming     = [for control, entry in local.catalogue : control if entry.names_things]

  refused_numbers = concat(
    [for n in [var.history] : "history must be 0, 1 or 2." if !contains([0, 1, 2], n)],
    [for n in [var.rise_factor] : "rise_factor must be at least 1, or null." if n == null ? false : n < 1],
    [for n in [var.waiver_days] : "waiver_days must be a whole number from 1 to 36500, or null." if n == null ? false : n < 1 || n > 36500 || floor(n) != n],
  )

  refused_names = concat(
    var.at == null || can(timeadd(var.at, "0s")) ? [] : ["at, the time of the run, must be in RFC 3339, such as 2026-01-31T00:00:00Z."],
    contains(local.severities, var.fail_on) ? [] : ["fail_on must be critical, high, medium or low."],
    [for quota in var.quotas : "quotas has ${try(coalesce(quota), "null")}, which VirusTotal does not break down by account and month. It does so for ${join(", ", local.known_quotas)}." if !try(contains(local.known_quotas, quota), false)],
    var.members == null ? [] : try(alltrue([for id in var.members : trimspace(id) != ""]), false) ? [] : ["members must be IDs, none of them empty."],
    var.approvers == null ? [] : try(length(var.approvers) > 0 && alltrue([for name in var.approvers : trimspace(name) != ""]), false) ? [] : ["approvers must have at least one name, and none of them empty."],
    [for control, severity in var.severity : "severity has ${control}, which is not a control whose severity can be set. The README of modules/spend lists the controls." if !contains(local.adjustable, control)],
    [for control, severity in var.severity : "the severity of ${control} must be critical, high, medium or low." if !try(contains(local.severities, severity), false)],
    [for control, reason in var.skip : "skip has ${control}, which ${can(local.catalogue[control]) ? "cannot be skipped. Skip the control that needs what is unknown, or waive the account" : "is not a control. The README of modules/spend lists the controls"}." if !contains(local.adjustable, control)],
    [for control, reason in var.skip : "skip must have a reason for ${control}." if !try(trimspace(reason) != "", false)],
  )

  refused_budgets = try(length(keys(var.budgets)), -1) < 0 ? ["budgets must map quotas to objects."] : flatten([
    for quota, budget in var.budgets : !contains(local.quotas, quota) ? ["budgets has ${quota}, which is not one of quotas."] : !can(keys(budget)) ? ["the budget of ${quota} must be an object."] : [
      for problem in concat(
        [for name in keys(budget) : "has the unknown attribute ${name}" if !contains(["group", "each", "accounts"], name)],
        [
          for name in ["group", "each"] : "must have ${name == "group" ? "a group" : "an each"} that is a whole number from 0"
          if try(budget[name] == null, true) ? false : !try(tonumber(budget[name]) >= 0 && floor(tonumber(budget[name])) == tonumber(budget[name]), false)
        ],
        try(budget.accounts == null, true) ? [] : !can(keys(budget.accounts)) ? ["must have accounts that map IDs to numbers"] : flatten([
          for id, n in budget.accounts : concat(
            trimspace(id) == "" ? ["must have no empty ID in accounts"] : [],
            try(tonumber(n) >= 0 && floor(tonumber(n)) == tonumber(n), false) ? [] : ["must have a whole number from 0 for ${id}"],
          )
        ]),
        anytrue([for name in ["group", "each", "accounts"] : try(budget[name] != null, false)]) ? [] : ["must have at least one of group, each and accounts"],
      ) : "the budget of ${quota} ${problem}."
    ]
  ])

  waivers_given = try([for waiver in var.waivers : waiver], [])

  # Which attributes of each waiver are text, and not only spaces.
  waiver_texts = [
    for waiver in local.waivers_given : {
      for name in ["who", "control", "reason", "approved_by", "until"] : name => true
      if try(can(regex("^\"", jsonencode(waiver[name]))) && trimspace(waiver[name]) != "", false)
    }
  ]
  refused_waivers = !can(regex("^\\[", jsonencode(var.waivers))) ? ["waivers must be a list."] : flatten([
    for i, waiver in local.waivers_given : !can(keys(waiver)) ? ["each of waivers must be an object."] : [
      for problem in concat(
        [for name in keys(waiver) : "has the unknown attribute ${name}" if !contains(["who", "control", "what", "reason", "approved_by", "until", "granted_on", "ticket"], name)],
        [for name in ["control", "reason", "approved_by", "until"] : "must have ${name}" if !can(local.waiver_texts[i][name])],
        try(waiver.who == null, true) || can(local.waiver_texts[i].who) ? [] : ["must have a who that is an ID. Without who it is for the group"],
        can(tostring(try(waiver.ticket, null))) ? [] : ["must have a ticket that is text"],
        can(regex("[*?]", try("${waiver.who}", ""))) ? ["is for one account: wildcards (* or ?) are not supported"] : [],
        local.given_waivers[i].control == "" || contains(local.waivable, local.given_waivers[i].control) ? [] : [can(local.catalogue[local.given_waivers[i].control]) ? "is refused: this control cannot be waived" : "is for no control that exists"],
        try(waiver.what == null, true) ? [] : try(length(waiver.what) > 0 && can(regex("^\\[", jsonencode(waiver.what))) && alltrue([for name in waiver.what : can(regex("^\"", jsonencode(name))) && trimspace(name) != ""]), false) ? [] : ["must have a what that is a list of names"],
        try(waiver.what == null, true) || contains(local.naming, local.given_waivers[i].control) ? [] : ["must not have what: the control names nothing"],
        [
          for name in ["until", "granted_on"] : "must have ${name == "until" ? "an" : "a"} ${name} that is a day, such as 2027-01-31"
          if try(waiver[name] == null, true) ? false : !(can(regex("^\\d{4}-\\d\\d-\\d\\d$", waiver[name])) && can(timecmp("${waiver[name]}T00:00:00Z", local.at)))
        ],
        !can(timecmp("${local.given_waivers[i].until}T00:00:00Z", local.at)) || var.waiver_days == null ? [] : try(timecmp("${local.given_waivers[i].until}T00:00:00Z", timeadd("${local.today}T00:00:00Z", "${var.waiver_days * 24}h")) <= 0, false) ? [] : ["must end within ${coalesce(var.waiver_days, 0)} days of ${local.today}, and ends on ${local.given_waivers[i].until}"],
        var.approvers == null || contains(coalesce(var.approvers, []), local.given_waivers[i].approved_by) ? [] : ["was approved by ${local.given_waivers[i].approved_by}, who is not one of approvers"],
      ) : "the waiver of ${local.given_waivers[i].control == "" ? "?" : local.given_waivers[i].control} for ${local.given_waivers[i].who == "" ? "the group" : local.given_waivers[i].who} ${problem}."
    ]
  ])

  refusals = [
    for text in concat(local.refused_numbers, local.refused_names, local.refused_budgets, local.refused_waivers) :
    replace("${var.group_id}: ${text}", local.unprintable, "\ufffd")
  ]
}
