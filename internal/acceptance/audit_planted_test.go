// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// A document is a JSON object.
type document = map[string]any

// A plantedGroup is a group whose answers a test plants, without the fake's visibility. A nil list is refused with 403.
type plantedGroup struct {
	members, administrators, serviceAccounts, with, without []document
	attributes                                              document // of the group
	cut                                                     string   // the list whose second page is refused with 403
}

// cellTime is the time of the audits of planted groups.
const cellTime = "2026-01-31T12:00:00Z"

// account returns an account with attributes, as VirusTotal sends it.
func account(id string, attributes document) document {
	return document{"id": id, "type": "user", "attributes": attributes}
}

// bare returns an account that VirusTotal lists without attributes.
func bare(id string) document {
	return document{"id": id, "type": "user", "error": document{"code": "NotFoundError", "message": "gone"}}
}

// with returns a copy of a document with other members. A nil member is removed.
func with(from document, members document) document {
	changed := maps.Clone(from)
	maps.Copy(changed, members)
	maps.DeleteFunc(changed, func(_ string, value any) bool { return value == nil })
	return changed
}

// shownMember has all attributes that an administrator sees, and nothing to find.
func shownMember(id string) document {
	return document{"id": id, "type": "user", "attributes": document{
		"email": id + "@example.com", "last_login": 1769760000, "user_since": 1704067200,
		"quotas": document{"api_requests_daily": document{"allowed": 500, "used": 10}},
	}, "context_attributes": document{"roles": []string{}}}
}

// shownService is a service account with nothing to find.
func shownService(id string) document {
	return document{"id": id, "type": "service_account", "attributes": document{
		"privileges": document{}, "quotas": document{"api_requests_daily": document{"allowed": 500, "used": 10}},
	}, "context_attributes": document{"roles": []string{}}}
}

// references returns accounts in a filtered list.
func references(ids ...string) []document {
	list := []document{}
	for _, id := range ids {
		list = append(list, account(id, document{}))
	}
	return list
}

// clean returns a group of the administrators ada and bo, the members cy and di, and the service account ci.
func clean() plantedGroup {
	return plantedGroup{
		members:         []document{shownMember("ada"), shownMember("bo"), shownMember("cy"), shownMember("di")},
		administrators:  []document{shownMember("ada"), shownMember("bo")},
		serviceAccounts: []document{shownService("ci")},
		with:            references("ada", "bo", "cy", "di"),
		without:         []document{},
		attributes: document{
			"force_users_saml_login": false, "force_users_oidc_login": false, "auto_add_users": []string{}, "privileges": document{},
			"quotas": document{"api_requests_daily": document{"allowed": 30000, "used": 600}},
		},
	}
}

// strict returns a policy that enables every control that a clean group passes.
func strict() document {
	return document{
		"at": cellTime, "allowed_domains": []string{"example.com"}, "member_daily_limit": 1000, "service_account_daily_limit": 1000,
		"roster": document{
			"reviewed_on": "2026-01-30", "reviewed_by": "marit", "members": []string{"cy", "di"}, "administrators": []string{"ada", "bo"},
			"service_accounts": []string{"ci"}, "roles": document{},
		},
	}
}

// plant makes the fake answer for a group.
func (s *served) plant(id string, g plantedGroup) {
	answer := func(list []document, cut bool) http.Handler {
		if list == nil {
			return vttest.Error(http.StatusForbidden, "ForbiddenError", "You are not authorized")
		}
		page := document{"data": list}
		if cut {
			page["meta"] = document{"cursor": "next"}
		}
		body, err := json.Marshal(page)
		if err != nil {
			panic(err)
		}
		return vttest.Body(http.StatusOK, "application/json", string(body))
	}
	path := "/groups/" + id
	s.Inject(path+"/users", -1, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		filter := r.URL.Query().Get("filter")
		list := map[string][]document{"": g.members, "2fa_enabled:true": g.with, "2fa_enabled:false": g.without}[filter]
		cut := g.cut != "" && g.cut == map[string]string{"": "members", "2fa_enabled:true": "with_2fa", "2fa_enabled:false": "without_2fa"}[filter]
		if cut && r.URL.Query().Get("cursor") != "" {
			list = nil
		}
		answer(list, cut).ServeHTTP(w, r)
	}))
	for name, list := range map[string][]document{"administrators": g.administrators, "service_accounts": g.serviceAccounts} {
		s.Inject(path+"/"+name, -1, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			list, cut := list, g.cut == name
			if cut && r.URL.Query().Get("cursor") != "" {
				list = nil
			}
			answer(list, cut).ServeHTTP(w, r)
		}))
	}
	for _, list := range []string{"users", "administrators", "service_accounts"} {
		s.Inject(path+"/relationships/"+list, -1, answer(nil, false))
	}
	if g.attributes == nil {
		s.Inject(path, -1, answer(nil, false))
		return
	}
	body, err := json.Marshal(document{"data": document{"id": id, "type": "group", "attributes": g.attributes}})
	if err != nil {
		panic(err)
	}
	s.Inject(path, -1, vttest.Body(http.StatusOK, "application/json", string(body)))
}

