# SPDX-License-Identifier: MPL-2.0

locals {
  markdown_heads = [
    join("\n", concat(
      [
        "# ${local.markdown_text[local.title]}", "",
        "**${local.headline}.** ${local.totals} in ${length(local.groups)} group${length(local.groups) == 1 ? "" : "s"}, at ${var.at}${local.ran_at == "" ? "" : " (run at ${local.markdown_text[local.ran_at]})"}.",
      ],
      local.notes,
      ["", "| Severity | Alarms | Not evaluated | Waived |", "|---|--:|--:|--:|"],
      [for severity in local.severities : "| ${join(" | ", concat([local.names[severity]], [
        for status in ["alarm", "error", "waived"] : length([for r in local.ordered : r if r.severity == severity && r.status == status])
      ]))} |"],
      [""],
    )),
    "**${local.headline}.** ${local.totals}.\n",
  ]

  # The last line: the link to the run, if it is one.
  markdown_url  = try(regex("^https?://[A-Za-z0-9._~/?#=&%:+,;-]{1,200}$", local.run.url), "")
  markdown_link = local.markdown_url == "" ? "" : "\n<${local.markdown_url}>\n"

  # The body, row by row. The first row of a table includes its heading, so that truncation leaves no empty table.
  markdown_rows = concat(
    [for i, group in local.unaudited == null ? [] : local.unaudited : {
      folded = false
      counts = 0
      text   = "${i > 0 ? "" : "\nNot audited:\n\n"}- ${local.markdown[group]}\n"
    }],
    flatten([for i, o in local.owners : [for j, rows in o.items : {
      folded = false
      counts = 0
      text = join("", [
        i + j > 0 ? "" : "\n## What to do first\n",
        j > 0 ? "" : "\n**${o.name == "" ? "No owner" : local.markdown_text[o.name]}**\n\n",
        "- ${local.names[rows[0].severity]}: ${local.markdown_text[rows[0].title]}: ${join(", ", [for r in slice(rows, 0, min(5, length(rows))) : local.markdown[r.who == "" ? r.group : r.who]])}",
        length(rows) > 5 ? " and ${length(rows) - 5} more\n" : "\n",
      ])
    }]]),
    flatten([for s in local.sections : [for i, r in s.rows : {
      folded = false
      counts = 1
      text = join("", [i > 0 ? "" : join("\n", concat(
        ["", "## ${local.names[s.severity]}: ${local.markdown_text[s.title]}", ""],
        local.catalogue[s.control].remedy == "" ? [] : [local.markdown_text[local.catalogue[s.control].remedy], ""],
        ["| Who | Group | Owner | Status | Why |", "|---|---|---|---|---|", ""],
        )), "| ${join(" | ", [
          r.who == "" ? "the group" : local.markdown[r.who], local.markdown[r.group], local.markdown[r.owner], r.status == "error" ? "not evaluated" : "alarm", local.markdown[r.why]
      ])} |\n"])
    }]]),
    flatten([for i, group in keys(local.weaker) : [for j, sentence in local.weaker[group] : {
      folded = false
      counts = 0
      text = join("", [
        i + j > 0 ? "" : "\n## Weaker than the default\n",
        j > 0 ? "" : "\n${local.markdown[group]}\n\n",
        "- ${local.markdown_text[sentence]}\n",
      ])
    }]]),
    local.spend_markdown,
    [for i, r in local.waived : {
      folded = true
      counts = 1
      text = join("", [
        i > 0 ? "" : "\n<details>\n<summary>${length(local.waived)} waived</summary>\n\n| Who | Control | Group | Owner | Severity | Why | Reason | Approved by | Until |\n|---|---|---|---|---|---|---|---|---|\n",
        "| ${join(" | ", [
          r.who == "" ? "the group" : local.markdown[r.who], local.markdown[r.title], local.markdown[r.group], local.markdown[r.owner], r.severity,
          local.markdown[r.why], local.markdown[r.reason], local.markdown[r.approved_by], local.markdown[r.until],
        ])} |\n",
        i < length(local.waived) - 1 ? "" : local.markdown_fold,
      ])
    }],
    [for i, c in local.skipped : {
      folded = true
      counts = 1
      text = join("", [
        i > 0 ? "" : "\n<details>\n<summary>${length(local.skipped)} skipped</summary>\n\n| Control | Group | Because |\n|---|---|---|\n",
        "| ${join(" | ", [local.markdown[c.title], local.markdown[c.group], local.markdown[c.skipped_because]])} |\n",
        i < length(local.skipped) - 1 ? "" : local.markdown_fold,
      ])
    }],
    [for i, c in local.partly : {
      folded = true
      counts = 0
      text = join("", [
        i > 0 ? "" : "\n<details>\n<summary>${length(local.partly)} evaluated in part</summary>\n\n| Control | Group | Evaluated | Because |\n|---|---|--:|---|\n",
        "| ${join(" | ", [local.markdown[c.title], local.markdown[c.group], "${c.evaluated} of ${c.population}", join(" ", [for why in c.rest : local.markdown[why]])])} |\n",
        i < length(local.partly) - 1 ? "" : local.markdown_fold,
      ])
    }],
    [for i, group in keys(local.evidence) : {
      folded = true
      counts = 0
      text = join("", [
        i > 0 ? "" : "\n<details>\n<summary>Evidence</summary>\n\n| Group | Judged | Fails from | Reviewed | By | Next review | SHA-256 of the policy |\n|---|--:|---|---|---|---|---|\n",
        "| ${join(" | ", [
          local.markdown[group], length(local.population[group]), local.thresholds[group], local.markdown[local.evidence[group].reviewed_on],
          local.markdown[local.evidence[group].reviewed_by], local.markdown[local.evidence[group].next_review], local.markdown[local.evidence[group].policy_sha256],
        ])} |\n",
        i < length(local.evidence) - 1 ? "" : local.markdown_fold,
      ])
    }],
  )
  partly        = flatten([for controls in values(local.controls_of) : [for c in controls : c if c.status != "skip" && c.evaluated < c.population]])
  markdown_fold = "\n</details>\n"

  # The size of each text in bytes of UTF-8, computed from the length of its base64.
  markdown_bytes = { for kind, texts in { heads = local.markdown_heads, rows = local.markdown_rows[*].text } : kind => [
    for text in texts : [for b in [base64encode(text)] : floor(length(b) / 4) * 3 - length(regexall("=", b))][0]
  ] }

  # The size up to each row. It is summed in blocks of 100 rows, because summing all rows for every row is quadratic.
  markdown_blocks = chunklist(local.markdown_bytes.rows, 100)
  markdown_sums   = [for block in local.markdown_blocks : sum(block)]
  markdown_ends = flatten([for i, block in local.markdown_blocks : [for start in [sum(concat([0], slice(local.markdown_sums, 0, i)))] : [
    for j, size in block : start + sum(slice(block, 0, j + 1))
  ]]])

  # Bytes reserved for closing a fold and for the last line, which says how many rows are missing.
  markdown_reserve = 40
  markdown_head    = local.markdown_bytes.heads[0] + length(local.markdown_link) + local.markdown_reserve <= var.markdown_limit ? 0 : 1
  markdown_last    = local.markdown_bytes.heads[1] + length(local.markdown_link) + local.markdown_reserve <= var.markdown_limit ? local.markdown_link : ""
  markdown_room    = var.markdown_limit - local.markdown_bytes.heads[local.markdown_head] - length(local.markdown_last)
  markdown_fits    = sum(concat([0], local.markdown_bytes.rows)) <= local.markdown_room
  markdown_kept = local.markdown_fits ? length(local.markdown_rows) : length([
    for end in local.markdown_ends : end if end <= local.markdown_room - local.markdown_reserve
  ])
  markdown_shown  = slice(local.markdown_rows, 0, local.markdown_kept)
  markdown_hidden = slice(local.markdown_rows, local.markdown_kept, length(local.markdown_rows))

  # Whether the last row leaves a fold open.
  markdown_unclosed = try(local.markdown_shown[local.markdown_kept - 1].folded && !endswith(local.markdown_shown[local.markdown_kept - 1].text, local.markdown_fold), false)

  markdown_report = join("", concat(
    [local.markdown_heads[local.markdown_head]],
    local.markdown_shown[*].text,
    [local.markdown_unclosed ? local.markdown_fold : ""],
    [local.markdown_fits ? "" : "\n… and ${sum(concat([0], local.markdown_hidden[*].counts))} more\n"],
    [local.markdown_last],
  ))
}
