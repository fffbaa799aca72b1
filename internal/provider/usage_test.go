// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"maps"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

func TestUserAPIUsage(t *testing.T) {
	t.Parallel()
	const me, week = "data.virustotal_user_api_usage.me", "data.virustotal_user_api_usage.week"
	fake := serve(t, vttest.SecurityHead)
	fake.Now = fixedNow
	fake.apply(t, `
			data "virustotal_user_api_usage" "me" {}
			data "virustotal_user_api_usage" "week" {
				start_date = "2026-01-24"
				end_date   = "2026-01-31"
			}`,
		has(me, words(vttest.SecurityHead), "user_id"),
		has(me, whole(27), "daily", "2026-01-30", "files"),
		has(me, whole(6), "daily", "2026-01-22", "files/behaviours"),
		has(me, knownvalue.MapSizeExact(0), "daily", "2026-01-29"),
		has(me, knownvalue.MapExact(fields{
			"files": whole(39), "users": whole(3), "intelligence_search": whole(4), "files/behaviours": whole(6), "urls": whole(18),
		}), "total"),
		has(me, whole(70), "total_requests"),
		has(me, whole(9), "daily_not_consuming_quota", "2026-01-30", "users"),
		has(me, knownvalue.MapExact(fields{"users": whole(9), "groups": whole(1)}), "total_not_consuming_quota"),
		has(week, whole(46), "total_requests"),
	)
	for _, request := range fake.Requests() {
		if request.Query.Has("start_date") && (request.Query.Get("start_date") != "20260124" || request.Query.Get("end_date") != "20260131") {
			t.Errorf("requested %v", request.Query)
		}
	}
}

func TestInvalidDays(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ arguments, at, says string }{
		{`start_date = "20260131"`, "start_date", "is not a day in the form"},
		{`start_date = "2026-02-30"`, "start_date", "is not a day in the form"},
		{`end_date = ""`, "end_date", "is not a day in the form"},
		{"start_date = \"2026-01-31\"\nend_date = \"2026-01-30\"", "end_date", "is before start_date"},
		{"start_date = \"2026-01-01\"\nend_date = \"2026-02-01\"", "end_date", "31 days after start_date"},
	} {
		fake := serve(t, vttest.SecurityHead)
		fake.fails(t, "data \"virustotal_user_api_usage\" \"x\" {\n"+test.arguments+"\n}", test.at+` = … `+test.says)
		if n := len(fake.Requests()); n != 0 {
			t.Errorf("%s: %d requests were made", test.arguments, n)
		}
	}
	fake := serve(t, vttest.SecurityHead)
	fake.Now = fixedNow
	fake.apply(t, "data \"virustotal_user_api_usage\" \"x\" {\nstart_date = \"2026-01-01\"\nend_date = \"2026-01-31\"\n}")
}

