data "virustotal_user_overall_quotas" "me" {}

# The quotas that end first, with what is left of them and whose they are.
output "left" {
  value = {
    for name, quota in data.virustotal_user_overall_quotas.me.quotas : name => format("%d of %s", quota.effective.remaining, coalesce(quota.effective.inherited_from, "one's own"))
    if try(quota.effective.allowed > 0, false)
  }
}
