#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
#
# Prints the differences between the rosters of two policies, in Markdown:
#
#   ./roster-diff.sh BASE.tfvars HEAD.tfvars
#
# It needs terraform or tofu, and jq, but no provider and no API key. To use another command, set TERRAFORM. It exits with 0, or
# with 2 if a policy cannot be read.
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

# Let Terraform parse the policy. A policy contains only values, so this needs no provider.
policy() {
	[ -f "$1" ] || fail "$1 does not exist"
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

# Escape names, so that they cannot become mentions, links, HTML or table cells.
jq -rn --slurpfile base "$work/base.json" --slurpfile head "$work/head.json" '
	def code: gsub("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]"; "\ufffd") | gsub("(?<c>[^A-Za-z0-9 _-])"; "&#\(.c | explode[0]);") | "<code>\(.)</code>";
	def people($policy): [($policy | to_entries[]) as $group
		| ["members", "administrators", "service_accounts"][] as $role
		| ($group.value.roster[$role]? // [])[] | [$group.key, ($role | rtrimstr("s") | gsub("_"; " ")), .]];
	(people($base[0])) as $before | (people($head[0])) as $after
	| [($after - $before)[] | ["added", .[]]] + [($before - $after)[] | ["removed", .[]]]
	| "### Access roster",
	  "",
	  if . == [] then "No changes."
	  else "| | group | role | account |", "|---|---|---|---|", (sort[] | "| \(.[0]) | \(.[1] | code) | \(.[2]) | \(.[3] | code) |") end
'
