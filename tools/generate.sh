#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
#
# Writes docs/ and checks its layout. internal/pages does what tfplugindocs cannot. tfplugindocs takes the terraform that it finds on the PATH.
set -eu
cd "$(dirname "$0")/.."

PATH="$(dirname "$(./tools/terraform.sh)"):$PATH"
export PATH
go tool -modfile=tools/go.mod tfplugindocs generate --provider-name virustotal

go run ./internal/pages
go tool -modfile=tools/go.mod tfplugindocs validate --provider-name virustotal
