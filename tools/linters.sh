#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
#
# Builds the tools that the tests of examples/rego and examples/ci need into build/bin: OPA and actionlint. Without them, these
# tests are skipped or, if CI is true, fail.
set -eu
cd "$(dirname "$0")/.."

mkdir -p build/bin
# Their dependencies conflict with those of the other tools, so they are built separately.
go build -C tools/opa -o ../../build/bin/opa .
actionlint=v1.7.12
GOBIN=$PWD/build/bin go install "github.com/rhysd/actionlint/cmd/actionlint@$actionlint"