// An audited group is what modules/audit says of it.
type audited struct {
	Results map[string]struct {
		Control, Who, Severity, Status, Why, What, Until string
		Blocks                                           []string
		ApprovedBy                                       string `json:"approved_by"`
	}
	Controls map[string]struct {
		Status, Severity                               string
		Population, Evaluated, Unknown, Alarms, Waived int
		SkippedBecause                                 string `json:"skipped_because"`
	}
	Accounts []struct {
		ID, Kind, TwoFactor string
		Administrator       bool
		Findings            []string
	}
	Roster   map[string]any
	Evidence struct {
		Policy string
		Digest string   `json:"policy_sha256"`
		Weaker []string `json:"weaker_than_default"`
	}
	Failing []string
	Rows    map[string]struct {
		Population, Seen, Findings, Lists []string
		Needs                             string
	}
}

// rowsOutput shows the rows of the module to tests.
const rowsOutput = `
output "rows" {
  value = { for control, row in local.rows : control => {
    population = keys(row.of.of), seen = keys(row.seen), findings = keys(row.findings), lists = tolist(row.of.lists)
    needs = try(row.needs, "")
  } }
}
`

// planted audits groups by their policies, in one plan. The overrides change the module.
func auditPlanted(t *testing.T, groups map[string]plantedGroup, policies map[string]document, overrides string) map[string]audited {
	t.Helper()
	fake := serve(t)
	for id, g := range groups {
		fake.plant(id, g)
	}
	c := auditCLI(t, "examples/audit", fake.env(vttest.SecurityHead)...)
	module := filepath.Join(c.Dir, "..", "..", "modules", "audit")
	for name, content := range map[string]string{"rows.tf": rowsOutput, "cut_override.tf": overrides} {
		if err := os.WriteFile(filepath.Join(module, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c.Dir = filepath.Join(c.Dir, "..", "cells")
	if err := os.Mkdir(c.Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	config, err := os.ReadFile(filepath.Join(module, "evidence.tf"))
	if err != nil {
		t.Fatal(err)
	}
	var arguments strings.Builder
	for line := range strings.Lines(string(config)) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok && strings.HasPrefix(strings.TrimSpace(value), "var.") {
			name = strings.TrimSpace(name)
			if !slices.Contains([]string{"group_id"}, name) && strings.TrimSpace(value) == "var."+name {
				fmt.Fprintf(&arguments, "  %s = try(each.value.%[1]s, local.defaults.%[1]s)\n", name)
			}
		}
	}
	c.WriteFile("main.tf", `
locals {
  defaults = {
    allowed_domains = null, approvers = null, dormant_days = 90, fail_on = "high", member_daily_limit = null, minimum_administrators = 2
    owner = "", privilege_days = 30, quota_share = 0.9, quotas = null, read_group = true, require_single_sign_on = false, review_days = 90
    roster = null, service_account_daily_limit = null, severity = {}, skip = {}, two_factor_by_absence = false, waiver_days = 366, waivers = []
  }
}
module "audit" {
  source   = "../../modules/audit"
  for_each = jsondecode(file("policies.json"))
  group_id = each.key
  at       = "`+cellTime+`"
`+arguments.String()+`}
output "audits" {
  value = module.audit
}
`)
	c.WriteFile("policies.json", ascii(t, policies))
	c.Succeed("get")
	var outputs struct {
		Audits struct{ Value map[string]audited }
	}
	c.outputs(&outputs)
	return outputs.Audits.Value
}
