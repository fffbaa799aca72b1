# SPDX-License-Identifier: MPL-2.0

# Who used how much of each quota, most first: Terraform iterates over maps in the order of their keys.

locals {
  most = 10000000000000000000 # More than VirusTotal can count.
  accounts = values({
    for spend in local.of_accounts : "${spend.quota}\n${format("%020d", local.most - (spend.used == null ? -1 : spend.used))}\n${spend.id}" => {
      id        = spend.id
      kind      = can(local.machines[spend.id]) ? "service_account" : local.complete.service_accounts ? "user" : "unknown"
      quota     = spend.quota
      used      = spend.used
      share     = try(floor(spend.used / local.sums[local.now_list[spend.quota]] * 10000 + 0.5) / 10000, null)
      budget    = spend.budget
      projected = try(floor(spend.projected + 0.5), null)
      previous  = spend.previous
    }
  })
}
