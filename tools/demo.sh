#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
#
# Plans examples/quickstart with the local build of the provider, against the fake VirusTotal, which runs until the plan ends.
set -eu
cd "$(dirname "$0")/.."

# The provider is installed from a mirror in build/, because dev_overrides print a long warning at each plan.
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
	if [ -z "${VIRUSTOTAL_API_KEY:-}" ]; then
		echo "Set VIRUSTOTAL_API_KEY to your VirusTotal API key: make demo LIVE=1 reads your own account." >&2
		exit 1
	fi
	exec "$@"
fi
# The user's settings must not affect the demo.
unset VIRUSTOTAL_REQUESTS_PER_MINUTE VIRUSTOTAL_MAX_RETRIES VIRUSTOTAL_MAX_RETRY_WAIT VIRUSTOTAL_REQUEST_TIMEOUT
build/fakevt "$@"
cat <<'NEXT'

Next: make audit               # an audit of two groups of the same invented company, with reports in build/audit
      make demo LIVE=1         # the same plan for your own account, with VIRUSTOTAL_API_KEY set
      README.md                # a configuration of your own
NEXT
