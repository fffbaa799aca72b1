#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
#
# One night's audit, for cron. The directory has what ../README.md lists. A secret is a file that this user alone can read:
#
#   virustotal-audit.sh DIRECTORY
#
# It ends with 0 (nothing bars), 1 (something does) or 2 (not everything was read, or the ledger was not written). It prints nothing
# where nothing bars, so that cron sends a mail only where something does.
set -eu
umask 077
cd "${1:?usage: virustotal-audit.sh DIRECTORY}"

secret() {
	[ ! -f "$1" ] || cat "$1"
}
VIRUSTOTAL_API_KEY=$(secret api-key)
NOTIFY_URL=$(secret notify-url)
export VIRUSTOTAL_API_KEY NOTIFY_URL

verdict=0
./audit.sh reports >audit.log 2>&1 || verdict=$?
if [ "$verdict" -le 1 ]; then
	ledger/ledger.sh reports/report.json >>audit.log 2>&1 || verdict=2
else
	verdict=2
fi
[ "$verdict" -eq 0 ] || cat audit.log
exit "$verdict"
