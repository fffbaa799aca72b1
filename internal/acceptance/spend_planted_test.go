// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// A plantedSpend is what a test plants of a group's consumption. What is nil is refused with 403.
type plantedSpend struct {
	quotas    document            // of the group; "quotas" is hidden if it is empty
	daily     document            // requests by day, or any JSON of a day
	machines  []document          // service accounts
	consumers map[string]document // consumption by account, by "<quota> <period>"; a nil one is hidden
}

const (
	apiQuota  = "api_requests_monthly"
	downloads = "intelligence_downloads_monthly"

	// steadyTime is the time of the runs, unless a case has its own.
	steadyTime = "2026-11-12T12:00:00Z"
)

// steadyDays returns days with the same number of requests.
func steadyDays(from, to string, requests int) document {
	days := document{}
	at, err := time.Parse(time.DateOnly, from)
	if err != nil {
		panic(err)
	}
	for ; at.Format(time.DateOnly) <= to; at = at.AddDate(0, 0, 1) {
		days[at.Format(time.DateOnly)] = requests
	}
	return days
}

// machine returns a service account that was created on a day. Without a day, VirusTotal does not say.
func machine(id, created string) document {
	attributes := document{}
	if at, err := time.Parse(time.DateOnly, created); err == nil {
		attributes["user_since"] = at.Unix()
	}
	return document{"id": id, "type": "service_account", "attributes": attributes, "context_attributes": document{}}
}

// steady returns a group with nothing to find: 1,000 requests a day since October, until noon of 12 November 2026.
func steady() plantedSpend {
	return plantedSpend{
		quotas:   document{apiQuota: document{"allowed": 40000, "used": 11500}},
		daily:    with(steadyDays("2026-10-01", "2026-11-11", 1000), document{"2026-11-12": 500}),
		machines: []document{machine("ci", "2024-01-01")},
		consumers: map[string]document{
			apiQuota + " 2026-11": {"ci": 8000, "ada": 3500},
			apiQuota + " 2026-10": {"ci": 20000, "ada": 11000},
		},
	}
}

// plantSpend makes the fake answer for a group.
func (s *served) plantSpend(id string, p plantedSpend) {
	answer := func(there bool, data any) http.Handler {
		if !there {
			return vttest.Error(http.StatusForbidden, "ForbiddenError", "You are not authorized")
		}
		body, err := json.Marshal(document{"data": data})
		if err != nil {
			panic(err)
		}
		return vttest.Body(http.StatusOK, "application/json", string(body))
	}
	attributes := document{}
	if len(p.quotas) > 0 {
		attributes["quotas"] = p.quotas
	}
	days := document{}
	for date, n := range p.daily {
		switch n := n.(type) {
		case int:
			days[date] = document{"files": n}
		default:
			days[date] = n
		}
	}
	path := "/groups/" + url.PathEscape(id)
	s.Inject(path, -1, answer(p.quotas != nil, document{"id": id, "type": "group", "attributes": attributes}))
	s.Inject(path+"/api_usage", -1, answer(p.daily != nil, document{"daily": days, "total": document{}}))
	s.Inject(path+"/service_accounts", -1, answer(p.machines != nil, p.machines))
	s.Inject(path+"/relationships/service_accounts", -1, answer(false, nil))
	for _, quota := range []string{apiQuota, downloads} {
		s.Inject(path+"/users_consuming_quota/"+quota, -1, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			consumed, ok := p.consumers[quota+" "+r.URL.Query().Get("period")]
			list := []document{}
			for id, n := range consumed {
				consumer := document{"id": id, "type": "user", "context_attributes": document{"quota_consumed_from_group": n}}
				if n == nil {
					delete(consumer, "context_attributes")
				}
				list = append(list, consumer)
			}
			slices.SortFunc(list, func(a, b document) int { return strings.Compare(a["id"].(string), b["id"].(string)) })
			answer(ok, list).ServeHTTP(w, r)
		}))
	}
}

// A spent group is what modules/spend says of it.
type spent struct {
	audited
	Quotas map[string]map[string]any
	Spends []struct {
		ID, Kind, Quota                          string
		Used, Share, Budget, Projected, Previous *float64
	} `json:"spends"`
	Evidence struct {
		NotYet  []string `json:"not_yet"`
		Weaker  []string `json:"weaker_than_default"`
		At      string
		Policy  string
		Minimum int `json:"requests_at_least"`
	}
}

