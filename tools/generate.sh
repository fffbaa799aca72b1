#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
#
# Generates and validates docs/. internal/pages post-processes the pages. tfplugindocs uses the terraform on the PATH.
set -eu
cd "$(dirname "$0")/.."

PATH="$(dirname "$(./tools/terraform.sh)"):$PATH"
export PATH
go tool -modfile=tools/go.mod tfplugindocs generate --provider-name virustotal

go run ./internal/pages
# validate logs at the level DEBUG, without an option to turn it off.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
code=0
go tool -modfile=tools/go.mod tfplugindocs validate --provider-name virustotal 2>"$log" || code=$?
grep -v ' \[DEBUG\] ' "$log" >&2 || true
exit "$code"
