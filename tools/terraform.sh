#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
#
# Prints the path of the Terraform or OpenTofu to use: TF_ACC_TERRAFORM_PATH, or the one on the PATH. Without either, it
# installs Terraform into build/.
set -eu
cd "$(dirname "$0")/.."

version=1.11.4 # Installed if there is no CLI on the PATH.

if [ -n "${TF_ACC_TERRAFORM_PATH:-}" ]; then
	echo "$TF_ACC_TERRAFORM_PATH"
	exit
fi
command -v terraform && exit
command -v tofu && exit

if [ ! -x build/cli/terraform ]; then
	mkdir -p build/cli
	echo "There is no terraform or tofu on the PATH: installing Terraform $version into build/cli …" >&2
	if ! go tool -modfile=tools/go.mod hc-install install --version "$version" --path build/cli terraform >&2; then
		echo "There is no terraform or tofu on the PATH, and Terraform could not be installed. See https://developer.hashicorp.com/terraform/install or https://opentofu.org/docs/intro/install, or set TF_ACC_TERRAFORM_PATH." >&2
		exit 1
	fi
fi
echo "$PWD/build/cli/terraform"