// spendVariables are the inputs of modules/spend and their defaults, as in a root that reads policies from JSON.
const spendVariables = `
locals {
  defaults = {
    approvers = null, budgets = {}, fail_on = "high", history = 1, members = null, owner = "", quotas = ["api_requests_monthly"]
    rise_factor = 5, severity = {}, skip = {}, waiver_days = 366, waivers = [], at = "` + steadyTime + `"
  }
}

module "spend" {
  source      = "../../modules/spend"
  for_each    = jsondecode(file("policies.json"))
  group_id    = each.key
  at          = try(each.value.at, local.defaults.at)
  approvers   = try(each.value.approvers, local.defaults.approvers)
  budgets     = try(each.value.budgets, local.defaults.budgets)
  fail_on     = try(each.value.fail_on, local.defaults.fail_on)
  history     = try(each.value.history, local.defaults.history)
  members     = try(each.value.members, local.defaults.members)
  owner       = try(each.value.owner, local.defaults.owner)
  quotas      = try(each.value.quotas, local.defaults.quotas)
  rise_factor = try(each.value.rise_factor, local.defaults.rise_factor)
  severity    = try(each.value.severity, local.defaults.severity)
  skip        = try(each.value.skip, local.defaults.skip)
  waiver_days = try(each.value.waiver_days, local.defaults.waiver_days)
  waivers     = try(each.value.waivers, local.defaults.waivers)
}

output "spends" {
  value = { for group, spend in module.spend : group => merge({ for name, value in spend : name => value if name != "accounts" }, { spends = spend.accounts }) }
}
`

// spendCLI returns a CLI for a root that judges groups by their policies. The overrides change the module.
func spendCLI(t *testing.T, fake *served, policies map[string]document, overrides string) *cli {
	t.Helper()
	c := auditCLI(t, "modules/spend", fake.env(vttest.SecurityHead)...)
	for name, content := range map[string]string{"rows.tf": rowsOutput, "cut_override.tf": overrides} {
		if err := os.WriteFile(filepath.Join(c.Dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c.Dir = filepath.Join(c.Dir, "..", "..", "examples", "spends")
	if err := os.Mkdir(c.Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	c.WriteFile("policies.json", ascii(t, policies))
	c.WriteFile("main.tf", spendVariables)
	c.Succeed("get")
	return c
}

// spendPlanted judges groups by their policies, in one plan.
func spendPlanted(t *testing.T, groups map[string]plantedSpend, policies map[string]document, overrides string) map[string]spent {
	t.Helper()
	fake := serve(t)
	for id, g := range groups {
		fake.plantSpend(id, g)
	}
	var outputs struct {
		Spends struct{ Value map[string]spent }
	}
	spendCLI(t, fake, policies, overrides).outputs(&outputs)
	return outputs.Spends.Value
}

// brief returns the open results in the form "control who what", and the figures and states that a case asks for: those in want
// that are no results.
func (s spent) brief(want string) string {
	var found []string
	for id, result := range s.Results {
		if result.Status != "waived" {
			_, _, of := cut3(id)
			found = append(found, strings.Join(strings.Fields(result.Control+" "+of+" "+result.What), " "))
		}
	}
	for asked := range strings.SplitSeq(want, "; ") {
		switch name, _, figure := strings.Cut(asked, "="); {
		case figure:
			found = append(found, name+"="+s.figure(name))
		case strings.HasPrefix(asked, "not yet "):
			for _, who := range s.Evidence.NotYet {
				if "not yet "+who == asked {
					found = append(found, asked)
				}
			}
		case strings.Contains(asked, ": "):
			control, _, _ := strings.Cut(asked, ": ")
			state := s.Controls[control]
			found = append(found, fmt.Sprintf("%s: %s %d/%d", control, state.Status, state.Evaluated, state.Population))
		}
	}
	slices.Sort(found)
	return strings.Join(found, "; ")
}

// cut3 splits the ID of a result into group, control and account.
func cut3(id string) (group, control, who string) {
	group, rest, _ := strings.Cut(id, "/")
	control, who, _ = strings.Cut(rest, "/")
	return group, control, who
}

// figure returns a number or a day of the outputs: "quota.field", or "quota.account.field".
func (s spent) figure(name string) string {
	parts := strings.Split(name, ".")
	if len(parts) == 2 {
		text, _ := json.Marshal(s.Quotas[parts[0]][parts[1]])
		return strings.Trim(string(text), `"`)
	}
	for _, account := range s.Spends {
		if account.Quota == parts[0] && account.ID == parts[1] {
			text, _ := json.Marshal(map[string]any{
				"used": account.Used, "share": account.Share, "budget": account.Budget, "projected": account.Projected, "previous": account.Previous, "kind": account.Kind,
			}[parts[2]])
			return strings.Trim(string(text), `"`)
		}
	}
	return "no such account"
}
