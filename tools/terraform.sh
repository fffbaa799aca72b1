#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
#
# Prints the path of the Terraform or OpenTofu to work with: the one that TF_ACC_TERRAFORM_PATH names, else
# one on the PATH, else one that is installed into build/.
set -eu
cd "$(dirname "$0")/.."

version=1.11.4 # Installed where there is none.

if [ -n "${TF_ACC_TERRAFORM_PATH:-}" ]; then
	echo "$TF_ACC_TERRAFORM_PATH"
	exit
fi
command -v terraform && exit
command -v tofu && exit

if [ ! -x build/cli/terraform ]; then
	mkdir -p build/cli
	if ! go tool -modfile=tools/go.mod hc-install install --version "$version" --path build/cli terraform >&2; then
		echo "There is no terraform or tofu on the PATH, and none could be installed. See https://developer.hashicorp.com/terraform/install or https://opentofu.org/docs/intro/install, or name one in TF_ACC_TERRAFORM_PATH." >&2
		exit 1
	fi
fi
echo "$PWD/build/cli/terraform"
