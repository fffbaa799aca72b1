#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
#
# Builds what checks examples/rego and examples/ci in the tests into build/bin: as much of OPA as they need, and actionlint. On a
# machine without them these tests are skipped by name; where CI is true they fail.
set -eu
cd "$(dirname "$0")/.."

mkdir -p build/bin
# Neither can share a module with the other tools, so each has its own.
go build -C tools/opa -o ../../build/bin/opa .
actionlint=v1.7.12
GOBIN=$PWD/build/bin go install "github.com/rhysd/actionlint/cmd/actionlint@$actionlint"
