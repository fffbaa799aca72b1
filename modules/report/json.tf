# SPDX-License-Identifier: MPL-2.0

locals {
  json = jsonencode({
    at        = var.at
    scope     = local.scope
    title     = local.title
    run       = local.run
    client    = local.client
    unaudited = local.unaudited
    verdict   = local.verdict
    failing   = keys(local.failing)
    summary   = local.summary
    groups    = { for group, e in local.evidence : group => merge(e, { policy = try(jsondecode(e.policy), e.policy) }) }
    results   = local.results
    controls  = local.controls
    accounts  = { for a in local.audits : a.evidence.group => a.accounts }
    spends = { for s in local.spends : s.evidence.group => {
      evidence = merge(s.evidence, { policy = try(jsondecode(s.evidence.policy), s.evidence.policy) })
      quotas   = s.quotas
      accounts = s.accounts
    } }
  })
}
