# SPDX-License-Identifier: MPL-2.0

# The policy: approved accounts, and findings that are accepted until a date. Change it by pull request.

groups = {
  # The whole company, with the default policy of modules/audit and a roster.
  puffin_ferries = {
    owner           = "Security"
    allowed_domains = ["puffinferries.example"]

    roster = {
      reviewed_on      = "2026-11-02"
      reviewed_by      = "marit"
      administrators   = ["marit", "tobias"]
      service_accounts = ["puffin_ferries_ci", "puffin_ferries_lab"]
    }

    waivers = [
      {
        who         = "lotte_guest"
        control     = "foreign_mail_domain"
        reason      = "Works for the harbour until the terminal is finished."
        approved_by = "marit"
        until       = "2027-06-30"
      },
    ]
  }

  # A team with stricter rules for dormant accounts. Its quotas are monitored elsewhere.
  puffin_soc = {
    owner        = "SOC"
    dormant_days = 45
    quota_share  = null
    fail_on      = "medium"
    severity     = { dormant = "high" }
  }
}
