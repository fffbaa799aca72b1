// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/virustotal/terraform-provider-virustotal/internal/tftest"
	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// TestAuditOfATeam checks that an audit of 500 members finds exactly the planted results, with at most 34 requests.
func TestAuditOfATeam(t *testing.T) {
	t.Parallel()
	fake := serve(t)
	team := fake.AddTeam(vttest.Crew, 500)
	c := auditCLI(t, "examples/audit", fake.env(vttest.SecurityHead)...)

	got, printed := c.audit(1, crewPolicy(nil))
	sameResults(t, got.found(), planted(team))
	if got := len(fake.Requests()); got > 36 {
		t.Errorf("%d requests", got)
	}
	for _, want := range []string{"puffin_crew: 9 high, 18 medium; 0 waived", team.Unexpected[0], "Gate failed."} {
		if !strings.Contains(printed, want) {
			t.Errorf("%q is not in\n%s", want, printed)
		}
	}
	if state := got.Controls[vttest.Crew]["no_2fa"]; state.Status != "alarm" || state.Evaluated != 497 {
		t.Errorf("no_2fa is %+v", state)
	}
}

// TestAuditPlan checks that a plan prints findings rather than everybody, and how to leave out the time.
func TestAuditPlan(t *testing.T) {
	t.Parallel()
	fake := serve(t)
	c := auditCLI(t, "examples/audit", fake.env(vttest.SecurityHead)...)
	printed, after, _ := strings.Cut(c.Succeed("plan", "-input=false", "-no-color"), "Warning: Check block assertion failed")
	contains(t, printed, `"puffin_ferries/no_2fa/yuki"`, "OKonkwo", "maps_to")
	contains(t, after, "puffin_ferries: ", "OKonkwo", "maps_to")
	for _, argument := range []string{"-var=at=null", "-var=at="} {
		printed, exit := c.Run("plan", "-input=false", "-no-color", argument)
		if exit == 0 || !strings.Contains(flat(printed), "For the time of the plan, leave it out") {
			t.Errorf("%s: exit code %d\n%s", argument, exit, printed)
		}
	}
	c.WriteFile("null.tfvars", "at = null\n")
	c.Succeed("plan", "-input=false", "-no-color", "-var-file=null.tfvars")
}

