# SPDX-License-Identifier: MPL-2.0

output "verdict" {
  description = "`passed`, `failed` or `nothing audited`. It counts the findings of audits and spends."
  value       = local.verdict
}

output "failing" {
  description = "IDs of the results that fail the gate, of audits and spends."
  value       = tolist([for id in keys(local.failing) : local.any_marks ? local.raw[id][0] : id])
}

output "markdown" {
  description = "GitHub Flavored Markdown of at most `markdown_limit` bytes, for a job summary or a comment on a pull request."
  value       = local.markdown_report
}

output "html" {
  description = "HTML page to read, print, sign and archive: one file without scripts or external resources."
  value       = local.page
}

output "sarif" {
  description = "SARIF 2.1.0 for code scanning, without waived results."
  value       = local.texts_with_marks.sarif
}

output "junit" {
  description = "JUnit XML: a test suite for each group, with a test case for each result and for each control without results."
  value       = local.junit
}

output "csv" {
  description = "CSV (RFC 4180) with a row for each result. Cells that a spreadsheet would read as formulas begin with an apostrophe."
  value       = local.texts_with_marks.csv
}

output "accounts_csv" {
  description = "CSV (RFC 4180) with a row for everybody who was judged: the population that an access review signs."
  value       = local.texts_with_marks.accounts_csv
}

output "ocsf" {
  description = "OCSF 1.4 Compliance Findings (class 2003), one JSON object per line."
  value       = local.texts_with_marks.ocsf
}

output "json" {
  description = "JSON object with the whole input as data, the verdict and a summary. Its schema is `report.schema.json`. `modules/ledger` reads it."
  value       = local.texts_with_marks.json
}

output "prometheus" {
  description = "Metrics in the text format of Prometheus, for node_exporter's textfile collector or a Pushgateway. Without personal data, unless `account_metrics` is true."
  value       = local.texts_with_marks.prometheus
}

locals {
  # How each format writes a mark that a stand-in stands for.
  written = {
    json = { for m in local.marks : m.stand_in => "\\u${m.code}" }
    csv  = { for m in local.marks : m.stand_in => m.mark }
  }
  texts_with_marks = { for format, f in {
    json         = { text = local.json, marks = local.written.json }
    sarif        = { text = local.sarif, marks = local.written.json }
    ocsf         = { text = local.ocsf, marks = local.written.json }
    csv          = { text = local.csv.results, marks = local.written.csv }
    accounts_csv = { text = local.csv.accounts, marks = local.written.csv }
    prometheus   = { text = local.prometheus, marks = local.written.csv }
    } : format => !local.any_marks ? f.text : join("", [for piece in regexall("(?s).{1,500}", f.text) : join("", [
      for part in regexall("[${local.stand_in_class}]|[^${local.stand_in_class}]+", piece) : lookup(f.marks, part, part)
  ])]) }
}
