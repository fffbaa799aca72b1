#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
#
# Plans the root module in the current directory once, writes the reports to a directory, and prints a summary:
#
#   ./audit.sh DIR [option of plan...]
#
# It needs terraform (1.5 or later) or tofu (1.6 or later), jq, and VIRUSTOTAL_API_KEY, the API key of an administrator of
# all groups. Run `terraform init` first, or `terraform get` with dev_overrides. To use another command than terraform or
# tofu on the PATH, set TERRAFORM.
#
# Exit codes:
#   0  the gate passed
#   1  the gate failed by a finding: it has the severity `fail_on` or above, and is not waived
#   2  the gate failed only by what could not be read or judged, nothing was audited, or there are no reports of this run: the
#      plan failed, was not complete, or has outputs that are not known until apply
#
# The reports of an earlier run are replaced only by those of this one.
set -eu
unset CDPATH
export LC_ALL=C

# The exit code until there is a verdict.
verdict=2
work=
beside=
trap '[ -z "$work" ] || rm -rf "$work"; [ -z "$beside" ] || rm -rf "$beside"; exit "$verdict"' EXIT
trap 'exit 2' HUP INT TERM PIPE

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
mkdir -p "$1"
out=$(cd "$1" && pwd)
shift

# The root module is the current directory, or the one that -chdir names.
root=
for file in ./*.tf ./*.tf.json ./*.tofu ./*.tofu.json; do
	[ ! -f "$file" ] || root=$(pwd)
done
[ -n "$root" ] || fail "there is no configuration in $(pwd): no *.tf, *.tf.json, *.tofu or *.tofu.json"
echo "Auditing the root module in $root."

# A plan of a part of the configuration takes the rest from an old state.
for option in "$@" ${TF_CLI_ARGS:-} ${TF_CLI_ARGS_plan:-}; do
	case $option in
	-target* | --target* | -exclude* | --exclude* | -refresh-only* | --refresh-only* | -destroy* | --destroy*)
		fail "with ${option%%=*}, the plan is not complete"
		;;
	esac
done

# What runs the audit. The reports show it.
run() {
	if [ -n "${GITHUB_ACTIONS:-}" ]; then
		set -- "${GITHUB_SHA:-}" "${GITHUB_WORKFLOW:-} #${GITHUB_RUN_NUMBER:-}" "${GITHUB_ACTOR:-}" \
			"${GITHUB_SERVER_URL:-}/${GITHUB_REPOSITORY:-}/actions/runs/${GITHUB_RUN_ID:-}"
	elif [ -n "${GITLAB_CI:-}" ]; then
		set -- "${CI_COMMIT_SHA:-}" "${CI_PROJECT_PATH:-} #${CI_PIPELINE_IID:-}" "${GITLAB_USER_LOGIN:-}" "${CI_PIPELINE_URL:-}"
	else
		set -- "$(git rev-parse HEAD 2>/dev/null || true)" "" "$(id -un 2>/dev/null || true)" ""
	fi
	jq -cn --arg commit "$1" --arg pipeline "$2" --arg actor "$3" --arg url "$4" --arg time "$(date -u +%Y-%m-%dT%H:%M:%SZ)" \
		--arg changed "$(git status --porcelain 2>/dev/null | head -n 1)" --arg version "$("$cli" version 2>/dev/null | head -n 1)" '
		{$commit, $pipeline, $actor, $url, $time, "Terraform": $version,
			"working tree": (if $changed == "" then "" else "has changes that are not committed" end)} | with_entries(select(.value != ""))'
}

# The plan contains the members' personal data: only this user can read it, and it is deleted when the script ends.
work=$(mktemp -d)
planned=0
TF_VAR_run=${TF_VAR_run:-$(run)}
export TF_VAR_run

# Names come from outside, also in Terraform's messages. A terminal must not obey them, and no line may begin with what a CI system
# takes for a command. Character by character: replacing a class in a long text takes time that grows with the square of its length.
plain='def plain: explode | map(if . < 32 or (. >= 127 and . < 160) or . == 173 or . == 1564 or (. >= 8203 and . <= 8207)
	or (. >= 8232 and . <= 8238) or (. >= 8288 and . <= 8303) or . == 65279 or (. >= 917504 and . < 921600) then 65533 else . end)
	| implode | split("##") | join("# #");'
show_log() {
	jq -Rr "$plain"' "| \(plain)"' "$work/log" >&2
}

(umask 077 && "$cli" plan -input=false -lock=false -no-color "$@" -out="$work/plan" -var=enforce=true -detailed-exitcode=false >"$work/log" 2>&1) ||
	planned=$?
if [ ! -s "$work/plan" ] || ! "$cli" show -json "$work/plan" >"$work/plan.json" 2>>"$work/log"; then
	show_log
	fail "the plan failed"
fi

# One pass over the plan, which can be large. It prints the verdict and the files: each begins with a line of its name, and each of
# its lines with a space.
#
# Each output must exist and be known completely: otherwise a null could pass for an empty list. A value is known if after_unknown is
# false; it can also be true or a tree.
jq -r --argjson planned "$planned" "$plain"'
	. as $plan
	| ["findings", "controls", "report", "roster"] as $outputs
	| [$outputs[] | select($plan.planned_values.outputs[.] | has("value")? // false | not)] as $missing
	| [$plan.output_changes // {} | to_entries[] | select(.value.after_unknown != false) | .key] as $unknown
	| [.checks // [] | .[] | select(.address.kind == "output_value" and .address.name == "gate" and .address.module == null) | .status] as $gate
	| $plan.planned_values.outputs.report.value as $report
	| if $planned != 0 and $gate != ["fail"] then "the plan failed"
	  elif $missing + $unknown != [] then "not known after the plan: " + ($missing + $unknown | unique | join(", "))
	  elif $planned == 0 and $plan.complete == false then "the plan is not complete"
	  elif $planned == 1 and $gate == ["fail"] and $report.verdict != "passed" then $report.verdict
	  elif $planned == 0 and $gate == ["pass"] and $report.verdict == "passed" then "passed"
	  else "the plan exited with \($planned), its gate is \($gate[0] // "missing"), and its verdict \($report.verdict)" end
	| . as $state
	| if [$state] | inside(["passed", "failed", "nothing audited"]) then
		($report.json | fromjson) as $json
		| ["critical", "high", "medium", "low"] as $severities
		| def padded($width): . + " " * ([$width - length, 0] | max) // .;
		  def counted: . as $all | [$severities[] as $s | [$all[] | select(.severity == $s)] | length | select(. > 0) | "\(.) \($s)"] | join(", ");
		  def short: if length > 300 then .[:299] + "…" else . end | plain;
		  def thousands: floor | tostring | explode | reverse
			| [range(0; length) as $i | if $i > 0 and $i % 3 == 0 then 44, .[$i] else .[$i] end] | reverse | implode;
		  def day: strptime("%Y-%m-%d") | strftime("%e %B") | ltrimstr(" ");
		  # A quota in words, and the five accounts that used most of it.
		  def spent: (.quotas | to_entries[] | .key as $quota | .value
			| "  \($quota | short): "
				+ (if .used == null then "what was used is not known"
				  elif (.allowed // 0) <= 0 or .allowed == 1000000000 or .allowed == 60000000000 then "\(.used | thousands) used"
				  else "\(.used * 100 / .allowed | floor) % used" end)
				+ (if .days == null or .elapsed == null then "" else " on day \([.days, (.elapsed | floor) + 1] | min) of \(.days)" end)
				+ (if .runs_out_on != null then "; at this pace used up on \(.runs_out_on | day), "
					+ ((((.resets_on | strptime("%Y-%m-%d") | mktime) - (.runs_out_on | strptime("%Y-%m-%d") | mktime)) / 86400) | if . == 1 then "1 day" else "\(.) days" end)
					+ " before it is reset"
				  elif .projected == null then "; no projection"
				  else "; at this pace \(.projected | thousands) at the end of the month" end)),
			([.accounts[] | select(.used != null and .used > 0)] | group_by(.quota)[] | sort_by(-.used)[:5]
			  | "    most of \(.[0].quota | short): "
				+ (map("\(.id | short) \(.used | thousands)"
					+ (if .budget != null and .used > .budget then " (over its budget of \(.budget | thousands))" else "" end)) | join(", ")));
		  [$json.controls | keys[] as $group
			| [$json.results[] | select(.group == $group and .status != "waived")] as $found
			| ([$json.results[] | select(.group == $group and .status == "waived")] | length) as $waived
			| [$json.controls[$group][]] as $controls
			| ([$controls[] | select(.status != "skip")]) as $judged
			| "Group \($group | short): \(if $found == [] then "no findings" else $found | counted end); \($waived) waived; "
				+ "\([$judged[] | select(.status == "ok")] | length) of \($judged | length) controls passed, "
				+ "\([$judged[] | select(.status == "error")] | length) not evaluated, \($controls - $judged | length) skipped",
			  ($found | sort_by(.severity as $s | $severities | index($s)) | .[:40][]
				| "  \(.severity | padded(8)) \(.control | short | padded(36)) \(.who | short | padded(20)) \(.why | short)"),
			  if $found[40:] == [] then empty else "  … and \($found[40:] | length) more" end,
			  (($json.spends // {})[$group] // empty | spent)]
		+ (if ($json.unaudited // []) == [] then [] else ["Not audited: " + ($json.unaudited | map(short) | join(", "))] end)
		| join("\n") as $summary
		| ([$report.failing[] as $id | $json.results[$id].status] | if index("alarm") then 1 else 2 end) as $failed
		| {
			"state": {passed: "0", failed: "\($failed)", "nothing audited": "2"}[$state],
			"summary": $summary,
			"report.md": $report.markdown, "report.html": $report.html, "report.sarif": $report.sarif, "report.junit.xml": $report.junit,
			"report.csv": $report.csv, "accounts.csv": $report.accounts_csv, "report.ocsf.ndjson": $report.ocsf, "report.json": $report.json,
			"report.prom": $report.prometheus, "roster.json": ($plan.planned_values.outputs.roster.value | tojson)
		  }
	  else {"state": $state} end
	| to_entries[] | .key, (.value | select(. != "") | rtrimstr("\n") | split("\n")[] | " " + .)
' "$work/plan.json" >"$work/files" || fail "the outputs of the plan cannot be read"
rm -f "$work/plan.json"

# Write beside, then rename: a full disk leaves the reports of the earlier run.
beside=$(mktemp -d "$out/.audit.XXXXXX")
awk -v into="$beside/" '/^[^ ]/ { if (file) close(file); file = into $0; printf "" > file; next } { print substr($0, 2) > file }' "$work/files" ||
	fail "the reports cannot be written to $out"
state=$(cat "$beside/state")
case $state in
0 | 1 | 2) ;;
*)
	show_log
	fail "$state"
	;;
esac
cat "$beside/summary"
rm -f "$beside/state" "$beside/summary"
if command -v sha256sum >/dev/null; then sums=sha256sum; else sums="shasum -a 256"; fi
(cd "$beside" && $sums -- * >"$work/sums" && cp "$work/sums" SHA256SUMS) || fail "the reports cannot be written to $out"
chmod -R u=rwX,go=rX "$beside"
mv -f "$beside"/* "$out"/ || fail "the reports cannot be written to $out"

echo "Written to $out."
case $state in
0) echo "Gate passed." ;;
1) echo "Gate failed." ;;
2) echo "Gate failed: something could not be read or judged, or nothing was audited." ;;
esac
verdict=$state
