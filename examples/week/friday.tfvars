# SPDX-License-Identifier: MPL-2.0

# The policy of Puffin Ferries from Friday, 27 November 2026: Ingrid is in the roster, and Devraj no longer is.

groups = {
  puffin_ferries = {
    owner = "Security"

    roster = {
      reviewed_on      = "2026-11-26"
      reviewed_by      = "marit"
      members          = ["OKonkwo", "anne-lise.moreau", "henrik", "ingrid", "lotte_guest", "yuki"]
      administrators   = ["marit", "tobias"]
      service_accounts = ["puffin_ferries_ci", "puffin_ferries_lab"]
    }

    waivers = [
      {
        who         = "yuki"
        control     = "no_2fa"
        reason      = "The hardware key is delayed."
        approved_by = "marit"
        until       = "2026-12-31"
      },
    ]
  }

  puffin_soc = {
    owner       = "SOC"
    quota_share = null
  }
}
