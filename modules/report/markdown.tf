# SPDX-License-Identifier: MPL-2.0

locals {
  names = { critical = "Critical", high = "High", medium = "Medium", low = "Low" }

  # The summary in one line, also used in the HTML report.
  totals = join(", ", compact([
    "${local.summary.alarm} alarm${local.summary.alarm == 1 ? "" : "s"}",
    local.summary.error == 0 ? "" : "${local.summary.error} not evaluated",
    local.summary.waived == 0 ? "" : "${local.summary.waived} waived",
  ]))
  failing = length(local.fails)
  verdict = (
    var.failing != null ? (
      local.failing == 0 ? "Gate passed" : "Gate failed: ${local.failing} of ${length(local.open)} finding${length(local.open) == 1 ? "" : "s"}"
    ) :
    length(local.groups) == 0 ? "Nothing was audited" :
    length(local.open) == 0 ? "No findings" :
    "${length(local.open)} finding${length(local.open) == 1 ? "" : "s"}"
  )

  markdown_heads = [
    join("\n", concat(
      [
        "# ${local.markdown_text[var.title]}", "",
        "**${local.verdict}.** ${local.totals} in ${length(local.groups)} group${length(local.groups) == 1 ? "" : "s"}, at ${var.at}.",
        local.unevaluated == 0 ? "" : "${local.unevaluated} control${local.unevaluated == 1 ? "" : "s"} could not be evaluated completely.", "",
        "| Severity | Alarms | Not evaluated | Waived |",
        "|---|--:|--:|--:|",
      ],
      [for severity in local.severities : "| ${join(" | ", concat([local.names[severity]], [
        for status in ["alarm", "error", "waived"] : length([for r in local.ordered : r if r.severity == severity && r.status == status])
      ]))} |"],
      [""],
    )),
    "**${local.verdict}.** ${local.totals}.\n",
  ]

  # The body, row by row. The first row of a table includes its heading, so that truncation leaves no empty table.
  markdown_rows = concat(
    flatten([for s in local.sections : [for i, r in s.rows : {
      folded = false
      counts = 1
      text = join("", [i > 0 ? "" : join("\n", concat(
        ["", "## ${local.names[s.severity]}: ${local.markdown_text[s.title]}", ""],
        local.catalogue[s.control].remedy == "" ? [] : [local.markdown_text[local.catalogue[s.control].remedy], ""],
        ["| Who | Group | Owner | Status | Why |", "|---|---|---|---|---|", ""],
        )), "| ${join(" | ", [
          local.markdown[r.who], local.markdown[r.group], local.markdown[r.owner], r.status == "error" ? "not evaluated" : "alarm", local.markdown[r.why]
      ])} |\n"])
    }]]),
    [for i, r in local.waived : {
      folded = true
      counts = 1
      text = join("", [
        i > 0 ? "" : "\n<details>\n<summary>${length(local.waived)} waived</summary>\n\n| Who | Control | Group | Owner | Severity | Why | Reason | Approved by | Until |\n|---|---|---|---|---|---|---|---|---|\n",
        "| ${join(" | ", [
          local.markdown[r.who], local.markdown[r.title], local.markdown[r.group], local.markdown[r.owner], r.severity,
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
    [for i, group in keys(local.evidence) : {
      folded = true
      counts = 0
      text = join("", [
        i > 0 ? "" : "\n<details>\n<summary>Evidence</summary>\n\n| Group | ${join(" | ", local.evidence_counts[*].label)} | SHA-256 of the policy |\n|---|--:|--:|--:|--:|---|\n",
        "| ${join(" | ", concat([local.markdown[group]], [
          for count in local.evidence_counts : local.evidence[group][count.key] == null ? "" : tostring(local.evidence[group][count.key])
        ], [local.markdown[local.evidence[group].policy]]))} |\n",
        i < length(local.evidence) - 1 ? "" : local.markdown_fold,
      ])
    }],
  )
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
  markdown_head    = local.markdown_bytes.heads[0] + local.markdown_reserve <= var.markdown_limit ? 0 : 1
  markdown_room    = var.markdown_limit - local.markdown_bytes.heads[local.markdown_head]
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
  ))
}