func TestUsage(t *testing.T) {
	t.Parallel()
	var u usage
	if err := json.Unmarshal([]byte(`{"daily":{"2026-01-31":{}},"total":{"/api/v3/(files)":9223372036854775807,"files":1,"urls":null}}`), &u); err != nil {
		t.Fatal(err)
	}
	if *u.TotalRequests != 9223372036854775807 || *u.Total["files"] != 9223372036854775807 || u.Total["urls"] != nil || len(u.Total) != 2 {
		t.Errorf("total %v of %v", *u.TotalRequests, maps.Collect(maps.All(u.Total)))
	}
	if u.DailyNotConsumingQuota != nil || u.TotalNotConsumingQuota != nil {
		t.Error("a missing attribute is not null")
	}
	for sent, want := range map[string]int64{
		`{"total":{"a":-9223372036854775808,"b":-1}}`: -9223372036854775808, `{"total":{"a":-5,"b":3}}`: -2, `{"total":{}}`: 0,
	} {
		if u = (usage{}); json.Unmarshal([]byte(sent), &u) != nil || *u.TotalRequests != want {
			t.Errorf("%s: the sum is %v", sent, u.TotalRequests)
		}
	}
	u = usage{}
	if err := json.Unmarshal([]byte("{\"daily\":{},\"total\":{\"e(\u0301)\":1,\"\u00e9\":2}}"), &u); err != nil || len(u.Total) != 1 || *u.Total["\u00e9"] != 3 {
		t.Errorf("endpoints that are equal after normalization are %v, %v", u.Total, err)
	}
	u = usage{}
	sent := `{"daily":{"2026-01-31":null},"total":null,"daily_endpoints_not_consuming_quota":null,"total_endpoints_not_consuming_quota":null}`
	if err := json.Unmarshal([]byte(sent), &u); err != nil || u.Total != nil || u.TotalRequests != nil ||
		u.TotalNotConsumingQuota != nil || u.DailyNotConsumingQuota != nil {
		t.Errorf("null became %+v, %v", u, err)
	}
	if day, there := u.Daily["2026-01-31"]; day != nil || !there {
		t.Errorf("a day of null became %v", u.Daily)
	}
	u = usage{}
	if err := json.Unmarshal([]byte(`{}`), &u); err != nil || u.TotalRequests != nil {
		t.Errorf("total_requests is set without total: %v", err)
	}
}

// TestOverallQuotas checks which quota runs out first, the user's or the group's.
func TestOverallQuotas(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]string{
		`{"user":{"allowed":10,"used":1},"group":{"allowed":100,"used":99}}`:   "group 1",
		`{"user":{"allowed":10,"used":9},"group":{"allowed":100,"used":9}}`:    "user 1",
		`{"user":{"allowed":10,"used":5},"group":{"allowed":6,"used":1}}`:      "user 5", // The user's wins if both are equal.
		`{"user":{"allowed":0,"used":0},"group":{"allowed":10,"used":1}}`:      "group 9",
		`{"user":{"allowed":10,"used":1},"group":{"allowed":0,"used":0}}`:      "user 9",
		`{"user":{"allowed":0,"used":5},"group":{"allowed":0,"used":0}}`:       "user 0",
		`{"user":{"allowed":10,"used":null},"group":{"allowed":10,"used":10}}`: "none", // The user's may run out first.
		`{"user":{"allowed":10},"group":null}`:                                 "none",
		`{"user":{},"group":{"allowed":10,"used":1}}`:                          "none",
		`{"user":{"allowed":10,"used":1},"group":{"used":1}}`:                  "none",
		`{"user":{"allowed":0},"group":{"allowed":10,"used":1}}`:               "group 9", // The user's allows nothing.
		`{"user":{"allowed":0},"group":null}`:                                  "user null",
		`{"group":{"allowed":0,"used":0}}`:                                     "group 0",
		`{"group":{"allowed":9223372036854775807,"used":0}}`:                   "group 9223372036854775807",
		`{}`: "none",
	} {
		var q overallQuota
		if err := json.Unmarshal([]byte(sent), &q); err != nil {
			t.Errorf("%s: %v", sent, err)
			continue
		}
		got := "none"
		switch q.Effective {
		case nil:
		case q.User:
			got = "user "
		case q.Group:
			got = "group "
		}
		if q.Effective != nil && q.Effective.Remaining == nil {
			got += "null"
		} else if q.Effective != nil {
			n, err := json.Marshal(q.Effective.Remaining)
			if err != nil {
				t.Fatal(err)
			}
			got += string(n)
		}
		if got != want {
			t.Errorf("%s: effective is %s, want %s", sent, got, want)
		}
	}
}

