#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
#
# Runs the audit and updates the ledger, for cron. ../README.md lists the files that the directory must have. The secrets are
# files that only this user can read:
#
#   virustotal-audit.sh DIRECTORY [--first]
#
# --first begins the ledger. The reports are in reports/YYYY-MM-DD, in UTC, and reports/latest is a link to the last ones. The
# reports of the last KEEP_DAYS days with a report are kept, 400 by default. A run without a report deletes nothing.
#
# Exit codes: 0 if the gate passed, 1 if it failed, 2 if something could not be
# read, there is no report, or the ledger could not be updated. The script
# prints nothing if it exits with 0, so that cron sends no mail.
set -eu
umask 077
cd "${1:?usage: virustotal-audit.sh DIRECTORY [--first]}"
shift

keep=${KEEP_DAYS:-400}
case $keep in
0* | *[!0-9]*)
	echo "virustotal-audit.sh: KEEP_DAYS must be a number of days above 0" >&2
	exit 2
	;;
esac

secret() {
	[ ! -f "$1" ] || cat "$1"
}
VIRUSTOTAL_API_KEY=$(secret api-key)
NOTIFY_URL=$(secret notify-url)
export VIRUSTOTAL_API_KEY NOTIFY_URL

audit() {
	# terraform init links to a provider that make install installed for another user.
	for provider in .terraform/providers/*/*/*/*/*; do
		if [ -L "$provider" ] && [ ! -r "$provider/" ]; then
			echo "virustotal-audit.sh: $(id -un) cannot read $(readlink "$provider"): run make install and terraform init as this user"
			return 2
		fi
	done
	./audit.sh "$reports"
}

# A report can exist even if something could not be read (2): the ledger keeps what was not looked at.
verdict=0
reports=reports/$(date -u +%Y-%m-%d)
touch started
audit >audit.log 2>&1 || verdict=$?
if [ -n "$(find "$reports/report.json" -newer started 2>/dev/null)" ]; then
	ln -sfn "${reports#reports/}" reports/latest
	ledger/ledger.sh "$@" "$reports/report.json" >>audit.log 2>&1 || verdict=2
	printf '%s\n' reports/[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] | sort -r | tail -n "+$((keep + 1))" | while read -r old; do
		rm -rf "$old"
	done
else
	verdict=2
	rmdir "$reports" 2>/dev/null || true # Empty, unless there was a report before.
	ledger/notify.sh --failed "$(tail -n 1 audit.log)" >>audit.log 2>&1 || true
fi
rm -f started
[ "$verdict" -eq 0 ] || cat audit.log
exit "$verdict"
