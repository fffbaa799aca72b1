// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// wholeSpendPolicy returns a policy that enables every control of modules/spend.
func wholeSpendPolicy() document {
	return with(budgets(apiQuota, document{"group": 35000, "accounts": document{"ci": 30000, "bo": 10}}), document{
		"waivers": []any{waiver("without_budget", "ada", document{"until": "2026-12-01"})},
	})
}

// TestSpendGuards checks every control of the catalogue where everything is hidden, and where a list is refused. A new control is
// checked without being listed here.
func TestSpendGuards(t *testing.T) {
	t.Parallel()
	refuse := map[string]func(*plantedSpend){
		"group":               func(p *plantedSpend) { p.quotas = nil },
		"api_usage":           func(p *plantedSpend) { p.daily = nil },
		"service_accounts":    func(p *plantedSpend) { p.machines = nil },
		apiQuota + " 2026-11": func(p *plantedSpend) { delete(p.consumers, apiQuota+" 2026-11") },
		apiQuota + " 2026-10": func(p *plantedSpend) { delete(p.consumers, apiQuota+" 2026-10") },
	}
	hidden := func(p *plantedSpend) {
		p.quotas, p.daily = document{}, document{}
		p.machines = []document{bare("ci"), machine("lab", "")}
		for _, period := range []string{" 2026-11", " 2026-10"} {
			p.consumers[apiQuota+period] = document{"ci": nil, "ada": nil, "bo": nil, "lab": nil}
		}
	}
	nothing := func(p *plantedSpend) {
		for _, plant := range refuse {
			plant(p)
		}
	}
	plants := map[string]func(*plantedSpend){"steady": each(), "hidden": hidden, "nothing": nothing}
	for name, plant := range refuse {
		plants[name] = plant
	}
	groups, policies := map[string]plantedSpend{}, map[string]document{}
	for name, plant := range plants {
		p := steady()
		plant(&p)
		groups[name], policies[name] = p, wholeSpendPolicy()
	}
	spends := spendPlanted(t, groups, policies, "")
	for name, got := range spends {
		got.keepsPromises(t, name)
		for control, state := range got.Controls {
			row := got.Rows[control]
			switch {
			case state.Status == "skip":
				t.Errorf("%s: %s is skipped because %s", name, control, state.SkippedBecause)
			case name == "hidden" && row.Needs != "":
				// A budget for a service account is not stale.
				if state.Status != "error" || state.Evaluated != 0 && control != "budget_stale" {
					t.Errorf("%s: %s is %+v", name, control, state)
				}
			case refuse[name] != nil || name == "nothing":
				for _, list := range row.Lists {
					if (list == name || name == "nothing") && state.Status != "error" {
						t.Errorf("%s: %s is %+v", name, control, state)
					}
				}
			}
		}
		if failing := slices.Contains(got.Failing, strings.ReplaceAll(name, "/", "%2F")+"/spend_incomplete"); failing != (refuse[name] != nil || name == "nothing") {
			t.Errorf("%s: spend_incomplete fails the gate: %v", name, failing)
		}
	}
	if got := spends["steady"].brief(""); got != "budget_stale bo "+apiQuota {
		t.Errorf("steady: %s", got)
	}
}

// TestSpendOfCutLists cuts every list after one item.
func TestSpendOfCutLists(t *testing.T) {
	t.Parallel()
	const overrides = `
data "virustotal_group_service_accounts" "all" {
  limit = 1
}
data "virustotal_group_users_consuming_quota" "month" {
  limit = 1
}
`
	p := steady()
	machines(machine("lab", "2025-01-01"))(&p)
	got := spendPlanted(t, map[string]plantedSpend{"cut": p}, map[string]document{"cut": wholeSpendPolicy()}, overrides)["cut"]
	got.keepsPromises(t, "cut")
	for control, state := range got.Controls {
		lists := slices.DeleteFunc(got.Rows[control].Lists, func(list string) bool { return list == "group" || list == "api_usage" })
		if len(lists) > 0 && state.Status != "error" {
			t.Errorf("%s is %+v", control, state)
		}
	}
	// The only consumer who is shown is ada. Everybody else may be in the rest of the list.
	if found := got.brief(apiQuota + ".ci.used=null; " + apiQuota + ".ada.share=null"); found != apiQuota+".ada.share=null; "+apiQuota+".ci.used=null; spend_incomplete" {
		t.Error(found)
	}
}

// TestSpendNow judges a run of this moment, whose days do not add up: the pace of the group is not known, those of accounts are.
func TestSpendNow(t *testing.T) {
	t.Parallel()
	now := time.Now().UTC()
	this := now.Format("2006-01")
	p := steady()
	p.daily = document{now.Format(time.DateOnly): 1}
	p.consumers = map[string]document{
		apiQuota + " " + this: {"ci": 8000},
		apiQuota + " " + now.AddDate(0, 0, -now.Day()).Format("2006-01"): {"ci": 900000},
	}
	policy := with(budgets(apiQuota, document{"group": 1000000, "each": 8000}), document{"at": now.Format(time.RFC3339)})
	got := spendPlanted(t, map[string]plantedSpend{"now": p}, map[string]document{"now": policy}, "")["now"]
	const want = "over_budget: ok 2/2; over_budget_soon ci " + apiQuota + "; over_budget_soon: error 1/2; quota_runs_out: error 0/1; spend_unknown api_usage; sudden_rise: error 0/1"
	if found := got.brief("over_budget: ; over_budget_soon: ; quota_runs_out: ; sudden_rise: "); found != want {
		t.Errorf("got %s\nwant %s\n%s", found, want, got.whys())
	}
}

