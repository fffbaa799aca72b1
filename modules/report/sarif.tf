# SPDX-License-Identifier: MPL-2.0

locals {
  sarif_levels = { critical = "error", high = "error", medium = "warning", low = "note" }

  # GitHub derives an alert's severity from the rule's score: above 9.0 critical, from 7.0 high, from 4.0 medium.
  sarif_scores = { critical = "9.5", high = "8.0", medium = "5.5", low = "2.0" }

  sarif_rules = keys(local.catalogue)
  sarif_index = { for i, id in local.sarif_rules : id => i }

  sarif = jsonencode({
    "$schema" = "https://json.schemastore.org/sarif-2.1.0.json"
    version   = "2.1.0"
    runs = [{
      tool = {
        driver = {
          name           = "VirusTotal access audit"
          organization   = "VirusTotal"
          informationUri = "https://github.com/virustotal/terraform-provider-virustotal"
          rules = [for id in local.sarif_rules : {
            id                   = id
            name                 = id
            shortDescription     = { text = coalesce(local.catalogue[id].title, id) }
            fullDescription      = { text = coalesce(local.catalogue[id].risk, local.catalogue[id].title, id) }
            help                 = { text = join("\n\n", compact([coalesce(local.catalogue[id].remedy, local.catalogue[id].title, id), local.maps_to_text[id]])) }
            defaultConfiguration = { level = local.sarif_levels[local.catalogue[id].severity] }
            properties = {
              "security-severity" = local.sarif_scores[local.catalogue[id].severity]
              precision           = "very-high"
              tags                = slice(local.sarif_tags[id], 0, min(10, length(local.sarif_tags[id])))
            }
          }]
        }
      }
      properties = { at = var.at, title = local.title }
      results = [for r in local.open : {
        ruleId    = r.control
        ruleIndex = local.sarif_index[r.control]
        level     = local.sarif_levels[r.severity]
        message   = { text = replace(local.sarif_messages[r.id], "/([\\[\\]\\\\])/", "\\$1") }
        locations = [{
          physicalLocation = {
            artifactLocation = { uri = join("/", [for s in split("/", var.policy_file) : replace(urlencode(s), "+", "%20")]) }
            region           = { startLine = 1, startColumn = 1, endLine = 1, endColumn = 1 }
          }
        }]
        partialFingerprints = { primaryLocationLineHash = local.fingerprints[r.id] }
        properties          = { group = r.group, who = r.who, owner = r.owner, status = r.status, severity = r.severity }
      }]
    }]
  })

  # Fingerprints are of the original IDs: alerts must stay the same.
  fingerprints = local.any_marks ? { for id in flatten([for a in concat(local.audited, local.spent) : keys(a.results)]) : local.safe[id] => sha256(id) } : { for r in local.open : r.id => sha256(r.id) }

  sarif_messages = { for r in local.open : r.id => join(" ", compact([
    "${r.title}:",
    r.who == "" ? "group ${r.group}." : "${r.who} in group ${r.group}.",
    r.status == "error" ? "This could not be evaluated." : "",
    r.why,
  ])) }

  sarif_tags = { for id, c in local.catalogue : id => distinct(concat(
    ["security"], flatten([for framework, numbers in c.maps_to : [for number in numbers : "${framework} ${number}"]])
  )) }

  maps_to_text = { for id, c in local.catalogue : id => length(c.maps_to) == 0 ? "" : "Maps to ${join("; ", [
    for framework, numbers in c.maps_to : "${framework} ${join(", ", numbers)}"
  ])}." }
}
