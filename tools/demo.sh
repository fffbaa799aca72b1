#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
#
# Plans examples/quickstart with the provider that was just built. The fake VirusTotal lives in the process
# that runs the plan and ends with it, so nothing is left running.
set -eu
cd "$(dirname "$0")/.."

cli=$(./tools/terraform.sh)
export TF_CLI_CONFIG_FILE="$PWD/build/dev.tfrc" TF_DATA_DIR="$PWD/build/demo" TF_IN_AUTOMATION=1
set -- "$cli" -chdir=examples/quickstart plan -input=false -lock=false

if [ -z "${LIVE:-}" ]; then
	# Nothing of the user's own decides what the demo shows.
	unset VIRUSTOTAL_REQUESTS_PER_MINUTE VIRUSTOTAL_MAX_RETRIES VIRUSTOTAL_MAX_RETRY_WAIT VIRUSTOTAL_REQUEST_TIMEOUT
	exec build/fakevt "$@"
fi
if [ -z "${VIRUSTOTAL_API_KEY:-}" ]; then
	echo "Set VIRUSTOTAL_API_KEY to your VirusTotal API key: make demo LIVE=1 reads your own account." >&2
	exit 1
fi
exec "$@"
