// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"cmp"
	"fmt"
	"os"
	"testing"
)

// checkPage checks the page's findings, layout, links and security policy.
func checkPage(t *testing.T, a reportInput, r rendered, audit ...string) []view {
	t.Helper()
	contains(t, r.reports["html"], `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`)
	if err := os.Rename(r.file("report.html"), r.file("page.html")); err != nil {
		t.Fatal(err)
	}
	var open, waived [][]string
	for _, id := range a.ordered() {
		f := a.results()[id]
		if f.Status == "waived" {
			waived = append(waived, []string{shown(whom(f)), shown(f.Reason) + shown(f.Ticket), shown(f.ApprovedBy), shown(f.Until)})
			continue
		}
		status := map[string]string{"alarm": "Alarm", "error": "Not evaluated"}[f.Status]
		if a.failing(id) {
			status += "Fails the gate"
		}
		open = append(open, []string{shown(whom(f)), shown(f.Group), shown(f.Owner), status, shown(f.Why)})
	}
	found := views(t, r.file("page.html"), audit...)
	for _, v := range found {
		for i, want := range open {
			if i >= len(v.Findings) || fmt.Sprint(v.Findings[i]) != fmt.Sprint(want) {
				t.Fatalf("finding %d: got %q, want %q", i, v.Findings[min(i, len(v.Findings)-1)], want)
			}
		}
		for i, want := range waived {
			if row := v.Waived[i]; fmt.Sprint([]string{row[0], row[3], row[4], row[5]}) != fmt.Sprint(want) {
				t.Errorf("waived %d: got %q, want %q", i, row, want)
			}
		}
		if len(v.Findings) != len(open) || len(v.Waived) != len(waived) {
			t.Errorf("got %d and %d rows, want %d and %d", len(v.Findings), len(v.Waived), len(open), len(waived))
		}
		if v.Scripts+v.Duplicates+v.Overflow != 0 || v.Tables != v.Captions || len(v.Dangling)+len(v.Requested)+len(v.Complaints) > 0 {
			t.Errorf("at %d: %d scripts, %d IDs twice, %d px too wide, %d tables with %d captions, links to nothing %q, requested %q, complaints %q",
				v.Width, v.Scripts, v.Duplicates, v.Overflow, v.Tables, v.Captions, v.Dangling, v.Requested, v.Complaints)
		}
		if background := map[int]string{1100: "rgb(255, 255, 255)", 360: "rgb(20, 23, 27)"}[v.Width]; v.Background != background {
			t.Errorf("at %d: the background is %s, want %s", v.Width, v.Background, background)
		}
	}
	return found
}

// whom returns the page's words for whom a result is about.
func whom(r result) string { return cmp.Or(r.Who, "the group") }
