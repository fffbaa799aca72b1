# SPDX-License-Identifier: MPL-2.0

# The verdict in words, for the HTML and Markdown reports.
locals {
  names = { critical = "Critical", high = "High", medium = "Medium", low = "Low" }

  totals = join(", ", compact([
    "${local.summary.alarm} alarm${local.summary.alarm == 1 ? "" : "s"}",
    local.summary.error == 0 ? "" : "${local.summary.error} not evaluated",
    local.summary.waived == 0 ? "" : "${local.summary.waived} waived",
    local.summary.skipped == 0 ? "" : "${local.summary.skipped} control${local.summary.skipped == 1 ? "" : "s"} skipped",
    length(local.off) == 0 ? "" : "${length(local.off)} switched off",
  ]))

  headline = (
    local.verdict == "nothing audited" ? "Nothing was audited" :
    local.verdict == "failed" ? "Gate failed: ${length(local.failing)} of ${length(local.open)} finding${length(local.open) == 1 ? "" : "s"}" :
    local.all_seen ? "Gate passed" : "Gate passed, but not everything could be evaluated"
  )

  thresholds = { for p in local.parts : p.evidence.group => p.evidence.fail_on == "critical" ? "critical" : p.evidence.fail_on == "low" ? "any severity" : "${p.evidence.fail_on} or above" if p.audit }

  # What a report says below the verdict, if it is so.
  notes = compact([
    local.summary.unsure == 0 ? "" : "${local.summary.unsure} control${local.summary.unsure == 1 ? "" : "s"} could not be evaluated completely.",
    local.unaudited == null ? "" : length(local.unaudited) == 0 ? "" : "${length(local.unaudited)} group${length(local.unaudited) == 1 ? "" : "s"} that the key's owner manages ${length(local.unaudited) == 1 ? "is" : "are"} not audited.",
  ])
}
