# SPDX-License-Identifier: MPL-2.0

# The controls about the audit itself: what was not read, what is not known, and the waivers. They are rows too, and judge what
# the rows above found.

locals {
  cut       = [for list in keys(local.complete) : list if !local.complete[list]]
  whole     = length(local.cut) == 0
  whole_ids = { for list in keys(local.complete) : list => true if local.complete[list] }

  # By control and ID, as waivers name them.
  found = merge(
    { for id, gap in local.undecided : "unknown\n${id}" => gap.what },
    [for control, row in local.rows_judged : { for id, finding in row.findings : "${control}\n${id}" => finding.what } if can(local.active[control])]...
  )

  waivers_by_key = { for waiver in local.valid_waivers : waiver.key => waiver... }

  # What is missing of each account, also where it is missing of everybody and is one result of the group.
  missing_names = { for gap in local.gaps : gap.id => gap.what... }

  # Controls that are one matter share a clock.
  same_matter = {
    for control, entry in local.catalogue : control => [
      for other, o in local.catalogue : other if other == control || entry.clock != "" && o.clock == entry.clock
    ]
  }

  # Valid waivers that hold nothing of what was found. A waiver of what is unknown is not stale, also if it is unknown by
  # another control of the same matter.
  stale = [
    for waiver in local.valid_waivers : merge(waiver, {
      now = [for control in local.same_matter[waiver.control] : control if control != waiver.control && can(local.found["${control}\n${waiver.who}"])]
    })
    if can(local.active[waiver.control]) && !anytrue([for control in local.same_matter[waiver.control] : can(local.unknown[control][waiver.who])]) && !(
      waiver.control == "unknown" && can(local.missing_names[waiver.who]) &&
      (length(waiver.what) == 0 || length(setintersection(waiver.what, try(local.missing_names[waiver.who], []))) > 0)
      ) && !(
      can(local.found[waiver.key]) && (length(waiver.what) == 0 || length(setintersection(waiver.what, try(local.found[waiver.key], []))) > 0)
    )
  ]
  stale_by_who = { for waiver in local.stale : waiver.who => waiver... if local.whole }

  # An expired waiver that a valid one continues is not expired.
  expired_by_who = {
    for waiver in local.waivers : waiver.who => waiver...
    if waiver.expired && can(local.active[waiver.control]) && !try(alltrue([
      for name in waiver.what : anytrue([for next in local.waivers_by_key[waiver.key] : length(next.what) == 0 || contains(next.what, name)])
    ]) && length(local.waivers_by_key[waiver.key]) > 0, false)
  }

  self_approved = { for waiver in local.waivers : waiver.who => waiver... if waiver.self && !waiver.expired && can(local.active[waiver.control]) }

  waived_by_whom = { for who in distinct(local.waivers[*].who) : who => true }
  now_waived     = { for who in distinct([for waiver in local.waivers : waiver.who if !waiver.expired && !waiver.self]) : who => true }

  rows_of_promises = {
    incomplete = {
      of   = local.populations.group
      seen = local.populations.group.of
      findings = {
        for id in keys(local.populations.group.of) : id => {
          what = []
          why = join(" ", compact(concat(
            [
              local.no_members && local.members.ids != null ? "VirusTotal lists no members of the group." : "",
              !local.no_members && local.no_administrators && local.administrators.ids != null ? "VirusTotal lists no administrators beside the members." : "",
              length([for list in local.cut : list if !local.lists[list].refused && !local.lists[list].whole]) == 0 ? "" :
              "Not read completely: ${join(", ", [for list in local.cut : local.list_titles[list] if !local.lists[list].refused && !local.lists[list].whole])}.",
            ],
            [
              for list in local.cut : "VirusTotal refused ${local.list_titles[list]}: ${try(coalesce(local.lists[list].unreadable), "no reason was given")}."
              if local.lists[list].refused
            ],
          )))
        } if !local.whole
      }
    }

    unknown = {
      of       = { of = merge(local.everyone, local.populations.group.of), lists = local.account_lists }
      seen     = merge(local.everyone, local.populations.group.of)
      findings = { for id, gap in local.undecided : id => { why = gap.why, what = gap.what } }
    }

    waiver_expired = {
      of   = { of = local.waived_by_whom, lists = [] }
      seen = local.waived_by_whom
      findings = {
        for who, waivers in local.expired_by_who : who => {
          why  = join(" ", [for waiver in waivers : "The waiver of ${waiver.control}, approved by ${waiver.approved_by}, ended on ${waiver.until}."])
          what = waivers[*].control
        }
      }
    }

    # A finding may be in the rest of a cut list.
    waiver_stale = {
      of   = { of = local.now_waived, lists = keys(local.complete) }
      seen = { for who in keys(local.now_waived) : who => true if local.whole }
      findings = {
        for who, waivers in local.stale_by_who : who => {
          why = join(" ", concat(
            who == "" || can(local.accounts[who]) ? [] : [
              "The group has no account with this ID.${who == var.group_id ? " A waiver for the group itself has no who." : ""}"
            ],
            [for waiver in waivers : join("", [
              "The waiver of ${waiver.control}, approved by ${waiver.approved_by}, ends on ${waiver.until}, and covers nothing",
              length(waiver.now) == 0 ? "." : ": the finding is now ${join(", ", waiver.now)}.",
            ])],
          ))
          what = waivers[*].control
        }
      }
    }

    self_approved = {
      of   = { of = local.waived_by_whom, lists = [] }
      seen = local.waived_by_whom
      findings = {
        for who, waivers in local.self_approved : who => {
          why  = "The account approved the waiver of ${join(", ", distinct(waivers[*].control))} itself."
          what = waivers[*].control
        }
      }
    }
  }

  rows = merge(local.rows_judged, local.rows_of_promises)

  # The controls that a list leaves undecided.
  blocked_by_lists = [
    for control, row in local.rows : control if can(local.active[control]) && anytrue([for list in row.of.lists : !can(local.whole_ids[list])])
  ]
}
