#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
#
# Records a report of audit.sh in the ledger in this script's directory, and prints which findings are new, gone and overdue:
#
#   ./ledger.sh [--hold] REPORT [option of plan...]
#
# It needs terraform (1.5 or later) or tofu (1.6 or later) and jq. Run `terraform init` in its directory first. To use another
# command, set TERRAFORM. If NOTIFY_URL is set, notify.sh posts the new findings. With --hold, a report with a new finding that
# is critical or high is not recorded.
#
# Exit codes:
#   0  the report is recorded
#   1  --hold: a new finding is critical or high
#   2  the report was refused, its new findings could not be posted, or it could not be recorded
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
if [ "${1:-}" = --hold ]; then
	hold=yes
	shift
fi
case ${1:--} in
-*) fail "usage: ledger.sh [--hold] REPORT [option of plan...]" ;;
esac
cli=${TERRAFORM:-$(command -v terraform || command -v tofu || true)}
[ -n "$cli" ] || fail "neither terraform nor tofu is on the PATH"
command -v jq >/dev/null || fail "jq is not on the PATH"
[ ! -d "$1" ] || fail "$1 is a directory: name the report.json in it"
[ -f "$1" ] || fail "$1 does not exist"
report=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
shift
cd "$(dirname "$0")"

# A plan of a part of the configuration, or one that only refreshes, records nothing.
for option in "$@" ${TF_CLI_ARGS:-} ${TF_CLI_ARGS_plan:-}; do
	case $option in
	-target* | --target* | -exclude* | --exclude* | -refresh-only* | --refresh-only* | -destroy* | --destroy*)
		fail "with ${option%%=*}, the plan is not complete"
		;;
	esac
done

# Names come from outside, also in Terraform's messages. A terminal must not obey them, and no line may begin with what a CI system
# takes for a command. Character by character: replacing a class in a long text takes time that grows with the square of its length.
plain='def plain: explode | map(if . < 32 or (. >= 127 and . < 160) or . == 173 or . == 1564 or (. >= 8203 and . <= 8207)
	or (. >= 8232 and . <= 8238) or (. >= 8288 and . <= 8303) or . == 65279 or (. >= 917504 and . < 921600) then 65533 else . end)
	| implode | split("##") | join("# #");'
show_log() {
	jq -Rr "$plain"' "| \(plain)"' "$work/$1" >&2
}

work=$(mktemp -d)
if ! "$cli" plan -input=false -no-color "$@" -var "results=$report" -out="$work/plan" >"$work/log" 2>&1 ||
	! "$cli" show -json "$work/plan" >"$work/plan.json" 2>>"$work/log"; then
	sed -n '/^Error: /,$p' "$work/log" | grep . >"$work/errors" || cp "$work/log" "$work/errors"
	show_log errors
	fail "the plan failed"
fi

# The output must exist and be known: otherwise null could pass for an empty list.
jq -e '(.planned_values.outputs.overdue | has("value")) and .output_changes.overdue.after_unknown == false' \
	"$work/plan.json" >/dev/null || fail "the output overdue is missing from the plan, or not known"

grep '^Plan:' "$work/log" || echo "No finding is new or gone."
jq -r "$plain"'
	def padded($width): . + " " * ([$width - length, 0] | max) // .;
	[.resource_changes[]? | select(.type == "terraform_data" and .name == "finding")] as $findings
	| ($findings[] | select(.change.actions == ["create"]) | "  new      \(.change.after.input.severity | padded(8)) \(.index | plain)"),
	  ($findings[] | select(.change.actions == ["delete"]) | "  gone     \(.change.before.input.severity | padded(8)) \(.index | plain)"),
	  (.planned_values.outputs.overdue.value | to_entries[] | "  overdue  since \(.value[:10]) \(.key | plain)")
' "$work/plan.json" >"$work/changes"
cat "$work/changes"

./notify.sh "$report" "$work/plan.json" || fail "the new findings could not be posted, so the report is not recorded"

if [ -n "$hold" ] && grep -E '^  new ' "$work/changes" | grep -Evq '^  new      (medium|low) '; then
	echo "Not recorded: a new finding is critical or high."
	verdict=1
	exit
fi
"$cli" apply -input=false -no-color "$work/plan" >"$work/log" 2>&1 || {
	show_log log
	fail "the apply failed"
}
verdict=0
