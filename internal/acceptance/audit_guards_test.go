// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// wholePolicy returns a policy that enables every control, also those about single sign-on and waivers.
func wholePolicy() document {
	return with(strict(), document{"require_single_sign_on": true, "waivers": []any{waiver("dormant", "cy", nil)}})
}

// hide hides everything of everybody and of the group.
func hide(g *plantedGroup) {
	for _, list := range [][]document{g.members, g.administrators, g.serviceAccounts} {
		for i, m := range list {
			list[i] = document{"id": m["id"], "type": m["type"], "attributes": document{"status": "active"}}
		}
	}
	g.with, g.without, g.attributes = references(), references(), document{}
}

// TestAuditGuards checks every control of the catalogue where everything is hidden, where nobody has attributes, and where a list
// is refused. A new control is checked without being listed here.
func TestAuditGuards(t *testing.T) {
	t.Parallel()
	refuse := map[string]func(*plantedGroup){
		"members":          func(g *plantedGroup) { g.members = nil },
		"administrators":   func(g *plantedGroup) { g.administrators = nil },
		"service_accounts": func(g *plantedGroup) { g.serviceAccounts = nil },
		"with_2fa":         func(g *plantedGroup) { g.with = nil },
		"without_2fa":      func(g *plantedGroup) { g.without = nil },
		"group":            func(g *plantedGroup) { g.attributes = nil },
	}
	plants := map[string]func(*plantedGroup){
		"clean":  func(*plantedGroup) {},
		"hidden": hide,
		"bare": func(g *plantedGroup) {
			for _, list := range [][]document{g.members, g.administrators, g.serviceAccounts} {
				for i, m := range list {
					list[i] = bare(m["id"].(string))
				}
			}
			g.with, g.without = references(), references()
		},
		"nothing": func(g *plantedGroup) {
			for _, plant := range refuse {
				plant(g)
			}
		},
	}
	maps.Copy(plants, refuse)
	groups, policies := map[string]plantedGroup{}, map[string]document{}
	for name, plant := range plants {
		g := clean()
		plant(&g)
		groups[name], policies[name] = g, wholePolicy()
	}
	audits := auditPlanted(t, groups, policies, "")
	for name, got := range audits {
		got.keepsPromises(t, name)
		for control, state := range got.Controls {
			if state.Status == "skip" {
				t.Errorf("%s: %s is skipped because %s", name, control, state.SkippedBecause)
			}
			row := got.Rows[control]
			switch {
			case name == "hidden" && row.Needs != "":
				if state.Status != "error" || state.Evaluated != 0 {
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
		if failing := slices.Contains(got.Failing, name+"/incomplete"); failing != (refuse[name] != nil || name == "nothing") {
			t.Errorf("%s: incomplete fails the gate: %v", name, failing)
		}
	}
	if all := audits["clean"]; all.Controls["single_sign_on_not_forced"].Status != "alarm" {
		t.Errorf("clean: %+v", all.Controls["single_sign_on_not_forced"])
	}
}

// TestAuditOfCutLists cuts every list after one item.
func TestAuditOfCutLists(t *testing.T) {
	t.Parallel()
	var overrides strings.Builder
	for _, block := range []string{
		`"virustotal_group_administrators" "all"`, `"virustotal_group_users" "all"`, `"virustotal_group_users" "without_2fa"`,
		`"virustotal_group_users" "with_2fa"`, `"virustotal_group_service_accounts" "all"`,
	} {
		overrides.WriteString("data " + block + " {\n  limit = 1\n}\n")
	}
	g := clean()
	g.serviceAccounts = append(g.serviceAccounts, shownService("lab"))
	g.without, g.with = references("cy", "di"), references("ada", "bo")
	got := auditPlanted(t, map[string]plantedGroup{"cut": g}, map[string]document{"cut": wholePolicy()}, overrides.String())["cut"]
	got.keepsPromises(t, "cut")
	for control, state := range got.Controls {
		if lists := got.Rows[control].Lists; len(lists) > 0 && !slices.Equal(lists, []string{"group"}) && state.Status != "error" {
			t.Errorf("%s is %+v", control, state)
		}
	}
	for _, found := range got.brief() {
		if strings.HasPrefix(found, "roster_stale") || strings.HasPrefix(found, "waiver_stale") {
			t.Errorf("found %q, who may be in the rest of a list", found)
		}
	}
	for _, list := range []string{"members", "administrators", "service_accounts", "roles"} {
		if got.Roster[list] != nil {
			t.Errorf("the roster's %s are %v", list, got.Roster[list])
		}
	}
}

// keepsPromises checks what holds for every control: nobody drops out, and no control is ok over nobody.
func (a audited) keepsPromises(t *testing.T, name string) {
	t.Helper()
	for control, row := range a.Rows {
		for _, id := range row.Seen {
			if !slices.Contains(row.Population, id) {
				t.Errorf("%s: %s saw %q, who is not in its population", name, control, id)
			}
		}
		for _, id := range row.Findings {
			if !slices.Contains(row.Seen, id) {
				t.Errorf("%s: %s found %q, whom it did not see", name, control, id)
			}
		}
	}
	for control, state := range a.Controls {
		if state.Status == "ok" && state.Population > 0 && state.Evaluated == 0 {
			t.Errorf("%s: %s is ok over nobody", name, control)
		}
	}
}
