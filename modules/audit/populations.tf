# SPDX-License-Identifier: MPL-2.0

# Who each control applies to, and the lists that say so. The group itself has the ID "".

locals {
  everyone = { for id in keys(local.accounts) : id => true }

  account_lists = ["members", "administrators", "service_accounts"]
  group_lists   = local.group == null ? [] : ["group"]
  factor_lists  = concat(["members", "administrators", "without_2fa"], local.with == null ? [] : ["with_2fa"])

  populations = {
    members        = { of = { for id in keys(local.people) : id => true }, lists = ["members", "administrators"] }
    administrators = { of = { for id, is in local.is_administrator : id => true if is }, lists = local.account_lists }
    service_accounts = {
      of    = { for id, account in local.accounts : id => true if account.service_account }
      lists = ["service_accounts"]
    }
    accounts = { of = local.everyone, lists = local.account_lists }
    administrators_2fa = {
      of    = { for id in keys(local.people) : id => true if local.is_administrator[id] }
      lists = local.factor_lists
    }
    members_2fa = {
      of    = { for id in keys(local.people) : id => true if !local.is_administrator[id] }
      lists = local.factor_lists
    }
    group        = { of = { "" = true }, lists = [] }
    group_object = { of = { for group in local.group_refused || local.group == null ? [] : [local.group] : "" => true }, lists = local.group_lists }
  }
}
