# SPDX-License-Identifier: MPL-2.0

# Checks the JSON of `terraform show -json` for a plan: every member of every group must have 2FA enabled. deny contains the
# violations, and allow is true if there are none. Data that was not read is a violation.
package virustotal.access

needed := {"", "2fa_enabled:true", "2fa_enabled:false"}

# Data sources that the plan read are in its prior state, including those in modules.
lists contains resource.values if {
	walk(input.prior_state.values, [_, resource])
	resource.mode == "data"
	resource.type == "virustotal_group_users"
}

filter(list) := object.get({null: ""}, list.filter, list.filter)

groups contains list.group_id if some list in lists

# Several lists of the same group and filter are merged.
ids(group, wanted) := {id |
	some list in lists
	list.group_id == group
	filter(list) == wanted
	some id in array.concat(list.ids, list.unavailable_ids)
}

members(group) := (ids(group, "") | ids(group, "2fa_enabled:true")) | ids(group, "2fa_enabled:false")

# Undefined rather than false if there are violations, so that `opa eval --fail` exits with 1, as without a policy.
allow if count(deny) == 0

deny contains "this is not a plan, or the plan failed" if not input.errored == false

deny contains "no members were read" if count(groups) == 0

deny contains sprintf("%s is only read during apply", [change.address]) if {
	some change in object.get(input, "resource_changes", [])
	change.mode == "data"
	startswith(change.type, "virustotal_")
}

list_of("") := "the list of all members"

list_of(wanted) := sprintf("the list of members with the filter %q", [wanted]) if wanted != ""

deny contains sprintf("%s: %s was not read", [group, list_of(wanted)]) if {
	some group in groups
	some wanted in needed
	count([list | some list in lists; list.group_id == group; filter(list) == wanted]) == 0
}

deny contains sprintf("%s: %s was not read completely", [list.group_id, list_of(filter(list))]) if {
	some list in lists
	not list.complete == true
}

deny contains sprintf("%s: there are no members", [group]) if {
	some group in groups
	count(members(group)) == 0
}

deny contains sprintf("%s: %s does not have 2FA enabled", [group, id]) if {
	some group in groups
	some id in ids(group, "2fa_enabled:false")
}

# 2FA counts only if both filters agree.
deny contains sprintf("%s: whether %s has 2FA is not known", [group, id]) if {
	some group in groups
	some id in (members(group) - ids(group, "2fa_enabled:false"))
	not id in ids(group, "2fa_enabled:true")
}
