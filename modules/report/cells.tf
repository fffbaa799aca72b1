# SPDX-License-Identifier: MPL-2.0

# Each text of the input is escaped once per format and then looked up. It is split into special characters, which a map
# replaces, and runs of other characters. This way nothing is escaped twice.
locals {
  texts = keys({ for t in flatten([
    [for r in local.ordered : [r.control, r.group, r.who, r.owner, r.why, r.reason, r.approved_by, r.until, r.title]],
    [for c in local.all_controls : [c.id, c.group, c.title, c.risk, c.remedy, c.skipped_because]],
    [for c in values(local.catalogue) : [c.title, keys(c.maps_to), [for numbers in values(c.maps_to) : join(", ", numbers)]]],
    [for e in values(local.evidence) : [e.at, e.policy]],
    local.groups,
    [var.title, ""],
  ]) : t => true... })

  # Characters that XML 1.0 does not allow, and those that change the direction of text.
  unprintable = "/[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x{fffe}\\x{ffff}\\x{061c}\\x{200e}\\x{200f}\\x{202a}-\\x{202e}\\x{2066}-\\x{2069}]/"

  printable = { for t in local.texts : t => replace(t, local.unprintable, "\ufffd") }

  # HTML and XML text. Carriage returns are escaped because parsers turn them into line feeds.
  html_entities = { "&" = "&amp;", "<" = "&lt;", ">" = "&gt;", "\"" = "&#34;", "'" = "&#39;", "\r" = "&#13;" }
  html = {
    for t, p in local.printable : t => join("", [for part in regexall("[&<>\"'\r]|[^&<>\"'\r]+", p) : lookup(local.html_entities, part, part)])
  }

  # XML attributes, where parsers turn line feeds and tabs into spaces.
  xml = { for t, h in local.html : t => replace(replace(h, "\n", "&#10;"), "\t", "&#9;") }

  # Markdown. Renderers look for links and mentions after decoding entities, so <wbr> splits the text.
  markdown_entities = {
    "!" = "&#33;", "\"" = "&#34;", "#" = "&#35;<wbr>", "$" = "&#36;", "&" = "&amp;", "*" = "&#42;", "+" = "&#43;", "." = "&#46;",
    ":" = "&#58;", "<" = "&lt;", "=" = "&#61;", ">" = "&gt;", "@" = "&#64;<wbr>", "[" = "&#91;", "\\" = "&#92;", "]" = "&#93;",
    "^" = "&#94;", "_" = "&#95;", "`" = "&#96;", "{" = "&#123;", "|" = "&#124;", "}" = "&#125;", "~" = "&#126;",
  }
  # Texts are cut after 200 code points and written on one line.
  markdown_text = {
    for t, p in local.printable : t => join("", [
      for part in regexall("[!-#$&*+.:<=>@[\\\\\\]^_`{|}~]|[^!-#$&*+.:<=>@[\\\\\\]^_`{|}~]+", replace(replace(p, "/(?s)^(.{200}).+$/", "$1…"), "/[\\s\\x{85}\\x{2028}\\x{2029}]+/", " ")) :
      lookup(local.markdown_entities, part, part)
    ])
  }

  # Cells of a Markdown table. In <code> there are no mentions.
  markdown = { for t, m in local.markdown_text : t => trimspace(m) == "" ? "" : "<code>${m}</code>" }
}
