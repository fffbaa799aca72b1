#!/usr/bin/env bash
# SPDX-License-Identifier: MPL-2.0
#
# Installs what reads the reports of modules/report in the tests: packages of npm by their lock file; Chromium, cmark-gfm and
# xmllint where they are missing, on Debian and Ubuntu. On other machines, and without node, the tests that need them are
# skipped by name, and fail where CI is true.
set -euo pipefail
cd "$(dirname "$0")"

if ! command -v npm >/dev/null; then
	echo "There is no npm: the tests that need packages of npm are skipped." >&2
elif [ ! node_modules/.package-lock.json -nt package-lock.json ]; then
	npm ci --no-audit --no-fund --loglevel=error
fi

missing=()
command -v chromium >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium)
command -v cmark-gfm >/dev/null || missing+=(cmark-gfm)
command -v xmllint >/dev/null || missing+=(libxml2-utils)
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "${CI:-}" != true ]; then
	echo "Not installed: ${missing[*]}. The tests that need them are skipped." >&2
	exit 0
fi
sudo=()
[ "$(id -u)" -eq 0 ] || sudo=(sudo)
"${sudo[@]}" apt-get update -qq
"${sudo[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}"
