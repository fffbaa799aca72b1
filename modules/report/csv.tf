# SPDX-License-Identifier: MPL-2.0

locals {
  csv_columns = ["id", "control", "group", "who", "status", "severity", "why", "owner", "reason", "approved_by", "until"]

  # Spreadsheets recognize a formula by its first character, ignoring spaces. An apostrophe before it makes the cell text.
  # Cells that already begin with an apostrophe get another one, so that removing one restores the input.
  csv = join("", [
    for row in concat([local.csv_columns], [for r in local.ordered : [for column in local.csv_columns : r[column]]]) :
    "${join(",", [for cell in row : "\"${replace(replace(cell, "\"", "\"\""), "/^([\\t\\r\\n']|[\\s\\x{a0}\\x{3000}\\x{feff}]*[=+@＝＋－＠-])/", "'$1")}\""])}\r\n"
  ])
}
