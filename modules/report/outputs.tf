# SPDX-License-Identifier: MPL-2.0

output "markdown" {
  description = "For a job summary or a comment on a pull request: GitHub Flavored Markdown, not longer than `markdown_limit`."
  value       = local.markdown_report
}

output "html" {
  description = "A page to read, to print and to keep: one file without scripts that fetches nothing."
  value       = local.page
}

output "sarif" {
  description = "SARIF 2.1.0 for code scanning. Waived results are left out."
  value       = local.sarif
}

output "junit" {
  description = "JUnit XML: a suite for each group, a case for each result and for each control without one."
  value       = local.junit
}

output "csv" {
  description = "RFC 4180, a line for each result. A cell that a spreadsheet would take for a formula has an apostrophe in front."
  value       = local.csv
}

output "ocsf" {
  description = "OCSF 1.4 Compliance Findings (class 2003), one JSON object a line."
  value       = local.ocsf
}

output "json" {
  description = "An object of `at`, `title`, `summary`, `results` and `controls`, as `report.schema.json` describes it."
  value       = local.json
}
