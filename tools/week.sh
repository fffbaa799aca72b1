#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
#
# Audits the fake VirusTotal's company on the seven days of a week, and records each report in examples/ci/ledger, as in the guide
# "What changed since yesterday".
set -eu
cd "$(dirname "$0")/.."

TERRAFORM=$(./tools/terraform.sh)
export TERRAFORM TF_CLI_CONFIG_FILE="$PWD/build/dev.tfrc" TF_IN_AUTOMATION=1
unset NOTIFY_URL VIRUSTOTAL_REQUESTS_PER_MINUTE VIRUSTOTAL_MAX_RETRIES VIRUSTOTAL_MAX_RETRY_WAIT VIRUSTOTAL_REQUEST_TIMEOUT

# Use a copy, so that the ledger's state is in build/.
rm -rf build/week
mkdir build/week
cp -R examples modules build/week
cd build/week
rm -rf examples/audit/tests examples/*/.terraform examples/ci/ledger/.terraform examples/ci/ledger/terraform.tfstate*
"$TERRAFORM" -chdir=examples/audit get >/dev/null
"$TERRAFORM" -chdir=examples/ci/ledger init -input=false >/dev/null

n=0
for day in Monday Tuesday Wednesday Thursday Friday Saturday Sunday; do
	n=$((n + 1))
	at=2026-11-$((22 + n))T03:00:00Z
	policy=policy.tfvars first=
	[ "$n" -lt 5 ] || policy=friday.tfvars # Merged on Thursday.
	[ "$n" -gt 1 ] || first=--first
	printf '\n== %s\n' "$day"
	# The gate fails on each day, so the expected exit code is 1.
	code=0
	(cd examples/audit && ../../../fakevt -day "$n" -now "$at" \
		./audit.sh "../../$day" -var-file="../week/$policy" -var "at=$at") >log 2>&1 || code=$?
	[ "$code" -eq 1 ] || {
		cat log
		exit 2
	}
	grep '^Group ' log || true
	examples/ci/ledger/ledger.sh $first "$day/report.json" | grep -v '^NOTIFY_URL '
done

cat <<'NEXT'

Next: build/week/Sunday/report.html        # Sunday's findings as a page
      docs/guides/what-changed.md          # the same week, step by step
      examples/ci/README.md                # the audit every night, in your CI
NEXT
