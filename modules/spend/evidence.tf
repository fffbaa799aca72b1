# SPDX-License-Identifier: MPL-2.0

# The policy in force, and what it weakens.

locals {
  # All variables except at and members, which is what was read elsewhere, so that runs with the same policy have the same digest.
  inputs = {
    approvers   = var.approvers
    budgets     = var.budgets
    fail_on     = var.fail_on
    group_id    = var.group_id
    history     = var.history
    owner       = var.owner
    quotas      = var.quotas
    rise_factor = var.rise_factor
    severity    = var.severity
    skip        = var.skip
    waiver_days = var.waiver_days
    waivers     = var.waivers
  }

  # Terraform normalizes every string to NFC, also what jsonencode returns: a combining mark can become one character with the
  # letter that ends the escape before it. "\n" and an acute accent would be \ń, which is no JSON. Such characters are taken
  # apart again, and the marks behind an escape are escaped too.
  policy_text  = jsonencode(local.inputs)
  policy_melts = can(regex("\\\\(?:u[0-9a-f]{3})?[^\\x00-\\x7f]", local.policy_text))
  policy = !local.policy_melts ? local.policy_text : join("", [
    for part in regexall("(?s)\\\\(?:u[0-9a-f]{3}.|.)\\pM*|[^\\\\]+", local.policy_text) : try(local.policy_escapes[part], part)
  ])
  policy_escapes = {
    for part in toset(regexall("(?s)\\\\(?:u[0-9a-f]{3}.|.)\\pM*", local.policy_melts ? local.policy_text : "")) : part => join("", flatten([
      for pieces in [regex("(?s)^(\\\\(?:u[0-9a-f]{3})?)(.)(.*)$", part)] : [
        pieces[0], try(local.taken_apart[pieces[1]][0], pieces[1]), [for mark in regexall("(?s).", pieces[2]) : try(local.mark_escapes[mark], mark)]
      ]
    ]))
  }

  # The marks that compose with letters of ASCII, as escapes, and the letters that end an escape with one or two of them.
  marks = [for code in split(" ", join(" ", [
    "0300 0301 0302 0303 0304 0306 0307 0308 0309 030a 030b 030c 030f 0311 031b",
    "0323 0324 0325 0326 0327 0328 032d 032e 0330 0331 0338",
  ])) : "\\u${code}"]
  mark_escapes = { for mark in local.marks : jsondecode("\"${mark}\"") => mark }
  taken_apart = {
    for apart in flatten([
      for letter in regexall(".", local.policy_melts ? "abcdefnrt" : "") : [
        for mark in local.marks : [for next in concat([""], local.marks) : "${letter}${mark}${next}"]
      ]
    ]) : jsondecode("\"${apart}\"") => apart...
  }

  # Numbers that weaken the policy if they are larger than the default.
  larger  = { rise_factor = 5, waiver_days = 366 }
  lowered = { for control, severity in var.severity : control => severity if try(local.rank[severity] > local.rank[local.catalogue[control].severity], false) }

  weaker = concat(
    [for name, normal in local.larger : "${name}: ${try(tostring(coalesce(local.inputs[name])), "null")} instead of ${normal}" if local.inputs[name] == null ? true : local.inputs[name] > normal],
    var.history < 1 ? ["history: 0 instead of 1"] : [],
    var.fail_on == "critical" ? ["fail_on: critical instead of high"] : [],
    [for control, severity in local.lowered : "${control}: ${severity} instead of ${local.catalogue[control].severity}"],
    [for control, reason in var.skip : "${control}: skipped, ${reason}" if reason != null],
    [
      for waiver in local.valid_waivers : "waivers: the waiver of ${waiver.control} for ${waiver.who == "" ? "the group" : waiver.who} accepts what comes later too"
      if length(waiver.what) == 0 && local.catalogue[waiver.control].names_things
    ],
  )
}
