#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
#
# Prints what changes between the policies of two root modules, such as the base and the head of a pull request, in Markdown:
#
#   ./policy-diff.sh BASE HEAD
#
# BASE and HEAD are directories with *.tf, *.tfvars and *.auto.tfvars, or their JSON. Terraform evaluates the variables as a plan
# would, but needs no provider and no API key. What makes the policy weaker comes first. It needs terraform or tofu, and jq. To use
# another command, set TERRAFORM. It exits with 0, or with 2 if a policy cannot be read.
set -eu
unset CDPATH

work=
trap '[ -z "$work" ] || rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM PIPE

fail() {
	echo "policy-diff.sh: $*" >&2
	exit 2
}

[ $# -eq 2 ] || fail "usage: policy-diff.sh BASE HEAD"
cli=${TERRAFORM:-$(command -v terraform || command -v tofu || true)}
[ -n "$cli" ] || fail "neither terraform nor tofu is on the PATH"
command -v jq >/dev/null || fail "jq is not on the PATH"
work=$(mktemp -d)

# A variable in the environment is not part of either policy.
for name in $(env | sed -n 's/^\(TF_VAR_[A-Za-z0-9_]*\)=.*/\1/p') TF_CLI_ARGS TF_CLI_ARGS_plan; do
	unset "$name"
done

# Evaluates the variables of a root module: only its variable blocks and its values are needed.
policy() {
	[ -d "$1" ] || fail "$1 is not a directory"
	mkdir "$work/$2"
	for file in "$1"/*.tf "$1"/*.tofu; do
		[ ! -f "$file" ] || awk '/^variable[ \t]/, /^}/' "$file" >>"$work/$2/variables.tf"
	done
	for file in "$1"/*.tf.json "$1"/*.tofu.json; do
		[ ! -f "$file" ] || jq '{variable: (.variable // {})}' "$file" >"$work/$2/$(basename "${file%.tofu.json}" .tf.json).tf.json" ||
			fail "$file is not JSON"
	done
	for file in "$1"/terraform.tfvars "$1"/terraform.tfvars.json "$1"/*.auto.tfvars "$1"/*.auto.tfvars.json; do
		[ ! -f "$file" ] || cp "$file" "$work/$2/"
	done
	names=$({ sed -n 's/^variable[ \t]*"\([A-Za-z0-9_-]*\)".*/\1/p' "$work/$2/variables.tf" 2>/dev/null
		for file in "$work/$2"/*.tf.json; do
			[ ! -f "$file" ] || jq -r '.variable | if type == "array" then map(keys[])[] else keys[] end' "$file"
		done; } | sort -u)
	for name in $names; do
		printf 'output "%s" {\n  value     = var.%s\n  sensitive = true\n}\n' "$name" "$name"
	done >"$work/$2/outputs.tf"
	"$cli" -chdir="$work/$2" plan -input=false -no-color -out=plan >"$work/log" 2>&1 &&
		"$cli" -chdir="$work/$2" show -json plan >"$work/plan.json" 2>>"$work/log" &&
		jq '(.planned_values.outputs // {}) | map_values(.value)' "$work/plan.json" >"$work/$2.json" || {
		LC_ALL=C tr '\000-\010\013-\037\177' '?' <"$work/log" >&2
		fail "the policy in $1 cannot be read"
	}
	# Everything else in the root module that can change what the policy does.
	(cd "$1" && for file in *.tf *.tofu *.tf.json *.tofu.json *.sh .github/workflows/*.yml .gitlab-ci.yml; do
		case $file in *.tf | *.tofu) [ ! -f "$file" ] || printf '%s %s\n' "$(awk '/^variable[ \t]/, /^}/ {next} {print}' "$file" | cksum | tr ' ' -)" "$file" ;;
		*) [ ! -f "$file" ] || printf '%s %s\n' "$(cksum <"$file" | tr ' ' -)" "$file" ;;
		esac
	done) | jq -Rn '[inputs | capture("^(?<sum>[^ ]*) (?<name>.*)$")] | map({key: .name, value: .sum}) | from_entries' >"$work/$2.files.json"
}
policy "$1" base
policy "$2" head

# Escape names, so that they cannot become mentions, links, HTML or table cells. They are cut before that.
jq -rn --slurpfile base "$work/base.json" --slurpfile head "$work/head.json" \
	--slurpfile basefiles "$work/base.files.json" --slurpfile headfiles "$work/head.files.json" '
	def code: tostring | .[:200] | gsub("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]"; "\ufffd") | gsub("(?<c>[^A-Za-z0-9 _-])"; "&#\(.c | explode[0]);") | "<code>\(.)</code>";
	def say: if . == null then "off" elif type == "string" then . else tojson end;
	["low", "medium", "high", "critical"] as $ranks
	| def rank: . as $s | $ranks | index($s) // -1;
	# Defaults of modules/audit, so that leaving an input out compares as its default.
	{dormant_days: 90, minimum_administrators: 2, privilege_days: 30, quota_share: 0.9, review_days: 90, waiver_days: 366,
		require_single_sign_on: false, two_factor_by_absence: false, read_group: true, fail_on: "high"} as $defaults
	# Whether more is weaker (1) or less is weaker (-1). Null switches the control off, and is weaker.
	| {dormant_days: 1, minimum_administrators: -1, privilege_days: -1, quota_share: 1, review_days: 1, waiver_days: 1,
		member_daily_limit: 1, service_account_daily_limit: 1} as $numbers
	| {require_single_sign_on: true, read_group: true, two_factor_by_absence: false} as $strong
	| def input($name): if type == "object" and has($name) then .[$name] else $defaults[$name] end;
	# By kind: weaker, stronger, roster or other.
	def change($kind; $group; $what; $from; $to): {kind: $kind, group: $group, what: $what, from: $from, to: $to};
	def names: if type == "array" then map(tostring) else [] end;
	# A set of which null is the widest (quotas: all are judged) or switches the control off.
	def sets($group; $name; $b; $h; $added; $removed; $off): if $b == $h then empty
		elif $h == null then change($off; $group; $name; ($b | say); "null")
		elif $b == null then change(if $off == "weaker" then "stronger" else "weaker" end; $group; $name; "null"; ($h | say))
		else (($h | names) - ($b | names) | .[] | change($added; $group; $name; ""; .)), (($b | names) - ($h | names) | .[] | change($removed; $group; $name; .; "")) end;
	def key: [.who // "", .control // ""];
	def waivers($group; $b; $h):
		($h[] | . as $w | ([$b[] | select(key == ($w | key))] | last) as $old
			| ([$w.who // "the group", $w.control] | map(tostring) | join(": ")) as $about
			| if ([$b[] | select(. == $w)] | length) > 0 then empty
			elif $old == null then change("weaker"; $group; "waiver of \($about)"; ""; "until \($w.until), \($w.reason)")
			elif ($w.until // "") > ($old.until // "") then change("weaker"; $group; "waiver of \($about)"; "until \($old.until)"; "until \($w.until)")
			elif ($old.what != null and ($w.what == null or (($w.what | names) - ($old.what | names)) != []))
				then change("weaker"; $group; "waiver of \($about)"; ($old.what | say); (if $w.what == null then "everything" else $w.what | say end))
			else change("other"; $group; "waiver of \($about)"; ($old | del(.who, .control) | say); ($w | del(.who, .control) | say)) end),
		($b[] | . as $w | select(([$h[] | select(key == ($w | key))] | length) == 0)
			| change("stronger"; $group; "waiver of \([$w.who // "the group", $w.control] | map(tostring) | join(": "))"; "until \($w.until)"; ""));
	def roster($group; $b; $h):
		(["members", "administrators", "service_accounts"][] as $list | ($b[$list]?) as $old | ($h[$list]?) as $new
			| if $old == $new then empty
			elif $new == null then change("weaker"; $group; "roster: \($list)"; "\($old | names | length) accounts"; "not checked")
			elif $old == null then change("stronger"; $group; "roster: \($list)"; "not checked"; "\($new | names | length) accounts"), (($new | names)[] | change("roster"; $group; $list; ""; .))
			else (($new | names) - ($old | names) | .[] | change("roster"; $group; $list; ""; .)), (($old | names) - ($new | names) | .[] | change("roster"; $group; $list; .; "")) end),
		(($b.roles? // {}) as $old | ($h.roles? // {}) as $new
			| if ($b.roles?) != null and ($h.roles?) == null then change("weaker"; $group; "roster: roles"; "checked"; "not checked")
			else (($old + $new | keys[]) as $role | (($new[$role] | names) - ($old[$role] | names) | .[] | change("roster"; $group; $role; ""; .)),
				(($old[$role] | names) - ($new[$role] | names) | .[] | change("roster"; $group; $role; .; ""))) end),
		(["reviewed_on", "reviewed_by"][] as $name | select(($b[$name]?) != ($h[$name]?)) | change("other"; $group; "roster: \($name)"; ($b[$name]? | say); ($h[$name]? | say)));
	def known: ["roster", "waivers", "skip", "severity", "approvers", "allowed_domains", "quotas", "fail_on"] + ($numbers | keys) + ($strong | keys);
	def inputs_of($group; $b; $h):
		($numbers | to_entries[] as {key: $name, value: $sign} | ($b | input($name)) as $old | ($h | input($name)) as $new | select($old != $new)
			| change(if $new == null then "weaker" elif $old == null then "stronger" elif ($new - $old) * $sign > 0 then "weaker" else "stronger" end;
				$group; $name; ($old | say); ($new | say))),
		($strong | to_entries[] as {key: $name, value: $value} | ($b | input($name)) as $old | ($h | input($name)) as $new | select($old != $new)
			| change(if $new == $value then "stronger" else "weaker" end; $group; $name; ($old | say); ($new | say))),
		(($b | input("fail_on")) as $old | ($h | input("fail_on")) as $new | select($old != $new)
			| change(if ($new | rank) > ($old | rank) then "weaker" else "stronger" end; $group; "fail_on"; ($old | say); ($new | say))),
		sets($group; "allowed_domains"; $b.allowed_domains; $h.allowed_domains; "weaker"; "stronger"; "weaker"),
		sets($group; "approvers"; $b.approvers; $h.approvers; "weaker"; "stronger"; "weaker"),
		sets($group; "quotas"; $b.quotas; $h.quotas; "stronger"; "weaker"; "stronger"),
		(($b.skip // {}) as $old | ($h.skip // {}) as $new | ($old + $new | keys[]) as $control | select($old[$control] != $new[$control])
			| change(if $old[$control] == null then "weaker" elif $new[$control] == null then "stronger" else "other" end;
				$group; "skip \($control)"; ($old[$control] // "" | say); ($new[$control] // "" | say))),
		# Without a default to compare with, only critical is surely not weaker.
		(($b.severity // {}) as $old | ($h.severity // {}) as $new | ($old + $new | keys[]) as $control | select($old[$control] != $new[$control])
			| change(if $new[$control] == "critical" or ($old[$control] != null and ($new[$control] | rank) > ($old[$control] | rank)) then "stronger" else "weaker" end;
				$group; "severity of \($control)"; ($old[$control] // "default" | say); ($new[$control] // "default" | say))),
		waivers($group; $b.waivers // []; $h.waivers // []),
		(($b.roster // null) as $old | ($h.roster // null) as $new | roster($group; $old; $new)),
		((($b + $h) | keys[]) as $name | select((known | index($name)) == null and $b[$name] != $h[$name]) | change("other"; $group; $name; ($b[$name] | say); ($h[$name] | say)));
	# Budgets: what is higher, or gone, is weaker.
	def leaves: [paths(scalars) as $p | {key: ($p | map(tostring) | join(".")), value: getpath($p)}] | from_entries;
	def budgets($group; $b; $h): ($b | leaves) as $old | ($h | leaves) as $new | ($old + $new | keys[]) as $name | select($old[$name] != $new[$name])
		| change(if ($name | startswith("budgets.")) and ($new[$name] == null or ($old[$name] | type) == "number" and ($new[$name] | type) == "number" and $new[$name] > $old[$name])
			then "weaker" elif ($name | startswith("budgets.")) then "stronger" else "other" end; $group; "spend: \($name)"; ($old[$name] | say); ($new[$name] | say));
	($base[0]) as $b | ($head[0]) as $h
	| [
		(($b.groups // {}) as $old | ($h.groups // {}) as $new | ($old + $new | keys[]) as $group
			| if $new[$group] == null then change("weaker"; $group; "the group"; "audited"; "not audited")
			elif $old[$group] == null then change("stronger"; $group; "the group"; "not audited"; "audited"), inputs_of($group; {}; $new[$group])
			else inputs_of($group; $old[$group]; $new[$group]) end),
		(($b.spend // {}) as $old | ($h.spend // {}) as $new | ($old + $new | keys[]) as $group
			| if $new[$group] == null then change("weaker"; $group; "spend"; "watched"; "not watched")
			elif $old[$group] == null then change("stronger"; $group; "spend"; "not watched"; "watched")
			else budgets($group; $old[$group]; $new[$group]) end),
		(($b | keys) + ($h | keys) | unique[] | select(. != "groups" and . != "spend") | . as $name | select($b[$name] != $h[$name])
			| if $name == "fail_on" then change(if ($h.fail_on | rank) > ($b.fail_on | rank) then "weaker" else "stronger" end; ""; $name; ($b.fail_on | say); ($h.fail_on | say))
			elif $name == "enforce" then change(if $h.enforce then "stronger" else "weaker" end; ""; $name; ($b.enforce | say); ($h.enforce | say))
			elif $name == "at" then change("weaker"; ""; $name; ($b.at | say); ($h.at | say))
			else change("other"; ""; $name; ($b[$name] | say); ($h[$name] | say)) end),
		(($basefiles[0] + $headfiles[0] | keys[]) as $file | select($basefiles[0][$file] != $headfiles[0][$file])
			| change("other"; ""; "code"; (if $basefiles[0][$file] then $file else "" end); (if $headfiles[0][$file] then $file else "" end)))
	] as $changes
	| ["### Access policy", ""]
	+ (if $changes == [] then ["No changes."] else
		[{kind: "weaker", title: "Weaker"}, {kind: "stronger", title: "Stronger"}, {kind: "roster", title: "Roster"}, {kind: "other", title: "Other changes"}]
		| map(. as $section | [$changes[] | select(.kind == $section.kind)] | sort_by(.group, .what, .to, .from) | select(. != [])
			| ["**\($section.title)**", "", "| Group | What | Before | After |", "|---|---|---|---|"]
			+ (.[:60] | map("| \(if .group == "" then "" else .group | code end) | \(.what | code) | \(if .from == "" then "" else .from | code end) | \(if .to == "" then "" else .to | code end) |"))
			+ (if length > 60 then ["", "… and \(length - 60) more."] else [] end) + [""]) | add end)
	# A comment on GitHub can have 65,536 characters.
	| reduce .[] as $line ({text: "", cut: false}; if .cut then . elif (.text | length) + ($line | length) > 60000 then .cut = true else .text += $line + "\n" end)
	| .text + (if .cut then "\n… The rest is cut: run policy-diff.sh on your machine.\n" else "" end) | rtrimstr("\n")
'
