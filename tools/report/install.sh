#!/usr/bin/env bash
# SPDX-License-Identifier: MPL-2.0
#
# Installs the tools that the tests of the reports and scripts need: npm packages and, in CI on Debian and Ubuntu, Chromium, cmark-gfm,
# xmllint and shellcheck. Without a tool, the tests that need it are skipped or, if CI is true, fail.
set -euo pipefail
cd "$(dirname "$0")"

if ! command -v npm >/dev/null; then
	echo "npm is not installed: the tests that need npm packages are skipped." >&2
elif [ ! node_modules/.package-lock.json -nt package-lock.json ]; then
	npm ci --no-audit --no-fund --loglevel=error
fi

missing=()
command -v chromium >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium)
command -v cmark-gfm >/dev/null || missing+=(cmark-gfm)
command -v xmllint >/dev/null || missing+=(libxml2-utils)
command -v shellcheck >/dev/null || missing+=(shellcheck)
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "${CI:-}" != true ]; then
	echo "Not installed: ${missing[*]}. The tests that need them are skipped." >&2
	exit 0
fi
sudo=()
[ "$(id -u)" -eq 0 ] || sudo=(sudo)
"${sudo[@]}" apt-get update -qq
"${sudo[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}"
