# SPDX-License-Identifier: MPL-2.0

locals {
  csv_columns      = ["id", "control", "group", "who", "status", "severity", "why", "what", "owner", "reason", "approved_by", "until", "ticket"]
  accounts_columns = ["group", "id", "kind", "administrator", "roles", "two_factor", "last_login", "user_since", "mail_domain", "daily_limit", "in_roster", "findings"]

  csv_tables = {
    results = concat([local.csv_columns], [for r in local.ordered : [for column in local.csv_columns : r[column]]])
    accounts = concat([local.accounts_columns], [for x in local.people : [
      x.group, x.id, x.kind, tostring(x.administrator), join(" ", x.roles), x.two_factor, x.last_login, x.user_since, x.mail_domain,
      x.daily_limit, x.in_roster == null ? "" : tostring(x.in_roster), join(" ", x.findings),
    ]])
  }
  people = flatten([for a in local.audits : [for x in a.accounts : merge(x, { group = a.evidence.group })]])

  # Every cell is quoted. Spreadsheets recognize a formula by its first character, ignoring spaces: an apostrophe before it makes
  # the cell text. Cells that already begin with an apostrophe get another one, so that removing one restores the input. A
  # spreadsheet that separates by semicolons sees the beginning of a cell within a quoted one, too.
  csv_formula = "/^([\\t\\r\\n']|[\\s\\x{a0}\\x{3000}\\x{feff}]*[=+@＝＋－＠-])/"
  csv_within  = "/(;['\\s\\x{a0}\\x{3000}\\x{feff}]*)([=+@＝＋－＠-])/"
  csv = { for name, rows in local.csv_tables : name => join("", [for row in rows : "${join(",", [
    for cell in row : "\"${replace(replace(replace(replace(cell, "\u0000", "\ufffd"), "\"", "\"\""), local.csv_formula, "'$1"), local.csv_within, "$1'$2")}\""
  ])}\r\n"]) }
}
