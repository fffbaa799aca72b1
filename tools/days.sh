#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
#
# Audits the fake VirusTotal's company on two days against examples/days/policy.tfvars, and records the reports in
# examples/ci/ledger, as in the guide "What changed since yesterday".
set -eu
cd "$(dirname "$0")/.."

TERRAFORM=$(./tools/terraform.sh)
export TERRAFORM TF_CLI_CONFIG_FILE="$PWD/build/dev.tfrc" TF_IN_AUTOMATION=1
unset NOTIFY_URL VIRUSTOTAL_REQUESTS_PER_MINUTE VIRUSTOTAL_MAX_RETRIES VIRUSTOTAL_MAX_RETRY_WAIT VIRUSTOTAL_REQUEST_TIMEOUT

# Use a copy, so that the ledger's state is in build/.
rm -rf build/days
mkdir build/days
cp -R examples modules build/days
build=$PWD/build
cd build/days
rm -rf examples/audit/tests examples/*/.terraform examples/ci/ledger/.terraform examples/ci/ledger/terraform.tfstate*
"$TERRAFORM" -chdir=examples/audit get >/dev/null
"$TERRAFORM" -chdir=examples/ci/ledger init -input=false >/dev/null

# The gate fails on both days, and Tuesday's report is not recorded, so the expected exit code is 1.
fails() {
	code=0
	"$@" || code=$?
	[ "$code" -eq 1 ] || exit 2
}
audit() {
	day=$1 at=$2
	shift 2
	printf '\n== %s: the audit\n' "$day"
	(cd examples/audit && fails "$build/fakevt" "$@" -now "$at" ./audit.sh "$build/days/$day" -var-file="$build/days/examples/days/policy.tfvars" -var "at=$at")
}

audit monday 2026-11-23T03:00:00Z
printf '\n== monday: the ledger records all findings\n'
examples/ci/ledger/ledger.sh monday/report.json
audit tuesday 2026-11-24T03:00:00Z -changed
printf '\n== tuesday: the ledger shows what changed since monday\n'
fails examples/ci/ledger/ledger.sh --hold tuesday/report.json

cat <<'NEXT'

Next: build/days/tuesday/report.html       # Tuesday's findings as a page
      docs/guides/what-changed.md          # the same two days, step by step
      examples/ci/README.md                # the audit every night, in your CI
NEXT
