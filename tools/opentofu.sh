#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
#
# Builds OpenTofu into build/bin, which takes minutes, and prints its path, for TF_ACC_TERRAFORM_PATH.
set -eu
cd "$(dirname "$0")/.."

version=v1.12.6

tofu=$PWD/build/bin/tofu
# go install does not accept modules with replace directives, such as OpenTofu's.
module=$(go mod download -json "github.com/opentofu/opentofu@$version") || {
	printf '%s\n' "$module" >&2
	exit 1
}
CGO_ENABLED=0 go build -C "$(printf '%s\n' "$module" | jq -r .Dir)" -o "$tofu" ./cmd/tofu
echo "$tofu"
