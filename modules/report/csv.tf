# SPDX-License-Identifier: MPL-2.0

locals {
  csv_columns = ["id", "control", "group", "who", "status", "severity", "why", "owner", "reason", "approved_by", "until"]

  # A spreadsheet takes a cell for a formula by its first character, spaces aside. With an apostrophe in front it is text; one
  # that stood there already gets another, so that whoever takes one away has the input back.
  csv = join("", [
    for row in concat([local.csv_columns], [for r in local.ordered : [for column in local.csv_columns : r[column]]]) :
    "${join(",", [for cell in row : "\"${replace(replace(cell, "\"", "\"\""), "/^([\\t\\r\\n']|[\\s\\x{a0}\\x{3000}\\x{feff}]*[=+@＝＋－＠-])/", "'$1")}\""])}\r\n"
  ])
}
