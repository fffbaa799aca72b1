#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
#
# Says in Markdown what differs between the rosters of two policies:
#
#   ./roster-diff.sh BASE.tfvars HEAD.tfvars
#
# It needs terraform or tofu, and jq: no provider and no API key. TERRAFORM names another command. It ends with 0, or with 2 where
# a policy cannot be read.
set -eu
unset CDPATH

fail() {
	echo "roster-diff.sh: $*" >&2
	exit 2
}

[ $# -eq 2 ] || fail "usage: roster-diff.sh BASE.tfvars HEAD.tfvars"
cli=${TERRAFORM:-$(command -v terraform || command -v tofu || true)}
[ -n "$cli" ] || fail "neither terraform nor tofu is on the PATH"
command -v jq >/dev/null || fail "jq is not on the PATH"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf 'variable "groups" {\n  type = any\n}\n\noutput "groups" {\n  value = var.groups\n}\n' >"$work/main.tf"

# A policy has values alone, so a plan without a provider reads it.
policy() {
	[ -f "$1" ] || fail "there is no policy $1"
	file=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
	"$cli" -chdir="$work" plan -input=false -no-color -var-file="$file" -out=plan >"$work/log" 2>&1 &&
		"$cli" -chdir="$work" show -json plan >"$work/plan.json" 2>>"$work/log" &&
		jq -e '.planned_values.outputs.groups.value | objects' "$work/plan.json" >"$work/$2.json" || {
		cat "$work/log" >&2
		fail "the policy $1 cannot be read"
	}
}
policy "$1" base
policy "$2" head

# Every name is text: no mention, link, HTML or table break comes from it.
jq -rn --slurpfile base "$work/base.json" --slurpfile head "$work/head.json" '
	def code: gsub("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]"; "\ufffd") | gsub("(?<c>[^A-Za-z0-9 _-])"; "&#\(.c | explode[0]);") | "<code>\(.)</code>";
	def people($policy): [($policy | to_entries[]) as $group
		| ["members", "administrators", "service_accounts"][] as $role
		| ($group.value.roster[$role]? // [])[] | [$group.key, ($role | rtrimstr("s") | gsub("_"; " ")), .]];
	(people($base[0])) as $before | (people($head[0])) as $after
	| [($after - $before)[] | ["added", .[]]] + [($before - $after)[] | ["removed", .[]]]
	| "### Access roster",
	  "",
	  if . == [] then "Nobody is added and nobody is removed."
	  else "| | group | role | account |", "|---|---|---|---|", (sort[] | "| \(.[0]) | \(.[1] | code) | \(.[2]) | \(.[3] | code) |") end
'
