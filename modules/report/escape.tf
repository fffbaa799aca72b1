# SPDX-License-Identifier: MPL-2.0

# Each text is escaped once per format and then looked up. It is split into special characters, which a map replaces, and runs of
# other characters. This way nothing is escaped twice. What is longer than any real name or reason is cut before that.
locals {
  texts = keys({ for t in flatten([
    [for r in local.ordered : [[for k in local.result_texts : r[k]], r.title]],
    [for c in local.all_controls : [c.id, c.group, c.title, c.requirement, c.risk, c.remedy, c.skipped_because]],
    [for c in values(local.catalogue) : [c.title, keys(c.maps_to), [for numbers in values(c.maps_to) : join(", ", numbers)]]],
    [for e in values(local.evidence) : [[for k in local.evidence_texts : e[k]], e.weaker_than_default, keys(e.lists), [for l in values(e.lists) : l.unreadable == null ? "" : l.unreadable]]],
    [for accounts in values(local.shown_population) : [for x in accounts : [
      x.id, x.last_login, x.user_since, x.mail_domain, x.daily_limit, x.two_factor, x.kind, join(", ", x.others),
      [for f in x.findings : try(local.catalogue[f].title, f)], x.findings,
    ]]],
    flatten(values(local.policy_words)), keys(local.run), values(local.run),
    local.client == null ? [] : [for v in values(local.client) : v == null ? "" : v], local.unaudited == null ? [] : local.unaudited,
    local.spend_texts, local.groups, local.ran_at, local.title, local.scope, "",
  ]) : t => true... })

  # Characters that XML 1.0 does not allow, and those that change the direction of text.
  unprintable = "/[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x{fffe}\\x{ffff}\\x{061c}\\x{200e}\\x{200f}\\x{202a}-\\x{202e}\\x{2066}-\\x{2069}]/"
  printable   = { for t in local.texts : t => replace(replace(t, "/(?s)^(.{1000}).+$/", "$1…"), local.unprintable, "\ufffd") }

  # HTML and XML text. Carriage returns are escaped because parsers turn them into line feeds.
  mark_entities = { for m in local.marks : m.stand_in => "&#x${m.code};" }
  html_entities = merge(local.mark_entities, { "&" = "&amp;", "<" = "&lt;", ">" = "&gt;", "\"" = "&#34;", "'" = "&#39;", "\r" = "&#13;" })
  html_special  = "&<>\"'\\r${local.stand_in_class}"
  html = {
    for t, p in local.printable : t => join("", [for part in regexall("[${local.html_special}]|[^${local.html_special}]+", p) : lookup(local.html_entities, part, part)])
  }

  # XML attributes, where parsers turn line feeds and tabs into spaces.
  xml = { for t, h in local.html : t => replace(replace(h, "\n", "&#10;"), "\t", "&#9;") }

  # Markdown. Renderers look for links and mentions after decoding entities, so <wbr> splits the text. A dot is only written as a
  # reference where it would make a link: after "www", and before a top-level domain that renderers know. An underscore within a
  # word emphasizes nothing.
  markdown_entities = merge(local.mark_entities, {
    "!" = "&#33;", "\"" = "&#34;", "#" = "&#35;<wbr>", "$" = "&#36;", "&" = "&amp;", "*" = "&#42;", "+" = "&#43;",
    ":" = "&#58;", "<" = "&lt;", "=" = "&#61;", ">" = "&gt;", "@" = "&#64;<wbr>", "[" = "&#91;", "\\" = "&#92;", "]" = "&#93;",
    "^" = "&#94;", "_" = "&#95;", "`" = "&#96;", "{" = "&#123;", "|" = "&#124;", "}" = "&#125;", "~" = "&#126;",
  })
  domains          = "\\pL\\pL|com|net|org|edu|gov|mil|biz|info|pro|name|museum|aero|asia|coop|shop|web|xxx|app|dev|int"
  markdown_special = "!-#$&*+:<=>@[\\\\\\]^_`{|}~${local.stand_in_class}"
  # Texts are cut after 200 code points and written on one line.
  markdown_text = {
    for t, p in local.printable : t => replace(replace(join("", [
      for part in regexall("[A-Za-z0-9]+(?:_+[A-Za-z0-9]+)+|[${local.markdown_special}]|[^${local.markdown_special}A-Za-z0-9]+|[A-Za-z0-9]+", replace(replace(p, "/(?s)^(.{200}).+$/", "$1…"), "/[\\s\\x{85}\\x{2028}\\x{2029}]+/", " ")) :
      lookup(local.markdown_entities, part, part)
    ]), "/(?i)www[.]/", "www&#46;"), "/(?i)[.](xn--|(?:${local.domains})(?:[^\\pL]|$))/", "&#46;$1")
  }

  # Cells of a Markdown table. In <code> there are no mentions.
  markdown = { for t, m in local.markdown_text : t => trimspace(m) == "" ? "" : "<code>${m}</code>" }
}
