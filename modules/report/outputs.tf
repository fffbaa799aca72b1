# SPDX-License-Identifier: MPL-2.0

output "markdown" {
  description = "GitHub Flavored Markdown of at most `markdown_limit` bytes, for a job summary or a comment on a pull request."
  value       = local.markdown_report
}

output "html" {
  description = "HTML page to read, print and archive: one file without scripts or external resources."
  value       = local.page
}

output "sarif" {
  description = "SARIF 2.1.0 for code scanning, without waived results."
  value       = local.sarif
}

output "junit" {
  description = "JUnit XML: a test suite for each group, with a test case for each result and for each control without results."
  value       = local.junit
}

output "csv" {
  description = "CSV (RFC 4180) with a row for each result. Cells that a spreadsheet would read as formulas begin with an apostrophe."
  value       = local.csv
}

output "ocsf" {
  description = "OCSF 1.4 Compliance Findings (class 2003), one JSON object per line."
  value       = local.ocsf
}

output "json" {
  description = "JSON object of `at`, `title`, `summary`, `results` and `controls`. Its schema is `report.schema.json`."
  value       = local.json
}
