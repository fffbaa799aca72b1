// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

// A spendCell is a planted deviation from a steady group, and what the module has to say of it: open results
// "control who what", states "control: status evaluated/population" and figures "quota.field=value", separated by "; ".
type spendCell struct {
	name   string
	plant  func(*plantedSpend)
	policy document
	want   string
}

// limits sets what is allowed and used of a quota of the group.
func limits(quota string, allowed, used any) func(*plantedSpend) {
	return func(p *plantedSpend) {
		p.quotas = with(p.quotas, document{quota: document{"allowed": allowed, "used": used}})
	}
}

// daysOf sets days. A nil one is missing.
func daysOf(days document) func(*plantedSpend) {
	return func(p *plantedSpend) { p.daily = with(p.daily, days) }
}

// used sets who consumed a quota in a month.
func used(list string, consumers document) func(*plantedSpend) {
	return func(p *plantedSpend) { p.consumers[list] = consumers }
}

func each(plants ...func(*plantedSpend)) func(*plantedSpend) {
	return func(p *plantedSpend) {
		for _, plant := range plants {
			plant(p)
		}
	}
}

// machines adds service accounts.
func machines(more ...document) func(*plantedSpend) {
	return func(p *plantedSpend) { p.machines = append(p.machines, more...) }
}

func budgets(quota string, budget document) document {
	return document{"budgets": document{quota: budget}}
}

// inMonth plants a month of 1,000 requests a day until a time, which is the case's.
func inMonth(first, today string, days, requestsToday, before int) func(*plantedSpend) {
	return func(p *plantedSpend) {
		p.daily = with(steadyDays(first[:3]+strings.NewReplacer("6", "6-10", "4", "3-12").Replace(first[3:4])+"-01", today, 1000), document{today: requestsToday})
		n := days*1000 + requestsToday
		p.quotas = document{apiQuota: document{"allowed": 40000, "used": n}}
		p.consumers = map[string]document{apiQuota + " " + first[:7]: {"ci": n}}
		if n == 0 {
			p.consumers[apiQuota+" "+first[:7]] = document{}
		}
		for _, last := range []string{"2023-12", "2024-01", "2024-02", "2026-10", "2026-11", "2026-12"} {
			if last < first[:7] {
				p.consumers[apiQuota+" "+last] = document{"ci": before}
			}
		}
	}
}

// early plants 1,000 requests a day until noon of the 5th, and 20 downloads after a month with none.
func early(p *plantedSpend) {
	p.daily = with(steadyDays("2026-10-01", "2026-11-04", 1000), document{"2026-11-05": 500})
	p.quotas = document{apiQuota: document{"allowed": 40000, "used": 4500}, downloads: document{"allowed": 100, "used": 20}}
	p.consumers[downloads+" 2026-11"], p.consumers[downloads+" 2026-10"] = document{"ada": 20}, document{}
}

