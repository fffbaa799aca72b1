# SPDX-License-Identifier: MPL-2.0

package virustotal.access_test

import data.virustotal.access

list(wanted, names) := {"mode": "data", "type": "virustotal_group_users", "values": {
	"group_id": "g", "filter": wanted, "ids": names, "unavailable_ids": [], "complete": true,
}}

# A plan whose lists are in a module.
plan(resources) := {
	"errored": false,
	"prior_state": {"values": {"root_module": {"child_modules": [{"resources": resources}]}}},
}

all := list(null, ["ann", "joe"])

neither := list("2fa_enabled:false", [])

both := list("2fa_enabled:true", ["ann", "joe"])

test_clean if access.deny == set() with input as plan([all, both, neither])

test_allow if {
	access.allow with input as plan([all, both, neither])
	not access.allow with input as plan([all, both])
	not access.allow with input as {}
}

test_no_2fa if {
	without := list("2fa_enabled:false", ["joe"])
	access.deny == {"g: joe does not have 2FA enabled"} with input as plan([all, list("2fa_enabled:true", ["ann"]), without])
	access.deny == {"g: joe does not have 2FA enabled"} with input as plan([all, both, without])
}

test_named_in_neither_list if {
	access.deny == {"g: whether joe has 2FA is not known"} with input as plan([all, list("2fa_enabled:true", ["ann"]), neither])
}

test_unavailable_is_a_member if {
	hidden := json.patch(all, [{"op": "add", "path": "/values/unavailable_ids/0", "value": "eve"}])
	access.deny == {"g: whether eve has 2FA is not known"} with input as plan([hidden, both, neither])
}

test_not_read_to_the_end if {
	cut := json.patch(neither, [{"op": "replace", "path": "/values/complete", "value": false}])
	access.deny == {`g: the list of members with the filter "2fa_enabled:false" was not read completely`} with input as plan([all, both, cut])
}

test_all_members_are_not_read_to_the_end if {
	cut := json.patch(all, [{"op": "replace", "path": "/values/complete", "value": false}])
	access.deny == {"g: the list of all members was not read completely"} with input as plan([cut, both, neither])
}

test_the_list_of_all_members_is_missing if {
	access.deny == {"g: the list of all members was not read"} with input as plan([both, neither])
}

test_a_list_is_missing if {
	access.deny == {`g: the list of members with the filter "2fa_enabled:false" was not read`} with input as plan([all, both])
}

test_nobody_is_in_the_group if {
	access.deny == {"g: there are no members"} with input as plan([list(null, []), list("2fa_enabled:true", []), neither])
}

test_put_off_to_apply if {
	change := {"address": "data.virustotal_group_users.all", "mode": "data", "type": "virustotal_group_users", "change": {"actions": ["read"]}}
	deferred := object.union(plan([]), {"resource_changes": [change]})
	access.deny == {"no members were read", "data.virustotal_group_users.all is only read during apply"} with input as deferred
}

test_no_plan if {
	access.deny == {"this is not a plan, or the plan failed", "no members were read"} with input as {}
	"this is not a plan, or the plan failed" in access.deny with input as object.union(plan([all, both, neither]), {"errored": true})
}