// TestAuditWithTheGeneratedRoster commits the roster that audit.sh writes, with which all members are approved.
func TestAuditWithTheGeneratedRoster(t *testing.T) {
	t.Parallel()
	fake := serve(t)
	now := time.Now()
	fake.Now = func() time.Time { return now } // Fixed, so that dates stay the same.
	team := fake.AddTeam(vttest.Crew, vttest.SmallestTeam)
	c := auditCLI(t, "examples/audit", fake.env(vttest.SecurityHead)...)

	c.audit(1, crewPolicy(nil))
	var rosters map[string]map[string]any
	content, err := os.ReadFile(filepath.Join(c.Dir, "out", "roster.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(content, &rosters); err != nil {
		t.Fatal(err)
	}
	roster := rosters[vttest.Crew]
	roster["reviewed_by"], roster["reviewed_on"] = vttest.SecurityHead, now.UTC().Format(time.DateOnly)
	if members := roster["members"].([]any); len(members) != vttest.SmallestTeam {
		t.Errorf("the roster has %d members", len(members))
	}
	got, _ := c.audit(1, crewPolicy(map[string]any{"roster": roster}))
	sameResults(t, got.found(), slices.DeleteFunc(planted(team), func(found string) bool { return strings.Contains(found, "unexpected") }))

	// Nothing in the outputs but the report's time changes by itself: after an apply, a plan shows no change.
	at := "-var=at=" + now.UTC().Format(time.RFC3339)
	c.Succeed("apply", "-input=false", "-auto-approve", at, crewPolicy(nil))
	if printed, exit := c.Run("plan", "-input=false", "-no-color", "-detailed-exitcode", at, crewPolicy(nil)); exit != 0 {
		t.Errorf("the second plan: exit code %d\n%s", exit, printed)
	}
}

// TestAuditOfALargeTeam checks that an audit of 5,000 members finds exactly the planted results, in every report.
func TestAuditOfALargeTeam(t *testing.T) {
	t.Parallel()
	if os.Getenv("CI") != "true" {
		t.Skip("auditing 5,000 members takes a minute or more: CI does it")
	}
	fake := serve(t)
	team := fake.AddTeam(vttest.Crew, 5000)
	c := auditCLI(t, "examples/audit", fake.env(vttest.SecurityHead)...)

	got, _ := c.audit(1, crewPolicy(nil))
	sameResults(t, got.found(), planted(team))
	if state := got.Controls[vttest.Crew]["no_2fa"]; state.Evaluated != 4997 {
		t.Errorf("no_2fa is %+v", state)
	}
	number := strings.TrimPrefix(team.Unexpected[0], vttest.Crew+"_") // Formats differ in how they escape the underscore.
	for _, name := range []string{"report.md", "report.html", "report.sarif", "report.junit.xml", "report.csv", "report.ocsf.ndjson"} {
		if report, err := os.ReadFile(filepath.Join(c.Dir, "out", name)); err != nil || !strings.Contains(string(report), number) {
			t.Errorf("%s lacks %s: %v", name, team.Unexpected[0], err)
		}
	}
}

// TestAuditVerdicts runs audit.sh into each of its exit codes.
func TestAuditVerdicts(t *testing.T) {
	t.Parallel()
	fake := serve(t)
	team := fake.AddTeam(vttest.Crew, vttest.SmallestTeam)
	c := auditCLI(t, "examples/audit", fake.env(vttest.SecurityHead)...)

	// Waive all results that fail the gate.
	var waivers []map[string]string
	for _, found := range planted(team) {
		if control, who, _ := strings.Cut(strings.TrimPrefix(found, "high "), " "); strings.HasPrefix(found, "high ") {
			waivers = append(waivers, map[string]string{
				"who": who, "control": control, "reason": "Known.", "approved_by": vttest.SecurityHead, "until": time.Now().UTC().Format(time.DateOnly),
			})
		}
	}
	got, printed := c.audit(0, crewPolicy(map[string]any{"waivers": waivers}))
	if !strings.Contains(printed, fmt.Sprintf("; %d waived;", len(waivers))) || !strings.Contains(printed, "Gate passed.") {
		t.Errorf("%d waivers:\n%s", len(waivers), printed)
	}
	sameResults(t, got.found(), slices.DeleteFunc(planted(team), func(found string) bool { return strings.HasPrefix(found, "high ") }))

	c.audit(0, crewPolicy(nil), "-var=fail_on=critical")
	// Arguments cannot turn off the gate, and -detailed-exitcode does not change the exit code.
	c.audit(1, crewPolicy(nil), "-var=enforce=false", "-detailed-exitcode")

	// A wrong policy is an error, and keeps the previous report.
	for name, arguments := range map[string][]string{
		"a policy": {groupsVariable(map[string]any{vttest.Crew: map[string]any{"dorment_days": 90}})},
		"a waiver": {crewPolicy(map[string]any{"waivers": []map[string]string{
			{"who": "x", "control": "dormant", "reason": "r", "approved_by": "a", "until": "2999-12-31"},
		}})},
	} {
		c.WriteFile(filepath.Join("out", "report.json"), "{}")
		if _, printed := c.audit(2, arguments...); !strings.Contains(printed, "audit.sh: ") {
			t.Errorf("%s:\n%s", name, printed)
		}
		if kept, err := os.ReadFile(filepath.Join(c.Dir, "out", "report.json")); err != nil || string(kept) != "{}" {
			t.Errorf("%s: the report of an earlier run is %q, %v", name, kept, err)
		}
	}

	// A group that VirusTotal refuses is incomplete, and silences no other.
	got, _ = c.audit(1, groupsVariable(map[string]any{vttest.Crew: defaultPolicy(), "greendale_library": defaultPolicy()}))
	if refused := got.Results["greendale_library/incomplete"]; !strings.Contains(refused.Why, "ForbiddenError") || len(got.Controls[vttest.Crew]) == 0 {
		t.Errorf("the refused group: %+v", refused)
	}

	fake.Inject("*", -1, vttest.Error(http.StatusUnauthorized, "WrongCredentialsError", "Wrong API key"))
	c.audit(2, crewPolicy(nil))
}

// TestAuditOfEmptyGroup checks that a group without members is incomplete: the API key or the ID must be wrong.
func TestAuditOfEmptyGroup(t *testing.T) {
	t.Parallel()
	fake := serve(t)
	fake.AddTeam(vttest.Crew, vttest.SmallestTeam)
	fake.Set("/groups/"+vttest.Crew+"/users", `[]`)
	c := auditCLI(t, "examples/audit", fake.env(vttest.SecurityHead)...)

	got, _ := c.audit(1, crewPolicy(nil))
	if why := got.Results[vttest.Crew+"/incomplete"].Why; why != "VirusTotal lists no members of the group." {
		t.Errorf("incomplete: %q", why)
	}
	// incomplete fails the gate whatever fails on.
	_, printed := c.audit(2, crewPolicy(map[string]any{"fail_on": "critical"}))
	if !strings.Contains(printed, "incomplete") {
		t.Error(printed)
	}
}

// TestAuditDeferred checks that audit.sh fails if the reads are deferred to apply, although the plan passes the gate.
func TestAuditDeferred(t *testing.T) {
	t.Parallel()
	tftest.Needs(t, `"terraform_data"`)
	fake := serve(t)
	c := auditCLI(t, "examples/audit", fake.env(vttest.SecurityHead)...)
	main := filepath.Join(c.Dir, "main.tf")
	config, err := os.ReadFile(main)
	if err != nil {
		t.Fatal(err)
	}
	deferred := strings.Replace(string(config), "  for_each = local.policies\n", "  for_each = local.policies\n\n  depends_on = [terraform_data.first]\n", 1)
	c.WriteFile("main.tf", deferred+"\nresource \"terraform_data\" \"first\" {}\n")

	policy := groupsVariable(map[string]any{vttest.Company: map[string]any{"minimum_administrators": 3}})
	if _, exit := c.Run("plan", "-input=false", "-var=enforce=true", policy); exit != 0 {
		t.Fatalf("the plan itself ends with %d", exit)
	}
	_, printed := c.audit(2, policy)
	if !strings.Contains(printed, "audit.sh: not known after the plan: controls, findings") {
		t.Error(printed)
	}
}

// TestAuditOfHostileNames checks that control characters in a member's attributes do not reach the terminal.
func TestAuditOfHostileNames(t *testing.T) {
	t.Parallel()
	fake := serve(t)
	team := fake.AddTeam(vttest.Crew, vttest.SmallestTeam)
	fake.Set("/users/"+team.ForeignDomain[0], `{"type":"user","id":"`+team.ForeignDomain[0]+`","attributes":{
		"has_2fa":true,"email":"x@\u001b[2J\u202eevil","last_login":"now","quotas":{}}}`)
	c := auditCLI(t, "examples/audit", fake.env(vttest.SecurityHead)...)

	_, printed := c.audit(1, crewPolicy(nil))
	if strings.ContainsAny(printed, "\x1b\u202e") || !strings.Contains(printed, "\ufffd[2j\ufffdevil") {
		t.Errorf("%q", printed)
	}
}
