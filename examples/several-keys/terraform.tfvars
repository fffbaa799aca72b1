# SPDX-License-Identifier: MPL-2.0

groups = {
  emea = {
    puffin_ferries = { owner = "Security" }
  }

  apac = {
    puffin_soc = { owner = "SOC", dormant_days = 45, quota_share = null }
  }
}
