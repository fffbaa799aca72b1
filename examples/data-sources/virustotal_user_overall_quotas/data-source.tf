data "virustotal_user_overall_quotas" "me" {}

# The remaining quotas and whose they are: "7 of the user's own", "370 of puffin_ferries".
output "left" {
  value = {
    for name, quota in coalesce(data.virustotal_user_overall_quotas.me.quotas, {}) :
    name => format("%d of %s", quota.effective.remaining, coalesce(quota.effective.inherited_from, "the user's own"))
    if try(quota.effective.allowed > 0 && quota.effective.remaining != null, false)
  }
}
