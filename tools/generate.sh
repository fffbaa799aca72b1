#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
#
# Writes docs/ and checks its layout. tfplugindocs takes the terraform that it finds on the PATH.
set -eu
cd "$(dirname "$0")/.."
mkdir -p build

PATH="$(dirname "$(./tools/terraform.sh)"):$PATH"
export PATH
go tool -modfile=tools/go.mod tfplugindocs generate --provider-name virustotal

# The descriptions list the attributes of objects with type and meaning. What tfplugindocs adds of them, the types alone in
# another order, goes.
for page in docs/data-sources/*.md; do
	awk '
		/^<a id="nestedatt--/ { exit }
		{ sub(/ \(see \[below for nested schema\]\(#nestedatt--[a-z0-9_]*\)\)/, ""); print }
	' "$page" | awk 'NF { for (; blank > 0; blank--) print ""; print; next } { blank++ }' >build/page.md
	mv build/page.md "$page"
done

go tool -modfile=tools/go.mod tfplugindocs validate --provider-name virustotal
