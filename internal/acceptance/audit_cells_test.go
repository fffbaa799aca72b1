// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"slices"
	"testing"
)

func TestAuditOfACleanGroup(t *testing.T) {
	t.Parallel()
	got := auditPlanted(t, map[string]plantedGroup{"clean": clean()}, map[string]document{"clean": strict()}, "")["clean"]
	for control, state := range got.Controls {
		if state.Status != "ok" && state.Status != "skip" {
			t.Errorf("%s is %+v", control, state)
		}
	}
	if len(got.Results) != 0 {
		t.Errorf("%+v", got.Results)
	}
	for control, row := range got.Rows {
		for _, id := range row.Seen {
			if !slices.Contains(row.Population, id) {
				t.Errorf("%s saw %q", control, id)
			}
		}
	}
}