// TestSpendRequests counts the requests for a group of 500 consumers with one quota.
func TestSpendRequests(t *testing.T) {
	t.Parallel()
	for history, most := range []int{28, 41} {
		fake := serve(t)
		fake.plantSpend("crew", steady())
		fake.AddTeam("consumers", 500)
		all := document{}
		for i := range 500 {
			all[fmt.Sprintf("consumers_%03d", i)] = 500 - i
		}
		fixture, err := json.Marshal(document{time.Now().UTC().Format(time.DateOnly): all, time.Now().UTC().AddDate(0, 0, -time.Now().UTC().Day()).Format(time.DateOnly): all})
		if err != nil {
			t.Fatal(err)
		}
		fake.Set("/groups/consumers/users_consuming_quota/"+apiQuota, string(fixture))
		fake.Set("/groups/consumers", `{"type":"group","id":"consumers","attributes":{"quotas":{"`+apiQuota+`":{"allowed":400000,"used":125250}}}}`)
		c := spendCLI(t, fake, map[string]document{"consumers": {"history": history, "at": time.Now().UTC().Format(time.RFC3339)}}, "")
		var outputs struct {
			Spends struct{ Value map[string]spent }
		}
		c.outputs(&outputs)
		got := outputs.Spends.Value["consumers"]
		if n := len(fake.Requests()); n > most {
			t.Errorf("with history %d: %d requests", history, n)
		}
		if len(got.Spends) != 500 || got.Spends[0].ID != "consumers_000" || *got.Spends[0].Used != 500 {
			t.Errorf("the accounts are %d", len(got.Spends))
		}
	}
}

// TestSpendRefusals checks that each wrong policy is refused before anything but the key is read, and that each error names the group.
func TestSpendRefusals(t *testing.T) {
	t.Parallel()
	policies := map[string]document{
		"at":         {"at": "yesterday"},
		"history":    {"history": 3},
		"quota":      {"quotas": []string{"api_requests_daily"}},
		"rise":       {"rise_factor": 0},
		"budgets":    {"budgets": []string{"x"}},
		"budget":     budgets("intelligence_hunting_rules", document{"group": 1}),
		"attribute":  budgets(apiQuota, document{"group": 1, "each_": 1}),
		"fraction":   budgets(apiQuota, document{"each": 1.5}),
		"negative":   budgets(apiQuota, document{"accounts": document{"ci": -1}}),
		"no budget":  budgets(apiQuota, document{}),
		"severity":   {"severity": document{"spend_unknown": "low"}},
		"skip":       {"skip": document{"spend_incomplete": "It is slow."}},
		"no control": {"skip": document{"no_2fa": "Not here."}},
		"null":       {"skip": document{"sudden_rise": nil}},
		"nobody":     {"members": []any{nil}},
		"no reason":  {"skip": document{"sudden_rise": " "}},
		"fail_on":    {"fail_on": "hihg"},
		"waiver":     {"waivers": []any{waiver("spend_incomplete", "", nil)}},
		"too long":   {"waivers": []any{waiver("quota_used_up", "", document{"until": "2031-01-01"})}},
		"approver":   {"approvers": []string{"tobias"}, "waivers": []any{waiver("quota_used_up", "", document{"until": "2026-12-01"})}},
		"spaces":     {"waivers": []any{waiver("quota_used_up", "", document{"until": "2026-12-01", "reason": "\n\t"})}},
		"approved":   {"waivers": []any{waiver("quota_used_up", "", document{"until": "2026-12-01", "approved_by": "\n"})}},
		"ticket":     {"waivers": []any{waiver("quota_used_up", "", document{"until": "2026-12-01", "ticket": []string{"x"}})}},
		"commands":   {"skip": document{":::error title=a::b ##[error]c ###vso[task]d \n::warning::e": "Off."}},
		"what":       {"waivers": []any{waiver("sudden_rise", "", document{"until": "2026-12-01", "what": []string{"x"}})}},
	}
	fake := serve(t)
	c := spendCLI(t, fake, policies, "")
	printed, exit := c.Run("plan", "-input=false", "-no-color")
	if exit == 0 {
		t.Fatal("the plan succeeds")
	}
	for name := range policies {
		if !strings.Contains(strings.Join(strings.Fields(printed), " "), " "+name+": ") {
			t.Errorf("no error begins with %s:\n%s", name, printed)
		}
	}
	if others := strings.Count(printed, "Error: ") - strings.Count(printed, "Error: Resource precondition failed"); others != 0 {
		t.Errorf("%d errors are Terraform's own\n%s", others, printed)
	}
	for _, command := range []string{"::", "##[", "##vso["} {
		if strings.Contains(printed, command) {
			t.Errorf("Terraform's messages have %s\n%s", command, printed)
		}
	}
	for _, request := range fake.Requests() {
		if request.Method != http.MethodGet || strings.HasPrefix(request.Path, "/groups/") {
			t.Errorf("read %s", request.Path)
		}
	}
}
