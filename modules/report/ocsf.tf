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
      time          = local.milliseconds
      severity_id   = local.ocsf_severities[r.severity].id
      severity      = local.ocsf_severities[r.severity].name
      status_id     = r.status == "waived" ? 3 : 1
      status        = r.status == "waived" ? "Suppressed" : "New"
      message       = "${r.title}: ${r.who}"
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
        uid   = r.who
        name  = r.who
        type  = r.who == r.group ? "VirusTotal group" : "VirusTotal account"
        group = { uid = r.group, name = r.group }
        owner = { name = r.owner }
      }]
      remediation = local.catalogue[r.control].remedy == "" ? null : { desc = local.catalogue[r.control].remedy }
      comment     = r.status == "waived" ? r.reason : null
      unmapped    = r.status == "waived" ? { approved_by = r.approved_by, until = r.until } : null
    } : key => value if value != null
  })}\n"])

  # Unix milliseconds. Days are counted from 1 March of year 0 in the proleptic Gregorian calendar, so that the leap day is the
  # last day of a year.
  month = tonumber(formatdate("M", var.at))
  year  = tonumber(formatdate("YYYY", var.at)) - (local.month <= 2 ? 1 : 0)
  days = sum([
    local.year * 365, floor(local.year / 4), -floor(local.year / 100), floor(local.year / 400),
    floor((153 * (local.month + (local.month > 2 ? -3 : 9)) + 2) / 5), tonumber(formatdate("D", var.at)) - 1, -719468,
  ])
  milliseconds = sum([
    local.days * 86400000, tonumber(formatdate("h", var.at)) * 3600000, tonumber(formatdate("m", var.at)) * 60000,
    tonumber(formatdate("s", var.at)) * 1000, floor(try(tonumber("0${regex("[.][0-9]+", var.at)}"), 0) * 1000),
  ])
}
