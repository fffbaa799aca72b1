#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
#
# Posts the findings of a report that are new by the ledger's plan to a webhook of Slack, Mattermost or Google Chat:
#
#   ./notify.sh REPORT PLAN.json
#
# It needs jq and curl. NOTIFY_URL is the webhook's address, which is a secret: whoever has it can post. Without it nothing is
# posted. A message has severities, titles of controls, groups and accounts, and not what was found of an account.
#
# It ends with 0 (posted, or nothing to post) or 2 (not posted).
set -eu

# The address reaches curl on its standard input alone: no argument, no environment, no file.
url=${NOTIFY_URL:-}
unset NOTIFY_URL

fail() {
	echo "notify.sh: $*" >&2
	exit 2
}

[ $# -eq 2 ] || fail "usage: notify.sh REPORT PLAN.json"
if [ -z "$url" ]; then
	echo "NOTIFY_URL is not set: nothing is posted."
	exit 0
fi
case $url in
*[!A-Za-z0-9._~:/?#@!$\&\'\(\)*+,\;=%-]*) fail "NOTIFY_URL has a character that no URL has" ;;
https://?* | http://127.0.0.1:*) ;;
*) fail "NOTIFY_URL must begin with https://" ;;
esac

# An id or a name comes from outside. In a fence, and without what could end it, it is text: no mention, link or format.
message=$(jq -cn --slurpfile report "$1" --slurpfile plan "$2" '
	def plain: gsub("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]"; "\ufffd") | gsub("`"; "\u02cb") | gsub("@"; "\uff20") | gsub("<"; "\u2039")
		| gsub(">"; "\u203a") | gsub("&"; "\uff06") | if length > 200 then .[:199] + "…" else . end;
	$report[0] as $report | $plan[0] as $plan
	| if ($plan.planned_values.outputs.overdue | has("value")) and ($report.results | type == "object") then . else error end
	| ["critical", "high", "medium", "low"] as $severities
	| [$plan.resource_changes[]? | select(.type == "terraform_data" and .name == "finding" and .change.actions == ["create"])
	   | $report.results[.index] // error] | sort_by(.severity as $s | $severities | index($s))
	| if . == [] then empty else
		{text: (["New in the access audit of \($report.at): \(length)", "```"]
			+ [.[:20][] | "\(.severity): \($report.controls[.group][.control].title | plain): \(.who | plain) (\(.group | plain))"]
			+ (if length > 20 then ["… and \(length - 20) more"] else [] end) + ["```"] | join("\n"))}
	  end
') 2>/dev/null || fail "the report and the plan are not of one audit"
if [ -z "$message" ]; then
	echo "Nothing is new: nothing is posted."
	exit 0
fi

# What curl says of a failure may name the address. -q: nobody's ~/.curlrc adds to this.
code=0
status=$(printf 'url = "%s"\nheader = "Content-Type: application/json"\ndata-raw = "%s"\n' \
	"$url" "$(printf %s "$message" | sed 's/[\\"]/\\&/g')" |
	curl -q --config - --silent --max-time 30 --output /dev/null --write-out '%{http_code}' 2>/dev/null) || code=$?
[ "$code" -eq 0 ] || fail "the webhook cannot be reached: curl ended with $code"
case $status in
2??) echo "Posted what is new." ;;
*) fail "the webhook answered with $status" ;;
esac
