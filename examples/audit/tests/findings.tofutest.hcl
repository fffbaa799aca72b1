# SPDX-License-Identifier: MPL-2.0

# OpenTofu reads this file instead of findings.tftest.hcl, whose tests it cannot run: it evaluates the checks of a module although
# override_module replaces it.
