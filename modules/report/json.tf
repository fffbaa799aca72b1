# SPDX-License-Identifier: MPL-2.0

locals {
  json = jsonencode({
    at       = var.at
    title    = var.title
    summary  = local.summary
    results  = var.results
    controls = var.controls
  })
}
