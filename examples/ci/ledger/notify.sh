#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
#
# Posts what a report changed, according to the ledger's plan, to a webhook of Slack, Mattermost or Google Chat:
#
#   ./notify.sh REPORT PLAN.json      # what is new, worse and overdue
#   ./notify.sh --failed REASON       # that there is no report: one line
#
# It needs jq and curl. NOTIFY_URL is the URL of the webhook. It is a secret: anyone who has it can post. Without it, nothing is
# posted. RUN_URL is the link for --failed; a report has its own. A message contains the severity, control, account and group of each
# finding, but no details, which can include e-mail addresses.
#
# It exits with 0 if the message was posted, or there was nothing to post, and with 2 if posting failed.
set -eu

# Pass the URL to curl on its standard input only, so that it is in no argument, environment or file.
url=${NOTIFY_URL:-}
unset NOTIFY_URL

fail() {
	echo "notify.sh: $*" >&2
	exit 2
}

[ $# -eq 2 ] || fail "usage: notify.sh REPORT PLAN.json, or notify.sh --failed REASON"
if [ -z "$url" ]; then
	echo "NOTIFY_URL is not set: nothing is posted."
	exit 0
fi
case $url in
*[!A-Za-z0-9._~:/?#!$\&\'\(\)*+,\;=%-]*) fail "NOTIFY_URL contains a character that is not allowed in the URL of a webhook" ;;
https://?*) ;;
http://127.0.0.1:*)
	port=${url#http://127.0.0.1:}
	case ${port%%/*} in
	'' | *[!0-9]*) fail "NOTIFY_URL must begin with https://" ;;
	esac
	;;
*) fail "NOTIFY_URL must begin with https://" ;;
esac

# Names come from outside. In a code fence, and without characters that could end it, they cannot become mentions, links or
# formatting. They are cut before characters in them are replaced.
plain='def plain: .[:200] | gsub("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]"; "\ufffd") | gsub("`"; "\u02cb") | gsub("@"; "\uff20")
	| gsub("<"; "\u2039") | gsub(">"; "\u203a") | gsub("&"; "\uff06") | if length == 200 then .[:199] + "…" else . end;
	def link: if (. // "" | test("^https://[A-Za-z0-9._~:/?#=%-]{1,500}$")) then [.] else [] end;'

if [ "$1" = --failed ]; then
	message=$(jq -cn --arg reason "$2" --arg run "${RUN_URL:-}" "$plain"'
		{text: (["The access audit failed, so there is no report.", "```", ($reason | plain), "```"] + ($run | link) | join("\n"))}') ||
		fail "the reason is not text"
else
	message=$(jq -cn --slurpfile report "$1" --slurpfile plan "$2" "$plain"'
		def s($n): if $n == 1 then "" else "s" end;
		$report[0] as $report | $plan[0] as $plan | $plan.planned_values.outputs as $now | $now.recorded.value as $ledger
		| if ($now.overdue | has("value")) and ($report.results | type == "object") then . else error end
		| ($plan.output_changes.recorded.actions != ["no-op"]) as $changed
		| ([$report.controls[] | to_entries[]] | map({key, value: .value.title}) | from_entries) as $titles
		| ["critical", "high", "medium", "low"] as $severities
		| def about($word): split("/") as $parts | {word: $word, id: ., severity: $ledger.findings[.].severity,
			title: ($titles[$parts[1]] // $parts[1]), who: ($parts[2] // "the group"), group: $parts[0]};
		(if $changed then $ledger.last else {new: [], worse: []} end) as $last
		| ([$now.overdue.value | keys[]] - [$plan.output_changes.overdue.before // {} | keys[]]) as $overdue
		| [($last.new[] | about("new")), ($last.worse[] | about("worse")), ($overdue[] | about("overdue"))]
		| map(.severity as $s | . + {rank: ($severities | index($s))}) | sort_by(.rank, .id, .word)
		| (if $changed then $now.not_looked_at.value // {} else {} end | length) as $unseen
		| (if $unseen > 0 then ["Not looked at: \($unseen) recorded finding\(s($unseen))."] else [] end
			+ ($report.run.url? | link)) as $tail
		| if $plan.variables.first.value == true then
			{text: ([("The ledger of the access audit begins with \($ledger.findings | length) findings: "
				+ ([$severities[] as $s | [$ledger.findings[] | select(.severity == $s and (.waived | not))] | length | select(. > 0) | "\(.) \($s)"]
					| if . == [] then "none open" else join(", ") end) + ".")] + $tail | join("\n"))}
		  elif . == [] and $unseen == 0 then empty
		  else
			{text: (["\([.[] | select(.word == "new")] | length) new, \([.[] | select(.word == "worse")] | length) worse and "
				+ "\([.[] | select(.word == "overdue")] | length) overdue findings in the access audit of \($report.at)"]
			+ (if . == [] then [] else ["```"] + [.[:20][] | "\(.word) \(.severity): \(.title | plain): \(.who | plain) (\(.group | plain))"]
				+ (if length > 20 then ["… and \(length - 20) more"] else [] end) + ["```"] end) + $tail | join("\n"))}
		  end
	') 2>/dev/null || fail "the plan was not made from this report"
fi
if [ -z "$message" ]; then
	echo "Nothing is new, worse or overdue: nothing is posted."
	exit 0
fi

# Discard curl's error messages, because they can contain the URL. -q ignores ~/.curlrc.
code=0
status=$(printf 'url = "%s"\nheader = "Content-Type: application/json"\ndata-raw = "%s"\n' \
	"$url" "$(printf %s "$message" | sed 's/[\\"]/\\&/g')" |
	curl -q --config - --silent --max-time 30 --output /dev/null --write-out '%{http_code}' 2>/dev/null) || code=$?
[ "$code" -eq 0 ] || fail "the webhook cannot be reached: curl exited with $code"
case $status in
2??) echo "Posted the changes." ;;
*) fail "the webhook responded with $status" ;;
esac