var spendCells = []spendCell{
	{"steady", each(), nil, "quota_used_up: ok 1/1; quota_runs_out: ok 1/1; sudden_rise: ok 1/1; unused_service_account: ok 1/1; " +
		"over_budget: skip 0/0; " + apiQuota + ".pace=1000; " + apiQuota + ".projected=30000; " + apiQuota + ".runs_out_on=null; " +
		apiQuota + ".resets_on=2026-12-01; " + apiQuota + ".period_start=2026-11-01; " + apiQuota + ".days=30; " + apiQuota + ".elapsed=11.5; " +
		apiQuota + ".ci.share=0.6957; " + apiQuota + ".ci.kind=service_account; " + apiQuota + ".ada.previous=11000"},

	// The calendar.
	{
		"the last minute", inMonth("2026-11-01", "2026-11-30", 29, 999, 31000),
		document{"at": "2026-11-30T23:59:00Z"},
		apiQuota + ".days=30; " + apiQuota + ".elapsed=29.9993; " + apiQuota + ".projected=30000",
	},
	{
		"the first minute", inMonth("2026-12-01", "2026-12-01", 0, 0, 30000),
		document{"at": "2026-12-01T00:00:00Z"},
		apiQuota + ".days=31; " + apiQuota + ".elapsed=0; " + apiQuota + ".projected=31000; quota_runs_out: ok 1/1; " + apiQuota + ".resets_on=2027-01-01",
	},
	{
		"an offset", inMonth("2026-12-01", "2026-11-30", 29, 958, 31000),
		document{"at": "2026-12-01T01:00:00+02:00", "history": 0},
		apiQuota + ".period_start=2026-11-01; " + apiQuota + ".elapsed=29.9583",
	},
	{
		"a leap day", inMonth("2024-02-01", "2024-02-29", 28, 500, 31000),
		document{"at": "2024-02-29T12:00:00Z"},
		apiQuota + ".days=29; " + apiQuota + ".elapsed=28.5; " + apiQuota + ".projected=29000; " + apiQuota + ".resets_on=2024-03-01",
	},
	{
		"january", inMonth("2024-01-01", "2024-01-31", 30, 500, 31000),
		document{"at": "2024-01-31T12:00:00Z"},
		apiQuota + ".days=31; " + apiQuota + ".projected=31000",
	},

	// What is left.
	{"runs out", limits(apiQuota, 20000, 11500), nil, "quota_runs_out  " + apiQuota + "; quota_runs_out: alarm 1/1; " + apiQuota + ".runs_out_on=2026-11-21"},
	{"exactly enough", limits(apiQuota, 30000, 11500), nil, apiQuota + ".runs_out_on=null"},
	{"used up", limits(apiQuota, 11500, 11500), nil, "quota_used_up  " + apiQuota + "; quota_runs_out: ok 1/1; " + apiQuota + ".runs_out_on=null"},
	{"more than all", limits(apiQuota, 5, 11500), nil, "quota_used_up  " + apiQuota},
	{"nothing allowed", limits(apiQuota, 0, 11500), nil, "quota_used_up  " + apiQuota},
	{"nothing allowed, nothing used", each(limits(apiQuota, 0, 0), func(p *plantedSpend) { p.daily = document{} }), nil, "quota_used_up: ok 1/1; quota_runs_out: ok 1/1"},
	{"no limit", limits(apiQuota, 1000000000, 11500), nil, "quota_runs_out: ok 1/1"},
	{"no limit at all", limits(apiQuota, 60000000000, 11500), nil, "quota_used_up: ok 1/1"},
	{"allowed hidden", limits(apiQuota, nil, 11500), nil, "spend_unknown  quotas." + apiQuota + "; quota_used_up: error 0/1; quota_runs_out: error 0/1"},
	{"allowed negative", limits(apiQuota, -1, 11500), nil, "spend_unknown  quotas." + apiQuota},
	{"used hidden", limits(apiQuota, 40000, nil), nil, "spend_unknown  quotas." + apiQuota + "; quota_used_up: error 0/1; sudden_rise: ok 1/1"},
	{"used negative", limits(apiQuota, 40000, -11500), nil, "spend_unknown  quotas." + apiQuota + "; quota_used_up: error 0/1"},
	{"no such quota", each(), document{"quotas": []string{downloads}}, "spend_incomplete; spend_unknown  quotas." + downloads + "; quota_used_up: error 0/1"},
	{
		"too early for one quota", early,
		document{"quotas": []string{downloads}, "at": "2026-11-05T12:00:00Z"},
		"not yet quota_runs_out: the group (" + downloads + "); quota_runs_out: ok 1/1; quota_used_up: ok 1/1; " + downloads + ".pace=null",
	},
	{
		"too early for all", early, with(budgets(downloads, document{"each": 100}), document{"quotas": []string{downloads}, "at": "2026-11-05T12:00:00Z"}),
		"not yet over_budget_soon: ada (" + downloads + "); over_budget_soon: skip 0/0; over_budget: ok 1/1",
	},
	{
		"early enough", early,
		document{"quotas": []string{downloads}, "at": "2026-11-08T00:00:00Z"},
		"quota_runs_out: ok 1/1; " + downloads + ".pace=2.86; " + downloads + ".projected=86; " + downloads + ".by_day=null",
	},
	{
		"too few left", func(p *plantedSpend) { early(p); limits(downloads, 80, 20)(p) },
		document{"quotas": []string{downloads}, "at": "2026-11-08T00:00:00Z"},
		"quota_runs_out  " + downloads + "; " + downloads + ".runs_out_on=2026-11-29",
	},

	// Days.
	{"a day is missing", daysOf(document{"2026-11-08": nil, "2026-10-28": nil}), nil, "quota_runs_out: ok 1/1; " + apiQuota + ".pace=857.14"},
	{"days are missing", daysOf(document{"2026-11-08": nil, "2026-11-09": nil}), nil, "spend_unknown  api_usage; quota_runs_out: error 0/1; sudden_rise: ok 1/1; " + apiQuota + ".pace=null"},
	{"all days are missing", func(p *plantedSpend) { p.daily = document{} }, nil, "spend_unknown  api_usage; sudden_rise: error 0/1; quota_runs_out: error 0/1"},
	{"a hidden count", daysOf(document{"2026-11-11": document{"files": nil}, "2026-11-10": nil}), nil, "spend_unknown  api_usage; sudden_rise: error 0/1"},
	{"a negative count", daysOf(document{"2026-11-08": document{"files": -5, "urls": 1005}}), nil, "spend_unknown  api_usage; quota_runs_out: error 0/1"},
	{"the future", daysOf(document{"2026-11-13": 1}), nil, "spend_unknown  api_usage; sudden_rise: error 0/1"},
	{"no use", func(p *plantedSpend) {
		p.daily, p.machines = document{}, []document{}
		limits(apiQuota, 40000, 0)(p)
		p.consumers = map[string]document{apiQuota + " 2026-11": {}, apiQuota + " 2026-10": {}}
	}, nil, "quota_runs_out: ok 1/1; unused_service_account: ok 0/0; " + apiQuota + ".projected=0"},

	// A rise.
	{"a job runs wild", each(daysOf(document{"2026-11-11": 9000}), limits(apiQuota, 400000, 19500)), nil, "sudden_rise; quota_runs_out: ok 1/1; " + apiQuota + ".pace=1380.95"},
	{"five times", each(daysOf(document{"2026-11-11": 5000}), limits(apiQuota, 40000, 15500)), nil, "sudden_rise: ok 1/1"},
	{"a weekly job", each(daysOf(document{"2026-11-11": 9000, "2026-11-04": 8000}), limits(apiQuota, 400000, 26500)), nil, "sudden_rise: ok 1/1"},
	{"no rise factor", daysOf(document{"2026-11-11": 9000}), document{"rise_factor": nil}, "spend_unknown  api_usage; sudden_rise: skip 0/0"},

	// Budgets.
	{"within", each(), budgets(apiQuota, document{"group": 31000, "each": 10000, "accounts": document{"ci": 21000}}), "over_budget: ok 3/3; over_budget_soon: ok 3/3; " + apiQuota + ".budget=31000"},
	{
		"over", each(), budgets(apiQuota, document{"group": 11499, "each": 3499, "accounts": document{"ci": 8000}}),
		"over_budget  " + apiQuota + "; over_budget ada " + apiQuota + "; over_budget_soon ci " + apiQuota,
	},
	{
		"soon", each(), budgets(apiQuota, document{"group": 29999, "each": 9500}),
		"over_budget_soon  " + apiQuota + "; over_budget_soon ci " + apiQuota + "; over_budget_soon ada " + apiQuota,
	},
	{
		"a number is hidden", used(apiQuota+" 2026-11", document{"ci": nil, "ada": 3500}), budgets(apiQuota, document{"each": 20000}),
		"spend_unknown ci consumed." + apiQuota + "; over_budget: error 1/2; " + apiQuota + ".ci.used=null; " + apiQuota + ".ada.share=null",
	},
	{"a number is negative", used(apiQuota+" 2026-11", document{"ci": -1, "ada": 3500}), budgets(apiQuota, document{"each": 20000}), "spend_unknown ci consumed." + apiQuota},
	{
		"one who did not consume", each(), budgets(apiQuota, document{"accounts": document{"ci": 30000, "ada": 30000, "bo": 5}}),
		"budget_stale bo " + apiQuota + "; without_budget: ok 2/2; " + apiQuota + ".bo.used=0",
	},
	{"a member", each(), with(budgets(apiQuota, document{"accounts": document{"ci": 30000, "ada": 30000, "bo": 5}}), document{"members": []string{"bo"}}), "budget_stale: ok 3/3"},
	{"without a budget", each(), budgets(apiQuota, document{"accounts": document{"ci": 30000}}), "without_budget ada " + apiQuota},
	{"who has left", used(apiQuota+" 2026-11", document{"ci": 8000, "ada": 3500, "left": 30}), budgets(apiQuota, document{"each": 30000}), "over_budget: ok 3/3; " + apiQuota + ".left.used=30"},

	// Service accounts.
	{"unused", machines(machine("old", "2025-01-01")), nil, "unused_service_account old; unused_service_account: alarm 2/2"},
	{"young", machines(machine("new", "2026-10-02")), nil, "unused_service_account: ok 1/1"},
	{"of unknown age", machines(machine("odd", "")), nil, "spend_unknown odd user_since; unused_service_account: error 1/2"},
	{"from the future", machines(machine("odd", "2027-10-02")), nil, "spend_unknown odd user_since"},
	{"its number is hidden", each(machines(machine("old", "2025-01-01")), used(apiQuota+" 2026-10", document{"ci": 1, "old": nil})), nil, "spend_unknown old consumed." + apiQuota},
	{"the key's own", machines(machine("marit", "2025-01-01")), nil, "unused_service_account: ok 1/1"},
	{"without history", machines(machine("old", "2025-01-01")), document{"history": 0}, "unused_service_account: skip 0/0"},

	// What is refused.
	{"no group", func(p *plantedSpend) { p.quotas = nil }, nil, "spend_incomplete; quota_used_up: error 0/1; quota_runs_out: error 0/1"},
	{"no quotas", func(p *plantedSpend) { p.quotas = document{} }, nil, "spend_unknown  quotas." + apiQuota + "; quota_used_up: error 0/1"},
	{"no days", func(p *plantedSpend) { p.daily = nil }, nil, "spend_incomplete; quota_runs_out: error 0/1; sudden_rise: error 0/1; quota_used_up: ok 1/1"},
	{
		"no consumers", func(p *plantedSpend) { delete(p.consumers, apiQuota+" 2026-11") }, budgets(apiQuota, document{"accounts": document{"ci": 1}}),
		"spend_incomplete; without_budget: error 0/0; over_budget: error 0/1; unused_service_account: error 1/1",
	},
	{"no last month", func(p *plantedSpend) { delete(p.consumers, apiQuota+" 2026-10") }, nil, "spend_incomplete; quota_runs_out: ok 1/1; unused_service_account: error 1/1"},
	{"no service accounts", func(p *plantedSpend) { p.machines = nil }, nil, "spend_incomplete; unused_service_account: error 0/0; " + apiQuota + ".ci.kind=unknown"},

	// Waivers.
	{"waived", limits(apiQuota, 11500, 11500), document{"waivers": []any{waiver("quota_used_up", "", document{"until": "2026-12-01"})}}, "quota_used_up: ok 1/1"},
	{
		"waived, another quota", limits(apiQuota, 11500, 11500),
		document{"waivers": []any{waiver("quota_used_up", "", document{"until": "2026-12-01", "what": []string{downloads}})}},
		"quota_used_up  " + apiQuota + "; spend_waiver_stale  quota_used_up",
	},
	{
		"an expired waiver", limits(apiQuota, 11500, 11500),
		document{"waivers": []any{waiver("quota_used_up", "", document{"until": "2026-11-11"})}},
		"quota_used_up  " + apiQuota + "; spend_waiver_expired  quota_used_up",
	},
	{"a waiver of an unknown that is one of everybody's", used(apiQuota+" 2026-11", document{"ci": nil, "ada": nil}), with(
		budgets(apiQuota, document{"each": 20000}), document{"waivers": []any{waiver("spend_unknown", "ci", document{"until": "2026-12-01"})}},
	), "spend_unknown  consumed." + apiQuota},
	{
		"names with slashes and marks", used(apiQuota+" 2026-11", document{"/\u0307": 9, "a/b%": 9}), budgets(apiQuota, document{"each": 5}),
		"over_budget %2F%CC%87 " + apiQuota + "; over_budget a%2Fb%25 " + apiQuota,
	},
	{
		"two accounts after normalization", each(machines(machine("\u00e9", "2025-01-01"), machine("e\u0301", "2024-01-01")), used(apiQuota+" 2026-11", document{"\u00e9": 9, "e\u0301": 10, "ada": 5})),
		budgets(apiQuota, document{"each": 20000}), "spend_unknown \u00e9 consumed." + apiQuota + "; unused_service_account: error 1/2; over_budget: error 1/2",
	},
	{
		"names that melt in JSON", used(apiQuota+" 2026-11", document{"b<\u0301": 9, "c\n\u0323\u0301": 9}),
		budgets(apiQuota, document{"accounts": document{"b<\u0301": 10, "c\n\u0323\u0301": 9}}), "over_budget_soon b<\u0301 " + apiQuota + "; over_budget_soon c \u0323\u0301 " + apiQuota + "; unused_service_account: ok 1/1",
	},
	{"approved by itself", each(), with(budgets(apiQuota, document{"accounts": document{"ci": 1, "ada": 30000}}), document{"waivers": []any{
		waiver("over_budget", "ci", document{"until": "2026-12-01", "approved_by": "CI "}),
	}}), "over_budget ci " + apiQuota + "; spend_self_approved ci over_budget"},
}

