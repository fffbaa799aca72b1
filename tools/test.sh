#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
#
# Runs all tests, with options of go test, and says in a line how many were skipped, and why.
set -eu
cd "$(dirname "$0")/.."

TF_ACC_TERRAFORM_PATH=$(./tools/terraform.sh)
export TF_ACC_TERRAFORM_PATH
echo 'Running all tests with the real CLI. This takes about eight minutes on two cores. Each dot is a passed test.'
mkdir -p build
code=0
go tool -modfile=tools/go.mod gotestsum --format dots --hide-summary=skipped --jsonfile build/tests.json -- -timeout 30m "$@" ./... || code=$?
jq -c 'select(.Action == "skip" or (.Output // "" | test("^ +[a-z0-9_]+[.]go:[0-9]+: ")))' build/tests.json | jq -rs '
	group_by([.Package, .Test]) | map(select(any(.Action == "skip"))
		| [.[].Output // empty | capture("^ +[a-z0-9_]+[.]go:[0-9]+: (?<why>.*)") | .why] | last // empty)
	| group_by(startswith("not run: ") // .) | map({n: length, why: (
		if .[0] | startswith("not run: ") then "code blocks that say why they are not run" else .[0] end)})
	| if . == [] then empty else "Skipped: " + (map("\(.why) (\(.n))") | join(", ")) + "." end'
exit "$code"
