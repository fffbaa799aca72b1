#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
#
# Builds the tools that test examples/rego and examples/ci into build/bin: actionlint, and the part of OPA that the tests need.
# Without them these tests are skipped; if CI is true, they fail.
set -eu
cd "$(dirname "$0")/.."

mkdir -p build/bin
# Both conflict with the modules of the other tools, so they are built separately.
go build -C tools/opa -o ../../build/bin/opa .
actionlint=v1.7.12
GOBIN=$PWD/build/bin go install "github.com/rhysd/actionlint/cmd/actionlint@$actionlint"
