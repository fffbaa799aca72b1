# SPDX-License-Identifier: MPL-2.0

# Who may spend how much of which quota: ./audit.sh DIR -var-file=budgets.tfvars. Change it by pull request.

spend = {
  puffin_ferries = {
    budgets = {
      api_requests_monthly = {
        group    = 90000
        each     = 30000
        accounts = { puffin_ferries_ci = 60000 }
      }
    }
  }
}
