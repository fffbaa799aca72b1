#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
#
# Plans examples/quickstart with the local build of the provider against the fake VirusTotal.
set -eu
cd "$(dirname "$0")/.."

# Install the provider from a mirror in build/, because dev_overrides print a long warning with each plan.
for host in registry.terraform.io registry.opentofu.org; do
	mirror=build/mirror/$host/virustotal/virustotal/0.1.0/$(go env GOOS)_$(go env GOARCH)
	mkdir -p "$mirror"
	ln -sf "$PWD/build/terraform-provider-virustotal" "$mirror/"
done
printf 'provider_installation {\n  filesystem_mirror {\n    path = "%s"\n  }\n}\n' "$PWD/build/mirror" >build/demo.tfrc

# Use a copy of the configuration, so that the lock file is in build/.
rm -rf build/demo
mkdir build/demo
cp examples/quickstart/*.tf build/demo

cli=$(./tools/terraform.sh)
export TF_CLI_CONFIG_FILE="$PWD/build/demo.tfrc" TF_IN_AUTOMATION=1
"$cli" -chdir=build/demo init -input=false >build/demo/init.log || { cat build/demo/init.log >&2; exit 1; }
set -- "$cli" -chdir=build/demo plan -input=false -lock=false

if [ -n "${LIVE:-}" ]; then
	exec "$@"
fi
# The user's settings must not affect the demo.
unset VIRUSTOTAL_REQUESTS_PER_MINUTE VIRUSTOTAL_MAX_RETRIES VIRUSTOTAL_MAX_RETRY_WAIT VIRUSTOTAL_REQUEST_TIMEOUT
build/fakevt "$@"
cat <<'NEXT'

Next: make audit               # audit two groups of the same fictional company, and write reports
      make demo LIVE=1         # plan the example for your own account, with the key in VIRUSTOTAL_API_KEY or ~/.vt.toml
      README.md                # write your own configuration
NEXT