// TestSpendCells judges all cases in one plan.
func TestSpendCells(t *testing.T) {
	t.Parallel()
	groups, policies := map[string]plantedSpend{}, map[string]document{}
	for _, cell := range spendCells {
		p := steady()
		p.consumers = maps.Clone(p.consumers)
		cell.plant(&p)
		groups[cell.name] = p
		policies[cell.name] = cell.policy
	}
	if len(groups) != len(spendCells) {
		t.Fatal("two cases have the same name")
	}
	spends := spendPlanted(t, groups, policies, "")
	for _, cell := range spendCells {
		got := spends[cell.name]
		got.keepsPromises(t, cell.name)
		var policy document
		if err := json.Unmarshal([]byte(got.Evidence.Policy), &policy); err != nil || !norm.NFC.IsNormalString(got.Evidence.Policy) {
			t.Errorf("%s: the policy is %q: %v", cell.name, got.Evidence.Policy, err)
		}
		parts := strings.Split(cell.want, "; ")
		for i := range parts {
			parts[i] = strings.ReplaceAll(parts[i], "  ", " ")
		}
		slices.Sort(parts)
		if found := got.brief(cell.want); found != strings.Join(parts, "; ") {
			t.Errorf("%s:\n got %s\nwant %s\n%s", cell.name, found, strings.Join(parts, "; "), got.whys())
		}
	}
}

// whys returns the reasons of all results.
func (s spent) whys() string {
	var why strings.Builder
	for id, result := range s.Results {
		fmt.Fprintf(&why, "     %s: %s\n", id, result.Why)
	}
	return why.String()
}
