#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
#
# Puts a report of audit.sh into the ledger beside this script, and says what is new and what is gone:
#
#   ./ledger.sh [--hold] REPORT [argument of plan...]
#
# It needs terraform (1.5 or later) or tofu (1.6 or later) and jq; run `terraform init` in its directory first. TERRAFORM
# names another command. notify.sh posts what is new, where NOTIFY_URL is set. With --hold, a report in which something new is
# critical or high is not put into the ledger.
#
# It ends with
#   0  the report is in the ledger
#   1  --hold: a new finding is critical or high
#   2  what is new is not known, could not be posted, or is not in the ledger
set -eu
unset CDPATH

# However this ends before a verdict, it is no verdict.
verdict=2
work=
trap '[ -z "$work" ] || rm -rf "$work"; exit "$verdict"' EXIT
trap 'exit 2' HUP INT TERM

unknown() {
	echo "ledger.sh: $*" >&2
	exit 2
}

hold=
if [ "${1:-}" = --hold ]; then
	hold=yes
	shift
fi
case ${1:--} in
-*) unknown "usage: ledger.sh [--hold] REPORT [argument of plan...]" ;;
esac
cli=${TERRAFORM:-$(command -v terraform || command -v tofu || true)}
[ -n "$cli" ] || unknown "neither terraform nor tofu is on the PATH"
command -v jq >/dev/null || unknown "jq is not on the PATH"
[ -f "$1" ] || unknown "there is no report $1"
report=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
shift
cd "$(dirname "$0")"

work=$(mktemp -d)
if ! "$cli" plan -input=false -no-color "$@" -var "results=$report" -out="$work/plan" >"$work/log" 2>&1 ||
	! "$cli" show -json "$work/plan" >"$work/plan.json" 2>>"$work/log"; then
	sed -n '/^Error: /,$p' "$work/log" | grep . >&2 || cat "$work/log" >&2
	unknown "the plan failed"
fi

# Null is no empty list: a plan without this output, or with an unknown one, is not this ledger's.
jq -e '(.planned_values.outputs.overdue | has("value")) and .output_changes.overdue.after_unknown == false' \
	"$work/plan.json" >/dev/null || unknown "not known after the plan: overdue"

# Names come from outside: what would steer a terminal is not printed.
grep -E '^(Plan:|No changes\.|Changes to Outputs)' "$work/log" | head -1 || true
jq -r '
	def plain: gsub("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]"; "\ufffd");
	def padded($width): . + " " * ([$width - length, 0] | max) // .;
	[.resource_changes[]? | select(.type == "terraform_data" and .name == "finding")] as $findings
	| ($findings[] | select(.change.actions == ["create"]) | "  new      \(.change.after.input.severity | padded(8)) \(.index | plain)"),
	  ($findings[] | select(.change.actions == ["delete"]) | "  gone     \(.change.before.input.severity | padded(8)) \(.index | plain)"),
	  (.planned_values.outputs.overdue.value | to_entries[] | "  overdue  since \(.value[:10]) \(.key | plain)")
' "$work/plan.json" >"$work/changes"
cat "$work/changes"

./notify.sh "$report" "$work/plan.json" || unknown "what is new was not posted, so it is not in the ledger"

if [ -n "$hold" ] && grep -E '^  new ' "$work/changes" | grep -Evq '^  new      (medium|low) '; then
	echo "Held: a new finding is critical or high."
	verdict=1
	exit
fi
"$cli" apply -input=false -no-color "$work/plan" >"$work/log" 2>&1 || {
	cat "$work/log" >&2
	unknown "the apply failed"
}
verdict=0
