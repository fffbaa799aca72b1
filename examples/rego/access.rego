# SPDX-License-Identifier: MPL-2.0

# Judges `terraform show -json` of a plan: deny says what is wrong, and allow is there where nothing is, so where every member
# of every group has a second factor. What was not read is denied, never passed.
package virustotal.access

needed := {"", "2fa_enabled:true", "2fa_enabled:false"}

# Data sources that a plan has read are in its prior state, those of modules too.
lists contains resource.values if {
	walk(input.prior_state.values, [_, resource])
	resource.mode == "data"
	resource.type == "virustotal_group_users"
}

filter(list) := object.get({null: ""}, list.filter, list.filter)

groups contains list.group_id if some list in lists

# Two lists of one group and filter say the same, or it is incomplete.
ids(group, wanted) := {id |
	some list in lists
	list.group_id == group
	filter(list) == wanted
	some id in array.concat(list.ids, list.unavailable_ids)
}

members(group) := (ids(group, "") | ids(group, "2fa_enabled:true")) | ids(group, "2fa_enabled:false")

# Undefined and not false where something is denied: `opa eval --fail` ends with 1 then, and where it finds no policy.
allow if count(deny) == 0

deny contains "the plan failed, or is none" if not input.errored == false

deny contains "no members were read" if count(groups) == 0

deny contains sprintf("%s is read during apply only", [change.address]) if {
	some change in object.get(input, "resource_changes", [])
	change.mode == "data"
	startswith(change.type, "virustotal_")
}

deny contains sprintf("%s: the members by the filter %q were not read", [group, wanted]) if {
	some group in groups
	some wanted in needed
	count([list | some list in lists; list.group_id == group; filter(list) == wanted]) == 0
}

deny contains sprintf("%s: the members by the filter %q were not read to the end", [list.group_id, filter(list)]) if {
	some list in lists
	not list.complete == true
}

deny contains sprintf("%s: there are no members", [group]) if {
	some group in groups
	count(members(group)) == 0
}

deny contains sprintf("%s: %s has no second factor", [group, id]) if {
	some group in groups
	some id in ids(group, "2fa_enabled:false")
}

# VirusTotal must say so twice: in the one list, and not in the other.
deny contains sprintf("%s: whether %s has a second factor is not known", [group, id]) if {
	some group in groups
	some id in (members(group) - ids(group, "2fa_enabled:false"))
	not id in ids(group, "2fa_enabled:true")
}