func TestUserOverallQuotas(t *testing.T) {
	t.Parallel()
	const me = "data.virustotal_user_overall_quotas.me"
	fake := serve(t, vttest.SecurityHead)
	fake.apply(t, `data "virustotal_user_overall_quotas" "me" {}`,
		has(me, words(vttest.SecurityHead), "user_id"),
		has(me, knownvalue.ObjectExact(fields{
			"user": knownvalue.ObjectExact(fields{
				"allowed": whole(250), "used": whole(243), "remaining": whole(7),
				"utilization": knownvalue.Float64Exact(0.972), "inherited_from": null,
			}),
			"group": knownvalue.ObjectExact(fields{
				"allowed": whole(1000), "used": whole(987), "remaining": whole(13),
				"utilization": knownvalue.Float64Exact(0.987), "inherited_from": words("puffin_soc"),
			}),
			"effective": knownvalue.ObjectExact(fields{
				"allowed": whole(250), "used": whole(243), "remaining": whole(7),
				"utilization": knownvalue.Float64Exact(0.972), "inherited_from": null,
			}),
		}), "quotas", "intelligence_downloads_monthly"),
		has(me, null, "quotas", "api_requests_hourly", "group"),
		has(me, words("puffin_ferries"), "quotas", "api_requests_monthly", "effective", "inherited_from"),
		has(me, null, "quotas", "intelligence_hunting_rules", "group", "inherited_from"),
	)
}

func TestGroupAPIUsage(t *testing.T) {
	t.Parallel()
	const company = "data.virustotal_group_api_usage.company"
	fake := serve(t, vttest.SecurityHead)
	fake.Now = fixedNow
	fake.apply(t, `data "virustotal_group_api_usage" "company" { group_id = "`+vttest.Company+`" }`,
		has(company, words(vttest.Company), "group_id"),
		has(company, knownvalue.NotNull(), "total"),
		has(company, knownvalue.NotNull(), "total_requests"),
	)
}

// TestUsersConsumingQuota reads the consumers of a quota in VirusTotal's order, including a service account.
func TestUsersConsumingQuota(t *testing.T) {
	t.Parallel()
	const month, day = "data.virustotal_group_users_consuming_quota.month", "data.virustotal_group_users_consuming_quota.day"
	fake := serve(t, vttest.SecurityHead)
	fake.Now = fixedNow
	consumer := func(address string, i int, value knownvalue.Check, field string) statecheck.StateCheck {
		return statecheck.ExpectKnownValue(address, tfjsonpath.New("users").AtSliceIndex(i).AtMapKey(field), value)
	}
	fake.apply(t, `
			data "virustotal_group_users_consuming_quota" "month" {
				group_id = "puffin_ferries"
				quota    = "intelligence_downloads_monthly"
			}
			data "virustotal_group_users_consuming_quota" "day" {
				group_id = "puffin_ferries"
				quota    = "api_requests_monthly"
				period   = "2026-01-30"
				limit    = 1
			}`,
		has(month, list("devraj", "puffin_ferries_ci", "yuki", "tobias", "marit", "henrik"), "ids"),
		has(month, yes, "complete"),
		has(month, words("intelligence_downloads_monthly"), "quota"),
		has(month, null, "period"),
		consumer(month, 0, whole(673), "quota_consumed_from_group"),
		consumer(month, 1, whole(595), "quota_consumed_from_group"),
		consumer(month, 1, null, "has_2fa"),
		consumer(month, 2, words("yuki@puffinferries.example"), "email"),
		has(day, list("puffin_ferries_ci"), "ids"),
		has(day, knownvalue.MapExact(fields{"puffin_ferries_ci": whole(1900)}), "consumed"),
		has(day, no, "complete"),
		consumer(day, 0, whole(1900), "quota_consumed_from_group"),
	)
	for _, request := range fake.Requests() {
		below, ok := strings.CutPrefix(request.Path, "/groups/puffin_ferries/users_consuming_quota/")
		if !ok || !isBudget(below) || request.Query.Has("quota") || request.Query.Get("order") != "desc" {
			t.Errorf("requested %s?%s", request.Path, request.Query.Encode())
		}
	}
	fake = serve(t, vttest.Member)
	fake.fails(t, `data "virustotal_group_users_consuming_quota" "x" {
			group_id = "puffin_ferries"
			quota    = "api_requests_monthly"
		}`, `VirusTotal shows the users who consume a quota to: the group's administrators.`)
}
