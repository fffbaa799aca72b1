# SPDX-License-Identifier: MPL-2.0

# Texts come from outside. This file makes them safe to put into any format; the formats escape them.
#
# Terraform normalizes every string to NFC, also the ones that functions and templates return. A combining mark could so become
# one character with the last one of the markup or the escape before it: "<bdi>" and U+0338 are "<bdi≯". Therefore each mark
# that composes with an ASCII character is replaced by a noncharacter, which composes with nothing, before anything is escaped.
# Each format writes the noncharacter as a reference to the mark. Marks that compose with none of ASCII stay as they are.
locals {
  marks = [for i, code in split(" ", join(" ", [
    "0300 0301 0302 0303 0304 0306 0307 0308 0309 030a 030b 030c 030f 0311 031b",
    "0323 0324 0325 0326 0327 0328 032d 032e 0330 0331 0338",
  ])) : { code = code, mark = jsondecode("\"\\u${code}\""), stand_in = jsondecode(format("\"\\u%x\"", 64976 + i)) }]

  mark_class     = "\\x{${join("}\\x{", local.marks[*].code)}}"
  stand_in_class = "\\x{fdd0}-\\x{fde9}"
  stand_ins      = { for m in local.marks : m.mark => m.stand_in }

  result_texts   = ["control", "group", "who", "owner", "why", "what", "reason", "approved_by", "until", "ticket"]
  control_texts  = ["title", "requirement", "risk", "remedy", "clock", "skipped_because"]
  account_texts  = ["id", "kind", "two_factor", "last_login", "user_since", "mail_domain", "daily_limit"]
  evidence_texts = ["at", "group", "owner", "fail_on", "policy_sha256", "reviewed_on", "reviewed_by", "next_review"]

  # All texts of the input but those of accounts, which are many: flattening them all takes longer than all the rest.
  given = flatten([
    [for a in concat(local.audited, local.spent) : [
      [for id, r in a.results : [id, [for k in local.result_texts : r[k]], r.blocks]],
      [for id, c in a.controls : [id, [for k in local.control_texts : c[k]], [for f, numbers in c.maps_to : [f, numbers]]]],
      a.failing,
    ]],
    [for a in var.audits : [
      [for k in local.evidence_texts : a.evidence[k]], a.evidence.weaker_than_default, a.evidence.policy,
      [for name, l in a.evidence.lists : [name, coalesce(l.unreadable, "–")]],
    ]],
    [for s in var.spends : [
      [for x in s.accounts : [x.id, x.kind, x.quota]], keys(s.quotas),
      [for k in ["at", "group", "owner", "fail_on", "policy_sha256"] : s.evidence[k]], s.evidence.policy, s.evidence.weaker_than_default, s.evidence.not_yet,
      [for name, l in s.evidence.lists : [name, coalesce(l.unreadable, "–")]],
    ]],
    keys(var.run), values(var.run), local.client_texts, coalesce(var.unaudited, []), [var.title, var.scope],
  ])
  audited      = [for a in var.audits : { results = a.results, controls = a.controls, failing = a.failing }]
  spent        = [for s in var.spends : { results = s.results, controls = s.controls, failing = s.failing }]
  client_texts = var.client == null ? [] : [for v in values(var.client) : v if v != null]

  # Whether any text has such a mark, or a noncharacter that stands for one. A line feed composes with nothing.
  any_marks = can(regex("[${local.mark_class}${local.stand_in_class}]|\\\\u03[0-3]", join("\n", concat(local.given, flatten([
    for a in var.audits : [for x in a.accounts : join("\n", concat([for k in local.account_texts : x[k]], x.roles, x.findings))]
  ])))))
  given_accounts = keys(merge(flatten([for a in local.any_marks ? var.audits : [] : [
    for x in a.accounts : { for t in toset(concat([for k in local.account_texts : x[k]], x.roles, x.findings)) : t => true }
  ]])...))

  # Each text with stand-ins. Long texts are taken apart piece by piece, because a list of their parts would take time that grows
  # with the square of its length.
  safe = { for t in toset(concat(local.any_marks ? local.given : [], local.given_accounts, [""])) : t => join("", [
    for piece in regexall("(?s).{1,500}", replace(t, "/[${local.stand_in_class}]/", "\ufffd")) : join("", [
      for part in regexall("[${local.mark_class}]|[^${local.mark_class}]+", piece) : lookup(local.stand_ins, part, part)
    ])
  ]) }

  # The text of each safe text. Results are sorted by it.
  raw = { for t, s in local.safe : s => t... }

  # Policies are JSON, in which a mark may also be an escape.
  escapes = { for m in local.marks : "\\u${m.code}" => m.stand_in }
  safe_policies = { for policy in toset(local.any_marks ? concat(var.audits[*].evidence.policy, var.spends[*].evidence.policy) : []) : policy => join("", [
    for part in regexall("\\\\u[0-9A-Fa-f]{4}|\\\\.|[^\\\\]+", local.safe[policy]) : lookup(local.escapes, lower(part), part)
  ]) }
}
