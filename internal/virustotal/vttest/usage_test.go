// SPDX-License-Identifier: MPL-2.0

package vttest_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

func TestUsage(t *testing.T) {
	t.Parallel()
	s := vttest.New()
	s.Now = func() time.Time { return time.Date(2026, 5, 31, 13, 0, 0, 0, time.UTC) }
	s.Set("/users/marit/api_usage", `{
		"daily": {"now": {"files": 1}, "now-30d": {"files": 2, "urls": 3}, "now-31d": {"files": 100}, "2026-05-02": {}, "2026-03-10": {"files": 7}},
		"daily_endpoints_not_consuming_quota": {"now-1d": {"users": 5}}}`)
	for query, want := range map[string]struct{ daily, total, dailyFree, totalFree string }{
		"": {
			`{"2026-05-01":{"files":2,"urls":3},"2026-05-02":{},"2026-05-31":{"files":1}}`, `{"files":3,"urls":3}`,
			`{"2026-05-30":{"users":5}}`, `{"users":5}`,
		},
		"?start_date=20260309&end_date=20260310": {`{"2026-03-10":{"files":7}}`, `{"files":7}`, `{}`, `{}`},
		"?end_date=20260409":                     {`{"2026-03-10":{"files":7}}`, `{"files":7}`, `{}`, `{}`},
		"?start_date=20260531":                   {`{"2026-05-31":{"files":1}}`, `{"files":1}`, `{}`, `{}`},
	} {
		want := fmt.Sprintf(`{"daily":%s,"daily_endpoints_not_consuming_quota":%s,"total":%s,"total_endpoints_not_consuming_quota":%s}`,
			want.daily, want.dailyFree, want.total, want.totalFree)
		_, content := get(t, s, s.Key(vttest.SecurityHead), "/users/marit/api_usage"+query)
		if got := asJSON(t, content["data"]); got != want {
			t.Errorf("%s: got  %s\nwant %s", query, got, want)
		}
	}
	for _, query := range []string{
		"?start_date=2026-05-01", "?end_date=tomorrow", "?start_date=20260501&end_date=20260430", "?start_date=20260401&end_date=20260502",
	} {
		if status, content := get(t, s, s.Key(vttest.SecurityHead), "/users/marit/api_usage"+query); status != 400 || code(content) != "BadRequestError" {
			t.Errorf("%s: got %d %s", query, status, code(content))
		}
	}
	if status, _ := get(t, s, s.Key(vttest.SecurityHead), "/users/marit/api_usage?start_date=20260401&end_date=20260501"); status != 200 {
		t.Errorf("30 days: got %d", status)
	}
}

// TestRecurringDays serves what recurs by day, by weekday and by day of the month, until now, and a quota that is used by it.
func TestRecurringDays(t *testing.T) {
	t.Parallel()
	s := vttest.New()
	s.Now = func() time.Time { return time.Date(2026, 11, 9, 12, 0, 0, 0, time.UTC) } // A Monday.
	s.Set("/groups/puffin_ferries/users_consuming_quota/api_requests_monthly", `{"daily":{"ci":100},"weekdays":{"yuki":10},"day-04":{"yuki":1000}}`)
	s.Set("/groups/puffin_ferries/api_usage", `{"daily":{"daily":{"files":100},"weekdays":{"urls":10}}}`)
	for path, want := range map[string]string{
		"&period=2026-11-04": `[1010,100]`, "&period=2026-11-08": `[100]`, "&period=2026-11-09": `[50,5]`, "&period=2026-10": `[3100,1220]`, "": `[1055,850]`,
	} {
		_, content := get(t, s, s.Key(vttest.SecurityHead), "/groups/puffin_ferries/users_consuming_quota/api_requests_monthly?order=desc"+path)
		var consumed list
		for _, item := range content["data"].(list) {
			consumed = append(consumed, at(t, item, "context_attributes", "quota_consumed_from_group"))
		}
		if got := compact(t, consumed); got != want {
			t.Errorf("%q: %s, want %s", path, got, want)
		}
	}
	if status, _ := get(t, s, s.Key(vttest.SecurityHead), "/groups/puffin_ferries/users_consuming_quota/intelligence_downloads_monthly?period=2026-11-04"); status != 400 {
		t.Errorf("a day of a quota that is counted by month: %d", status)
	}
	_, content := get(t, s, s.Key(vttest.SecurityHead), "/groups/puffin_ferries")
	if got := compact(t, at(t, content, "data", "attributes", "quotas", "api_requests_monthly", "used")); got != "1905" {
		t.Errorf("used is %s", got)
	}
	_, content = get(t, s, s.Key(vttest.SecurityHead), "/groups/puffin_ferries/api_usage?start_date=20261107&end_date=20261110")
	if got := compact(t, at(t, content, "data", "daily")); got != `{"2026-11-07":{"files":100},"2026-11-08":{"files":100},"2026-11-09":{"files":50,"urls":5}}` {
		t.Errorf("daily is %s", got)
	}
}

func compact(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
