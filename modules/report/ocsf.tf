# SPDX-License-Identifier: MPL-2.0

locals {
  ocsf_severities = {
    critical = { id = 5, name = "Critical" }
    high     = { id = 4, name = "High" }
    medium   = { id = 3, name = "Medium" }
    low      = { id = 2, name = "Low" }
  }

  ocsf = join("", [for r in local.ordered : "${jsonencode({
    for key, value in {
      activity_id   = 1
      activity_name = "Create"
      category_uid  = 2
      category_name = "Findings"
      class_uid     = 2003
      class_name    = "Compliance Finding"
      type_uid      = 200301
      type_name     = "Compliance Finding: Create"
      time          = local.unix[var.at]
      severity_id   = local.ocsf_severities[r.severity].id
      severity      = local.ocsf_severities[r.severity].name
      status_id     = r.status == "waived" ? 3 : 1
      status        = r.status == "waived" ? "Suppressed" : "New"
      message       = "${r.title}: ${r.who == "" ? r.group : r.who}"
      metadata = {
        version = "1.4.0"
        product = { name = "VirusTotal access audit", vendor_name = "VirusTotal" }
      }
      finding_info = {
        uid   = r.id
        title = r.title
        desc  = r.why
        types = [r.control]
      }
      compliance = {
        control        = r.control
        standards      = length(local.catalogue[r.control].maps_to) == 0 ? ["VirusTotal access audit"] : keys(local.catalogue[r.control].maps_to)
        requirements   = flatten([for framework, numbers in local.catalogue[r.control].maps_to : [for number in numbers : "${framework} ${number}"]])
        status_id      = r.status == "error" ? 2 : 3
        status         = r.status == "error" ? "Warning" : "Fail"
        status_code    = r.status
        status_details = compact([r.why])
      }
      resources = [{
        uid   = r.who == "" ? r.group : r.who
        name  = r.who == "" ? r.group : r.who
        type  = r.who == "" ? "VirusTotal group" : "VirusTotal account"
        group = { uid = r.group, name = r.group }
        owner = { name = r.owner }
      }]
      remediation = local.catalogue[r.control].remedy == "" ? null : { desc = local.catalogue[r.control].remedy }
      comment     = r.status == "waived" ? r.reason : null
      unmapped    = r.status == "waived" ? { approved_by = r.approved_by, until = r.until } : null
    } : key => value if value != null
  })}\n"])
}
