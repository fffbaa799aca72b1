#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
#
# Runs examples/audit with the local build of the provider against the fake VirusTotal.
set -eu
cd "$(dirname "$0")/.."

TERRAFORM=$(./tools/terraform.sh)
export TERRAFORM TF_CLI_CONFIG_FILE="$PWD/build/dev.tfrc" TF_IN_AUTOMATION=1
unset VIRUSTOTAL_REQUESTS_PER_MINUTE VIRUSTOTAL_MAX_RETRIES VIRUSTOTAL_MAX_RETRY_WAIT VIRUSTOTAL_REQUEST_TIMEOUT

# Plan a copy without the tests: older versions of Terraform and OpenTofu cannot parse their mocks.
rm -rf build/audit.d
mkdir build/audit.d
cp -R examples modules build/audit.d
rm -rf build/audit.d/examples/audit/tests build/audit.d/examples/*/.terraform
"$TERRAFORM" -chdir=build/audit.d/examples/audit get >/dev/null
code=0
build=$PWD/build
at=2026-11-24T03:00:00Z # The README shows the output.
(cd build/audit.d/examples/audit && "$build/fakevt" -now "$at" ./audit.sh "$build/audit" -var "at=$at" -var-file=budgets.tfvars) || code=$?

# The company violates its policy, so the expected exit code is 1.
[ "$code" -eq 1 ] || exit "$code"

cat <<'NEXT'

Next: build/audit/report.html              # the same findings as a page
      make week                            # what is new, gone and overdue on each day of a week
      docs/guides/audit-api-access.md      # an audit of your own group, step by step
NEXT
