# SPDX-License-Identifier: MPL-2.0

# The policy of Puffin Ferries on Monday, 23 November 2026. The guide "What changed since yesterday" and `make week` use it.

groups = {
  puffin_ferries = {
    owner = "Security"

    roster = {
      reviewed_on      = "2026-11-02"
      reviewed_by      = "marit"
      members          = ["OKonkwo", "anne-lise.moreau", "devraj", "henrik", "lotte_guest", "yuki"]
      administrators   = ["marit", "tobias"]
      service_accounts = ["puffin_ferries_ci", "puffin_ferries_lab"]
    }

    waivers = [
      {
        who         = "yuki"
        control     = "no_2fa"
        reason      = "A hardware key is ordered."
        approved_by = "marit"
        until       = "2026-11-23"
      },
    ]
  }

  puffin_soc = {
    owner       = "SOC"
    quota_share = null
  }
}
