#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
#
# Posts the new findings of a report, according to the ledger's plan, to a webhook of Slack, Mattermost or Google Chat:
#
#   ./notify.sh REPORT PLAN.json
#
# It needs jq and curl. NOTIFY_URL is the URL of the webhook. It is a secret: anyone who has it can post. Without it, nothing is
# posted. A message contains the severity, control, account and group of each finding, but no details, which can include e-mail
# addresses.
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

[ $# -eq 2 ] || fail "usage: notify.sh REPORT PLAN.json"
if [ -z "$url" ]; then
	echo "NOTIFY_URL is not set: nothing is posted."
	exit 0
fi
case $url in
*[!A-Za-z0-9._~:/?#@!$\&\'\(\)*+,\;=%-]*) fail "NOTIFY_URL contains a character that is not allowed in a URL" ;;
https://?*) ;;
http://127.0.0.1:*)
	# Anything but a port, such as a password before "@", would lead elsewhere.
	port=${url#http://127.0.0.1:}
	case ${port%%/*} in
	'' | *[!0-9]*) fail "NOTIFY_URL must begin with https://" ;;
	esac
	;;
*) fail "NOTIFY_URL must begin with https://" ;;
esac

# Names come from outside. In a code fence, and without characters that could end it, they cannot become mentions, links or
# formatting.
message=$(jq -cn --slurpfile report "$1" --slurpfile plan "$2" '
	def plain: if length > 200 then .[:199] + "…" else . end
		| gsub("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]"; "\ufffd") | gsub("`"; "\u02cb") | gsub("@"; "\uff20") | gsub("<"; "\u2039")
		| gsub(">"; "\u203a") | gsub("&"; "\uff06");
	$report[0] as $report | $plan[0] as $plan
	| if ($plan.planned_values.outputs.overdue | has("value")) and ($report.results | type == "object") then . else error end
	| ["critical", "high", "medium", "low"] as $severities
	| [$plan.resource_changes[]? | select(.type == "terraform_data" and .name == "finding" and .change.actions == ["create"])
	   | $report.results[.index] // error] | sort_by(.severity as $s | $severities | index($s))
	| if . == [] then empty else
		{text: (["\(length) new finding\(if length == 1 then "" else "s" end) in the access audit of \($report.at)", "```"]
			+ [.[:20][] | "\(.severity): \($report.controls[.group][.control].title | plain): \(.who | plain) (\(.group | plain))"]
			+ (if length > 20 then ["… and \(length - 20) more"] else [] end) + ["```"] | join("\n"))}
	  end
') 2>/dev/null || fail "the plan was not made from this report"
if [ -z "$message" ]; then
	echo "There are no new findings: nothing is posted."
	exit 0
fi

# Discard curl's error messages, because they can contain the URL. -q ignores ~/.curlrc.
code=0
status=$(printf 'url = "%s"\nheader = "Content-Type: application/json"\ndata-raw = "%s"\n' \
	"$url" "$(printf %s "$message" | sed 's/[\\"]/\\&/g')" |
	curl -q --config - --silent --max-time 30 --output /dev/null --write-out '%{http_code}' 2>/dev/null) || code=$?
[ "$code" -eq 0 ] || fail "the webhook cannot be reached: curl exited with $code"
case $status in
2??) echo "Posted the new findings." ;;
*) fail "the webhook responded with $status" ;;
esac
