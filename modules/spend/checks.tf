# SPDX-License-Identifier: MPL-2.0

# Warns about findings. A failed check never fails a plan.

check "findings" {
  assert {
    condition = length([for result in local.results : result if result.status != "waived"]) == 0
    error_message = replace("${var.group_id}: ${join(", ", [
      for control, state in local.controls : "${control} ${state.alarms}" if state.alarms > 0
    ])}.", local.unprintable, "\ufffd")
  }
}
