#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
#
# Records a report of audit.sh in the ledger in this script's directory, and prints what changed since the last report:
#
#   ./ledger.sh [--first] [--hold] REPORT [option of plan...]
#
# It needs terraform (1.5 or later) or tofu (1.6 or later) and jq. Run `terraform init` in its directory first. To use another
# command, set TERRAFORM. If NOTIFY_URL is set, notify.sh posts what is new, worse and overdue. The first report needs --first. With
# --hold, a report with findings that are new, worse or overdue is not recorded.
#
# Exit codes:
#   0  the report is recorded
#   1  --hold: findings are new, worse or overdue
#   2  the report was refused, its changes could not be posted, or it could not be recorded
set -eu
unset CDPATH

# The exit code until there is a verdict.
verdict=2
work=
trap '[ -z "$work" ] || rm -rf "$work"; exit "$verdict"' EXIT
trap 'exit 2' HUP INT TERM PIPE

fail() {
	echo "ledger.sh: $*" >&2
	exit 2
}

hold=
first=
while :; do
	case ${1:-} in
	--hold) hold=yes ;;
	--first) first=yes ;;
	*) break ;;
	esac
	shift
done
case ${1:--} in
-*) fail "usage: ledger.sh [--first] [--hold] REPORT [option of plan...]" ;;
esac
cli=${TERRAFORM:-$(command -v terraform || command -v tofu || true)}
[ -n "$cli" ] || fail "neither terraform nor tofu is on the PATH"
command -v jq >/dev/null || fail "jq is not on the PATH"
[ ! -d "$1" ] || fail "$1 is a directory: name the report.json in it"
[ -f "$1" ] || fail "$1 does not exist"
report=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
shift
cd "$(dirname "$0")"

work=$(mktemp -d)

# Names come from outside, also in Terraform's messages. A terminal must not obey them, and no line may begin with what a CI system
# takes for a command. Character by character: replacing a class in a long text takes time that grows with the square of its length.
plain='def plain: explode | map(if . < 32 or (. >= 127 and . < 160) or . == 173 or . == 1564 or (. >= 8203 and . <= 8207)
	or (. >= 8232 and . <= 8238) or (. >= 8288 and . <= 8303) or . == 65279 or (. >= 917504 and . < 921600) then 65533 else . end)
	| implode | split("##") | join("# #");'
show_log() {
	jq -Rr "$plain"' "| \(plain)"' "$work/$1" >&2
}

# The ledger is the output of the last run.
"$cli" output -json -no-color >"$work/outputs.json" 2>"$work/log" || {
	show_log log
	fail "the ledger cannot be read"
}
if jq -e 'has("recorded")' "$work/outputs.json" >/dev/null; then
	[ -z "$first" ] || fail "there is a ledger already: run it without --first"
	jq '{recorded: .recorded.value}' "$work/outputs.json" >"$work/recorded.tfvars.json"
else
	[ -n "$first" ] || fail "there is no ledger yet, or its state is lost. For the first report, run it with --first."
	echo '{"first": true}' >"$work/recorded.tfvars.json"
fi

plan() {
	"$cli" plan -input=false -no-color "$@" -var "results=$report" -var-file="$work/recorded.tfvars.json" -out="$work/plan" >"$work/log" 2>&1
}
if ! plan "$@" || ! "$cli" show -json "$work/plan" >"$work/plan.json" 2>>"$work/log"; then
	sed -n '/^Error: /,$p' "$work/log" | grep . >"$work/errors" || cp "$work/log" "$work/errors"
	show_log errors
	fail "the plan failed"
fi

# The plan must be complete, and its outputs known: otherwise null could pass for an empty ledger.
jq -e '.complete != false and .errored != true
	and (.planned_values.outputs | has("recorded") and has("overdue"))
	and ([.output_changes.recorded, .output_changes.overdue | .after_unknown] | all(. == false))' \
	"$work/plan.json" >/dev/null || fail "the plan is not complete: it has no output recorded, or a target"

jq -r "$plain"'
	def padded($width): . + " " * ([$width - length, 0] | max) // .;
	.planned_values.outputs as $now | $now.recorded.value as $ledger | $ledger.last as $last
	| (.output_changes.recorded.before // {findings: {}}) as $before
	| def line($word; $since): "  \($word | padded(8)) \((.severity // "") | padded(8)) \(.id | .[:200] | plain)";
	def findings($word; $ids; $of): $ids[] as $id | ($of[$id] // {}) + {id: $id} | line($word; "");
	if .variables.first.value == true then
		"The ledger begins with \($ledger.findings | length) findings."
	elif .output_changes.recorded.actions == ["no-op"] then
		"No finding is new, gone or changed."
	else
		findings("new"; $last.new; $ledger.findings),
		findings("worse"; $last.worse; $ledger.findings),
		findings("eased"; $last.eased; $ledger.findings),
		findings("gone"; $last.gone; $before.findings),
		($last.policy_changed[] | "  policy   changed  \(.[:200] | plain)")
	end,
	($now.overdue.value | to_entries[] | "  overdue  since \(.value[:10]) \(.key | .[:200] | plain)"),
	($now.not_looked_at.value // {} | length | if . > 0 then "Not looked at: \(.) recorded findings." else empty end)
' "$work/plan.json" >"$work/changes"
cat "$work/changes"

./notify.sh "$report" "$work/plan.json" || fail "the changes could not be posted, so the report is not recorded"

if [ -n "$hold" ] && ! plan "$@" -var hold=true; then
	echo "Not recorded: findings are new, worse or overdue."
	verdict=1
	exit
fi
"$cli" apply -input=false -no-color "$work/plan" >"$work/log" 2>&1 || {
	show_log log
	fail "the apply failed"
}

# What was applied must be what was planned. With -refresh-only, for example, Terraform would apply nothing.
"$cli" output -json -no-color >"$work/outputs.json" 2>"$work/log" &&
	jq -e --slurpfile plan "$work/plan.json" '.recorded.value == $plan[0].planned_values.outputs.recorded.value' \
		"$work/outputs.json" >/dev/null || fail "the report is not recorded: the plan was not applied as a whole"
verdict=0
