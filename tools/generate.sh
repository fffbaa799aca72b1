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
go tool -modfile=tools/go.mod tfplugindocs validate --provider-name virustotal
