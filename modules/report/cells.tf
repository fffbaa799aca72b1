# SPDX-License-Identifier: MPL-2.0

# Each text of the input is escaped once for each format and looked up from then on. It is cut into runs of harmless
# characters and single special ones, which a table replaces: so nothing is escaped twice.
locals {
  texts = keys({ for t in flatten([
    [for r in local.ordered : [r.control, r.group, r.who, r.owner, r.why, r.reason, r.approved_by, r.until, r.title]],
    [for c in local.judged : [c.id, c.group, c.title, c.risk, c.remedy, c.skipped_because]],
    [for c in values(local.catalogue) : [c.title, keys(c.maps_to), [for numbers in values(c.maps_to) : join(", ", numbers)]]],
    [for e in values(var.evidence) : [e.at, e.policy]],
    local.groups,
    [var.title, ""],
  ]) : t => true... })

  # What XML 1.0 cannot hold, and what changes the direction of text.
  unprintable = "/[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x{fffe}\\x{ffff}\\x{061c}\\x{200e}\\x{200f}\\x{202a}-\\x{202e}\\x{2066}-\\x{2069}]/"

  printable = { for t in local.texts : t => replace(t, local.unprintable, "\ufffd") }

  # HTML and XML. A parser turns a carriage return into a line feed.
  html_entities = { "&" = "&amp;", "<" = "&lt;", ">" = "&gt;", "\"" = "&#34;", "'" = "&#39;", "\r" = "&#13;" }
  html = {
    for t, p in local.printable : t => join("", [for part in regexall("[&<>\"'\r]|[^&<>\"'\r]+", p) : lookup(local.html_entities, part, part)])
  }

  # An attribute of XML: a parser turns line feeds and tabs into spaces.
  xml = { for t, h in local.html : t => replace(replace(h, "\n", "&#10;"), "\t", "&#9;") }

  # Markdown. Renderers look for addresses and mentions after they have decoded entities: <wbr> parts the text there.
  markdown_entities = {
    "!" = "&#33;", "\"" = "&#34;", "#" = "&#35;<wbr>", "$" = "&#36;", "&" = "&amp;", "*" = "&#42;", "+" = "&#43;", "." = "&#46;",
    ":" = "&#58;", "<" = "&lt;", "=" = "&#61;", ">" = "&gt;", "@" = "&#64;<wbr>", "[" = "&#91;", "\\" = "&#92;", "]" = "&#93;",
    "^" = "&#94;", "_" = "&#95;", "`" = "&#96;", "{" = "&#123;", "|" = "&#124;", "}" = "&#125;", "~" = "&#126;",
  }
  # A text ends after 200 code points, and has one line.
  markdown_text = {
    for t, p in local.printable : t => join("", [
      for part in regexall("[!-#$&*+.:<=>@[\\\\\\]^_`{|}~]|[^!-#$&*+.:<=>@[\\\\\\]^_`{|}~]+", replace(replace(p, "/(?s)^(.{200}).+$/", "$1…"), "/[\\s\\x{85}\\x{2028}\\x{2029}]+/", " ")) :
      lookup(local.markdown_entities, part, part)
    ])
  }

  # A cell of a Markdown table. In <code> nobody is mentioned.
  markdown = { for t, m in local.markdown_text : t => trimspace(m) == "" ? "" : "<code>${m}</code>" }
}
