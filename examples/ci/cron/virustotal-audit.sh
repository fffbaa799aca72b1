#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
#
# Runs the audit and updates the ledger, for cron. ../README.md lists the files that the directory must have. The secrets are
# files that only this user can read:
#
#   virustotal-audit.sh DIRECTORY [--first]
#
# --first begins the ledger.
#
# Exit codes: 0 if the gate passed, 1 if it failed, 2 if something could not be
# read, there is no report, or the ledger could not be updated. The script
# prints nothing if it exits with 0, so that cron sends no mail.
set -eu
umask 077
cd "${1:?usage: virustotal-audit.sh DIRECTORY [--first]}"
shift

secret() {
	[ ! -f "$1" ] || cat "$1"
}
VIRUSTOTAL_API_KEY=$(secret api-key)
NOTIFY_URL=$(secret notify-url)
export VIRUSTOTAL_API_KEY NOTIFY_URL

# A report can exist even if something could not be read (2): the ledger keeps what was not looked at.
verdict=0
touch started
./audit.sh reports >audit.log 2>&1 || verdict=$?
if [ reports/report.json -nt started ]; then
	ledger/ledger.sh "$@" reports/report.json >>audit.log 2>&1 || verdict=2
else
	verdict=2
	ledger/notify.sh --failed "$(tail -n 1 audit.log)" >>audit.log 2>&1 || true
fi
rm -f started
[ "$verdict" -eq 0 ] || cat audit.log
exit "$verdict"
