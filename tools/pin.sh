#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
#
# Pins this repository's modules and action in all documents and examples to a branch, tag or commit, before a release to its tag:
#
#   tools/pin.sh v0.1.0
set -eu
cd "$(git rev-parse --show-toplevel)"

case ${1:-} in
'' | *[!A-Za-z0-9._-]*)
	echo "usage: tools/pin.sh REF" >&2
	exit 2
	;;
esac
ref='(main|v[0-9][0-9A-Za-z.-]*|[0-9a-f]{40})'
git grep -lE 'terraform-provider-virustotal(//modules/[^ ]*[?]ref=|@)' -- '*.md' '*.tf' '*.yml' | while read -r file; do
	sed -E -e "s#(terraform-provider-virustotal//modules/[^?]*[?]ref=)$ref#\\1$1#g" \
		-e "s#(virustotal/terraform-provider-virustotal@)$ref#\\1$1#g" "$file" >"$file.pinned"
	cat "$file.pinned" >"$file" # Keeps the mode.
	rm "$file.pinned"
done
