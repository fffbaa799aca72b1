# SPDX-License-Identifier: MPL-2.0

regions = {
  emea = ["puffin_ferries"]
  apac = ["puffin_soc"]
}

groups = {
  puffin_ferries = {
    owner = "Security"
  }

  puffin_soc = {
    owner        = "SOC"
    dormant_days = 45
    quota_share  = null
  }
}
