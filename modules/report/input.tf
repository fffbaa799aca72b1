# SPDX-License-Identifier: MPL-2.0

# The input with its texts made safe. Nearly always no text needs that, and the input is taken as it is.
locals {
  audits = [var.audits, [for a in local.any_marks ? var.audits : [] : {
    results  = { for id, r in a.results : local.safe[id] => merge(r, { for k in local.result_texts : k => local.safe[r[k]] }, { blocks = [for b in r.blocks : local.safe[b]] }) }
    controls = { for id, c in a.controls : local.safe[id] => merge(c, { for k in local.control_texts : k => local.safe[c[k]] }, { maps_to = { for f, numbers in c.maps_to : local.safe[f] => [for n in numbers : local.safe[n]] } }) }
    accounts = [for x in a.accounts : merge(x, { for k in local.account_texts : k => local.safe[x[k]] }, {
      roles    = [for r in x.roles : local.safe[r]]
      findings = [for f in x.findings : local.safe[f]]
    })]
    evidence = merge(a.evidence, { for k in local.evidence_texts : k => local.safe[a.evidence[k]] }, {
      policy              = local.safe_policies[a.evidence.policy]
      weaker_than_default = [for s in a.evidence.weaker_than_default : local.safe[s]]
      lists               = { for name, l in a.evidence.lists : local.safe[name] => merge(l, { unreadable = l.unreadable == null ? null : local.safe[l.unreadable] }) }
    })
    failing = [for id in a.failing : local.safe[id]]
  }]][local.any_marks ? 1 : 0]

  spends = [var.spends, [for s in local.any_marks ? var.spends : [] : {
    results  = { for id, r in s.results : local.safe[id] => merge(r, { for k in local.result_texts : k => local.safe[r[k]] }, { blocks = [for b in r.blocks : local.safe[b]] }) }
    controls = { for id, c in s.controls : local.safe[id] => merge(c, { for k in local.control_texts : k => local.safe[c[k]] }, { maps_to = { for f, numbers in c.maps_to : local.safe[f] => [for n in numbers : local.safe[n]] } }) }
    accounts = [for x in s.accounts : merge(x, { for k in ["id", "kind", "quota"] : k => local.safe[x[k]] })]
    evidence = merge(s.evidence, { for k in ["at", "group", "owner", "fail_on", "policy_sha256"] : k => local.safe[s.evidence[k]] }, {
      policy              = local.safe_policies[s.evidence.policy]
      weaker_than_default = [for w in s.evidence.weaker_than_default : local.safe[w]]
      not_yet             = [for n in s.evidence.not_yet : local.safe[n]]
      lists               = { for name, l in s.evidence.lists : local.safe[name] => merge(l, { unreadable = l.unreadable == null ? null : local.safe[l.unreadable] }) }
    })
    quotas  = { for name, q in s.quotas : local.safe[name] => q }
    failing = [for id in s.failing : local.safe[id]]
  }]][local.any_marks ? 1 : 0]

  run       = { for k, v in var.run : local.any_marks ? local.safe[k] : k => local.any_marks ? local.safe[v] : v }
  client    = var.client == null ? null : { for k, v in var.client : k => v == null ? null : local.any_marks ? local.safe[v] : v }
  title     = local.any_marks ? local.safe[var.title] : var.title
  scope     = local.any_marks ? local.safe[var.scope] : var.scope
  unaudited = var.unaudited == null ? null : sort([for g in var.unaudited : local.any_marks ? local.safe[g] : g])
}
