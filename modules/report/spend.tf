# SPDX-License-Identifier: MPL-2.0

# "Who spends": a line in words for each group and quota, a picture of the month, and who used most.
locals {
  # Numbers with thousands separators.
  spend_numbers = {
    for n in toset(compact(flatten([for s in local.spends : [
      [for q in values(s.quotas) : [for n in [q.allowed, q.used, q.budget, q.projected, try(q.used - q.budget, null), try(floor(q.pace + 0.5), null)] : n == null ? "" : tostring(n)]],
      [for x in s.accounts : [for n in [x.used, x.budget, x.previous, try(x.used - x.budget, null)] : n == null ? "" : tostring(n)]],
    ]]))) : n => strrev(join(",", regexall("-?[0-9]{1,3}-?", strrev(n))))
  }

  # Everything about a quota that is not a text of its own. `top` is the height of the picture: `allowed` is left out where it is more
  # than four times all else.
  spend_quotas = flatten([for i, s in local.spends : [for j, name in keys(s.quotas) : [for q in [s.quotas[name]] : merge(q, {
    key        = "spend-${i + 1}-${j + 1}"
    group      = s.evidence.group
    name       = name
    no_limit   = try(contains([1000000000, 60000000000], q.allowed), false)
    used_up    = try(q.used >= q.allowed && q.used > 0, false)
    over       = try(q.used > q.budget, false)
    dots       = try(q.days > 0 && q.elapsed != null && q.used != null && q.period_start != null, false)
    heights    = [for n in [q.used, q.projected, q.budget] : n if n != null]
    known_days = try([for date in sort(keys(q.by_day)) : q.by_day[date]], [])
    accounts   = [for x in s.accounts : x if x.quota == name]
    open = length([
      for r in values(s.results) : r if r.status != "waived" && contains(split(",", r.what == "" ? "api_requests_monthly" : r.what), name)
    ]) > 0
  })]]])

  # A month in words: day 12 of 30.
  spend_words = { for q in local.spend_quotas : q.key => join("", [
    q.used == null ? "what was used is not known"
    : q.allowed == null ? "${local.spend_numbers[q.used]} used, what is allowed is not known"
    : q.no_limit ? "${local.spend_numbers[q.used]} used, without a limit"
    : q.used_up ? "used up: ${local.spend_numbers[q.used]} of ${local.spend_numbers[q.allowed]}"
    : q.allowed == 0 ? "nothing allowed, nothing used"
    : "${floor(q.used / q.allowed * 100)} % used (${local.spend_numbers[q.used]} of ${local.spend_numbers[q.allowed]})",
    q.elapsed == null || q.days == null ? "" : " on day ${min(q.days, floor(q.elapsed) + 1)} of ${q.days}",
    q.runs_out_on != null && q.resets_on != null ? try("; at this pace used up on ${formatdate("D MMMM", "${q.runs_out_on}T00:00:00Z")}, ${join("", [
      for n in [q.days + 1 - tonumber(formatdate("D", "${q.runs_out_on}T00:00:00Z"))] : n == 1 ? "1 day" : "${n} days"
    ])} before it is reset", "") : q.used_up ? try("; it is reset on ${formatdate("D MMMM", "${q.resets_on}T00:00:00Z")}", "")
    : q.projected == null ? "; no projection"
    : q.allowed == null || q.no_limit || q.allowed == 0 ? "; at this pace ${local.spend_numbers[q.projected]} at the end of the month"
    : "; at this pace ${floor(q.projected / q.allowed * 100)} % at the end of the month",
  ]) }
  spend_budget_words = { for q in local.spend_quotas : q.key => (
    q.budget == null ? ""
    : q.over ? "over its budget of ${local.spend_numbers[q.budget]} by ${local.spend_numbers[q.used - q.budget]}"
    : try(q.projected > q.budget, false) ? "at this pace over its budget of ${local.spend_numbers[q.budget]}"
    : "within its budget of ${local.spend_numbers[q.budget]}"
  ) }

  # Heights and widths of the pictures. The plot is 86 % of the width and 200 px high, and begins 34 px below the top.
  spend_scales = { for q in local.spend_quotas : q.key => [for most in [max(1, q.heights...)] : [
    for fits in [try(q.allowed > 0 && !q.no_limit && q.allowed <= 4 * most, false)] : [for top in [(fits ? max(most, q.allowed) : most) * 1.04] : [
      for power in [pow(10, floor(log(top / 3, 10) + 0.0000001))] : {
        fits = fits
        top  = top
        step = max(1, [for s in [1, 2, 5, 10] : s * power if s * power >= top / 3 - power / 1000000][0])
      }
    ][0]][0]][0]
  ][0] if q.dots }
  spend_pictures = [for q in local.spend_quotas : merge(q, [for scale in [local.spend_scales[q.key]] : {
    scale = scale
    y     = { for name in ["allowed", "used", "budget", "projected"] : name => try(234 - q[name] / scale.top * 200, 234) }
    x     = { used = q.elapsed / q.days * 86, end = try(min(q.days, q.elapsed + (q.allowed - q.used) / q.pace) / q.days * 86, 86) }
    ticks = [for i in range(1, floor(scale.top / scale.step) + 1) : {
      y = 234 - i * scale.step / scale.top * 200
      text = (
        i * scale.step >= 1000000 ? "${i * scale.step / 1000000} M" : i * scale.step >= 1000 ? "${i * scale.step / 1000} k" : tostring(i * scale.step)
      )
    }]
    dates = [for d in [1, 8, 15, 22] : { x = (d - 1) / q.days * 86, text = d == 1 ? formatdate("D MMM", "${q.period_start}T00:00:00Z") : tostring(d) }]
    reset = try(formatdate("D MMM", "${q.resets_on}T00:00:00Z"), "")
    ends  = try(formatdate("D MMM", "${q.runs_out_on}T00:00:00Z"), "")
    # What was used at the end of each day, in thousandths of the picture. Only if each day is known.
    edge = length(q.known_days) == 0 || anytrue([for n in q.known_days : n == null]) ? [] : concat(["0,1000"], [
      for d in range(1, min(length(q.known_days), floor(q.elapsed) + 1)) :
      format("%.1f,%.1f", d / q.days * 1000, 1000 - min(q.used, sum(slice(q.known_days, 0, d))) / scale.top * 1000)
    ], [format("%.1f,%.1f", q.elapsed / q.days * 1000, 1000 - q.used / scale.top * 1000)])
  }][0]) if q.dots]
  spend_picture_of = { for q in local.spend_pictures : q.key => q }

  # Who used most, and the full scale of the bars.
  spend_bars = { for q in local.spend_quotas : q.key => [for shown in [slice(q.accounts, 0, min(10, length(q.accounts)))] : [
    for most in [max(1, [for n in concat(shown[*].used, shown[*].budget) : n if n != null]...)] : [
      for x in shown : merge(x, {
        bar  = x.used == null ? 0 : floor(x.used / most * 1000) / 10
        mark = x.budget == null ? -1 : floor(x.budget / most * 1000) / 10
        over = try(x.used > x.budget, false)
      })
    ]
  ][0]][0] }
  spend_kinds = { user = "person", service_account = "service account" }

  # The texts of this section, to be escaped.
  spend_texts = [for q in local.spend_quotas : [q.group, q.name, [for x in slice(q.accounts, 0, min(500, length(q.accounts))) : x.id]]]

  spend_html = length(local.spend_quotas) == 0 ? "" : templatefile("${path.module}/spend.html.tftpl", {
    quotas   = local.spend_quotas
    open     = [for q in local.spend_quotas : q if q.open]
    rest     = [for q in local.spend_quotas : q if !q.open]
    pictures = local.spend_picture_of
    bars     = local.spend_bars
    words    = local.spend_words
    budgets  = local.spend_budget_words
    numbers  = local.spend_numbers
    kinds    = local.spend_kinds
    text     = local.html
    not_yet  = length(flatten(local.spends[*].evidence.not_yet))
  })

  # Rows of the Markdown report: a line for each quota, and who used most where there are findings.
  spend_markdown = concat(
    [for i, q in local.spend_quotas : {
      folded = false
      counts = 1
      text = join("", [
        i > 0 ? "" : "\n## Who spends\n\n| Group | Quota | At this pace |\n|---|---|---|\n",
        "| ${local.markdown[q.group]} | ${local.markdown[q.name]} | ${join("; ", compact([local.spend_words[q.key], local.spend_budget_words[q.key]]))} |\n",
      ])
    }],
    flatten([for q in local.spend_quotas : [for i, x in local.spend_bars[q.key] : {
      folded = true
      counts = 1
      text = join("", [
        i > 0 ? "" : "\n<details>\n<summary>Who used most of ${local.markdown_text[q.name]} of ${local.markdown_text[q.group]}</summary>\n\n| Account | Kind | Used | Share | Budget |\n|---|---|--:|--:|---|\n",
        "| ${local.markdown[x.id]} | ${lookup(local.spend_kinds, x.kind, "unknown")} | ${x.used == null ? "unknown" : local.spend_numbers[x.used]} | ${x.share == null ? "" : x.share > 0 && x.share < 0.01 ? "&lt;1 %" : "${floor(x.share * 100)} %"} | ${x.budget == null ? "none" : x.over ? "${local.spend_numbers[x.used - x.budget]} exceeded" : local.spend_numbers[x.budget]} |\n",
        i < length(local.spend_bars[q.key]) - 1 ? "" : local.markdown_fold,
      ])
    }] if q.open]),
  )
}
