#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
#
# Plans once, writes the reports to a directory, and prints a summary:
#
#   ./audit.sh DIR [option of plan...]
#
# It needs terraform (1.5 or later) or tofu (1.6 or later), jq, and VIRUSTOTAL_API_KEY, the API key of an administrator of
# all groups. Run `terraform init` first, or `terraform get` with dev_overrides. To use another command than terraform or
# tofu on the PATH, set TERRAFORM. The root module is the current directory or, if that has no configuration, the directory
# of this script.
#
# Exit codes:
#   0  the gate passed
#   1  the gate failed: a finding has the severity `fail_on` or above, and is not waived
#   2  no verdict: the plan failed, an output is not known until apply, or the gate would pass although a list was not read
#      completely
set -eu
unset CDPATH

# The exit code until there is a verdict.
verdict=2
work=
trap '[ -z "$work" ] || rm -rf "$work"; exit "$verdict"' EXIT
trap 'exit 2' HUP INT TERM

fail() {
	echo "audit.sh: $*" >&2
	exit 2
}

case ${1:--} in
-*) fail "usage: audit.sh DIR [option of plan...]" ;;
esac
cli=${TERRAFORM:-$(command -v terraform || command -v tofu || true)}
[ -n "$cli" ] || fail "neither terraform nor tofu is on the PATH"
command -v jq >/dev/null || fail "jq is not on the PATH"

# Remove the reports of an earlier run, so that they are not mistaken for those of this one.
mkdir -p "$1"
out=$(cd "$1" && pwd)
shift
rm -f "$out"/report.md "$out"/report.html "$out"/report.sarif "$out"/report.junit.xml "$out"/report.csv \
	"$out"/report.ocsf.ndjson "$out"/report.json "$out"/roster.json
case $(echo ./*.tf) in
'./*.tf') cd "$(dirname "$0")" ;;
esac

# The plan contains the members' personal data: only this user can read it, and it is deleted when the script ends.
work=$(mktemp -d)
planned=0
"$cli" plan -input=false -lock=false -no-color "$@" -out="$work/plan" -var=enforce=true -detailed-exitcode=false >"$work/log" 2>&1 || planned=$?
if [ ! -s "$work/plan" ] || ! "$cli" show -json "$work/plan" >"$work/plan.json" 2>>"$work/log"; then
	cat "$work/log" >&2
	fail "the plan failed"
fi

# Each output must exist and be known completely: otherwise a null could pass for an empty list. A value is known if
# after_unknown is false; it can also be true or a tree.
state=$(jq -r --argjson planned "$planned" '
	. as $plan
	| ["findings", "controls", "report", "roster"] as $outputs
	| [$outputs[] | select($plan.planned_values.outputs[.] | has("value")? // false | not)] as $missing
	| [$plan.output_changes // {} | to_entries[] | select(.value.after_unknown != false) | .key] as $unknown
	| [.checks // [] | .[] | select(.address.kind == "output_value" and .address.name == "gate" and .address.module == null) | .status] as $gate
	| if $planned != 0 and $gate != ["fail"] then "the plan failed"
	  elif $missing + $unknown != [] then "not known after the plan: " + ($missing + $unknown | unique | join(", "))
	  elif $planned == 1 and $gate == ["fail"] then "failed"
	  elif $planned == 0 and $gate == ["pass"] then "passed"
	  else "the plan exited with \($planned), and its gate is \($gate[0] // "missing")" end
' "$work/plan.json")
case $state in
passed | failed) ;;
*)
	cat "$work/log" >&2
	fail "$state"
	;;
esac

# Write each format of the report.
for format in $(jq -r '.planned_values.outputs.report.value | keys[]' "$work/plan.json"); do
	case $format in
	markdown) file=report.md ;;
	junit) file=report.junit.xml ;;
	ocsf) file=report.ocsf.ndjson ;;
	*) file=report.$format ;;
	esac
	jq -j --arg format "$format" '.planned_values.outputs.report.value[$format]' "$work/plan.json" >"$out/$file"
done
jq '.planned_values.outputs.roster.value' "$work/plan.json" >"$out/roster.json"

# Replace control characters, since names come from outside.
jq -r '
	["critical", "high", "medium", "low"] as $severities
	| def plain: gsub("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]"; "\ufffd");
	  def padded($width): . + " " * ([$width - length, 0] | max) // .;
	  def counted($results): [$severities[] as $s | [$results[] | select(.severity == $s)] | length | select(. > 0) | "\(.) \($s)"] | join(", ");
	.results as $all
	| (.controls | keys[]) as $group
	| [$all[] | select(.group == $group and .status != "waived")] as $found
	| ([$all[] | select(.group == $group and .status == "waived")] | length) as $waived
	| [.controls[$group][] | select(.status == "ok")] as $ok
	| "\($group | plain): \(if $found == [] then "no findings" else counted($found) end); \($waived) waived; \($ok | length) of \([.controls[$group][] | select(.status != "skip")] | length) controls passed",
	  ($found | sort_by(.severity as $s | $severities | index($s)) | .[:40][]
	    | "  \(.severity | padded(8)) \(.control | padded(36)) \(.who | plain | padded(20)) \(.why | plain)"),
	  if $found[40:] == [] then empty else "  … and \($found[40:] | length) more" end
' "$out/report.json"

# An incomplete group is an error even if the policy gives `incomplete` a severity below `fail_on`.
unread=$(jq -r '[.results[] | select(.control == "incomplete" and .status == "error") | .group] | unique | join(", ")' "$out/report.json")
echo "Written to $out."
case $state in
failed)
	echo "Gate failed."
	verdict=1
	;;
*)
	[ -z "$unread" ] || fail "not read completely: $unread"
	echo "Gate passed."
	verdict=0
	;;
esac
