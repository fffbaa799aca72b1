// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// theAudit is the example that is an audit of a team.
var theAudit = filepath.Join("..", "..", "examples", "audit")

// inAudit returns a CLI that works on a copy of the audit.
func inAudit(t *testing.T) *cli {
	t.Helper()
	needs(t, `check "`)
	c := inDirectory(t, "")
	if err := os.Remove(filepath.Join(c.dir, "main.tf")); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(c.dir, os.DirFS(theAudit)); err != nil {
		t.Fatal(err)
	}
	return c
}

// succeed runs a command that must not fail.
func (c *cli) succeed(arguments ...string) string {
	c.t.Helper()
	printed, exit := c.run(arguments...)
	if exit != 0 {
		c.t.Fatalf("%s: exit code %d\n%s", strings.Join(arguments, " "), exit, printed)
	}
	return printed
}

// outputs plans, and decodes an output of the plan.
func (c *cli) outputs(into any, arguments ...string) {
	c.t.Helper()
	c.succeed(append([]string{"plan", "-input=false", "-no-color", "-out=plan"}, arguments...)...)
	var plan struct {
		Values struct {
			Outputs json.RawMessage `json:"outputs"`
		} `json:"planned_values"`
	}
	printed := c.succeed("show", "-json", "plan")
	if err := json.Unmarshal([]byte(printed), &plan); err != nil {
		c.t.Fatalf("%v\n%s", err, printed)
	}
	if err := json.Unmarshal(plan.Values.Outputs, into); err != nil {
		c.t.Fatalf("%v\n%s", err, plan.Values.Outputs)
	}
}

// findings plans the audit of a generated team, and returns what it finds as "gravity what who".
func (c *cli) findings(arguments ...string) []string {
	c.t.Helper()
	var outputs struct {
		Findings struct {
			Value []struct {
				Who     string `json:"who"`
				What    string `json:"what"`
				Why     string `json:"why"`
				Gravity string `json:"how_grave"`
			} `json:"value"`
		} `json:"findings"`
	}
	c.outputs(&outputs, append(policy(), arguments...)...)
	var found []string
	for _, finding := range outputs.Findings.Value {
		found = append(found, fmt.Sprintf("%s %s %s", finding.Gravity, finding.What, finding.Who))
		if finding.Why == "" {
			c.t.Errorf("%s %s: no reason", finding.What, finding.Who)
		}
	}
	return found
}

// policy is what a generated team is audited by.
func policy() []string {
	return []string{
		"-var=group_id=" + vttest.Crew,
		"-var=allowed_domains=[\"puffinferries.example\"]",
		fmt.Sprintf("-var=allowed_administrators=[%q,%q]", vttest.Owner, vttest.Admin),
	}
}

// planted is what the audit should find of a team, in its order.
func planted(team vttest.Team) []string {
	var all []string
	for _, finding := range []struct {
		what string
		who  []string
	}{
		{"high no_second_factor", team.WithoutSecondFactor},
		{"high unexpected_administrator", team.Unexpected},
		{"medium dormant", team.Dormant},
		{"medium foreign_mail_domain", team.ForeignDomain},
		{"medium never_logged_in", team.NeverLoggedIn},
		{"medium privilege_ends", team.PrivilegeEnds},
		{"medium quota_nearly_used_up", team.NearlyUsedUp},
		{"low privileges_hidden", []string{vttest.Crew}},
	} {
		for _, who := range finding.who {
			all = append(all, finding.what+" "+who)
		}
	}
	return all
}

// TestAuditOfATeam finds what is planted among 500 members, and nothing else, in 15 requests.
func TestAuditOfATeam(t *testing.T) {
	fake := serve(t, vttest.Owner)
	now := time.Now()
	fake.Now = func() time.Time { return now } // So that logins do not move.
	team := fake.AddTeam(vttest.Crew, 500)
	c := inAudit(t)

	if got, want := c.findings(), planted(team); !slices.Equal(got, want) {
		t.Errorf("found\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if got := len(fake.Requests()); got > 15 {
		t.Errorf("%d requests, for 13 pages of members and two more lists", got)
	}

	// The outputs hold nothing that moves by itself: once they are kept, a plan finds nothing new.
	c.succeed("apply", "-input=false", "plan")
	if printed, exit := c.run(append([]string{"plan", "-input=false", "-no-color", "-detailed-exitcode"}, policy()...)...); exit != 0 {
		t.Errorf("the second plan: exit code %d\n%s", exit, printed)
	}

	// The group itself is one request more.
	fake.Reset()
	if got, want := c.findings("-var=read_group=true"), planted(team); !slices.Equal(got, want) {
		t.Errorf("with the group, found\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if got := len(fake.Requests()); got > 16 {
		t.Errorf("%d requests with the group", got)
	}
}

// TestAuditEnforced fails the plan, and names who is to blame.
func TestAuditEnforced(t *testing.T) {
	fake := serve(t, vttest.Owner)
	team := fake.AddTeam(vttest.Crew, vttest.SmallestTeam)
	c := inAudit(t)

	printed, exit := c.run(append([]string{"plan", "-input=false", "-no-color", "-var=enforce=true"}, policy()...)...)
	_, failure, failed := strings.Cut(printed, "falls short of its policy")
	if exit != 1 || !failed {
		t.Fatalf("exit code %d\n%s", exit, printed)
	}
	for _, who := range slices.Concat(team.WithoutSecondFactor, team.Unexpected) {
		if !strings.Contains(failure, "- "+who+": ") {
			t.Errorf("%s is not named in\n%s", who, failure)
		}
	}
	if got, want := strings.Count(failure, "(high)"), len(team.WithoutSecondFactor)+len(team.Unexpected); got != want {
		t.Errorf("%d are named, want %d:\n%s", got, want, failure)
	}

	// Whoever is exempt is no reason to fail.
	exempt, err := json.Marshal(slices.Concat(team.WithoutSecondFactor, team.Unexpected))
	if err != nil {
		t.Fatal(err)
	}
	c.succeed(append([]string{"plan", "-input=false", "-var=enforce=true", "-var=exempt=" + string(exempt)}, policy()...)...)
}

// TestAuditOfTheHidden audits what VirusTotal does not show, collections too, which no mock can be.
func TestAuditOfTheHidden(t *testing.T) {
	fake := serve(t, vttest.Owner)
	team := fake.AddTeam(vttest.Crew, vttest.SmallestTeam)
	c := inAudit(t)

	nothing, gone, noQuotas := team.ForeignDomain[0], team.ForeignDomain[1], team.ForeignDomain[2]
	fake.Set("/users/"+nothing, `{"type":"user","id":"`+nothing+`","attributes":{"has_2fa":true}}`)
	fake.Delete("/users/" + gone)
	fake.Set("/users/"+noQuotas, `{"type":"user","id":"`+noQuotas+`","attributes":{"has_2fa":true,"email":"x@puffinferries.example","last_login":"now","quotas":null}}`)
	fake.Set("/groups/"+vttest.Crew, `{"type":"group","id":"`+vttest.Crew+`","attributes":{}}`)
	team.ForeignDomain = nil

	want := planted(team)
	low := []string{"low hidden " + vttest.Crew, "low hidden " + nothing, "low hidden " + noQuotas, want[len(want)-1]}
	slices.Sort(low)
	want = append(want[:len(want)-1], "medium unavailable "+gone)
	want = append(want, low...)
	if got := c.findings("-var=read_group=true"); !slices.Equal(got, want) {
		t.Errorf("found\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestAuditPolicy runs the audit's own tests.
func TestAuditPolicy(t *testing.T) {
	c := inAudit(t)
	needs(t, `source = "./tests/mocks"`)
	c.succeed("test", "-no-color")
}

// TestMocks checks that the mocks leave nothing for Terraform to invent, and that it takes them.
func TestMocks(t *testing.T) {
	mocks, err := os.ReadFile(filepath.Join(theAudit, "tests", "mocks", "virustotal.tfmock.hcl"))
	if err != nil {
		t.Fatal(err)
	}
	// Terraform itself reads them when they are outputs.
	c := inDirectory(t, strings.NewReplacer(`mock_data "`, `output "`, "\n  defaults = {", "\n  value = {").Replace(string(mocks)))
	var mocked map[string]struct {
		Value map[string]any `json:"value"`
	}
	c.outputs(&mocked)

	var blocks strings.Builder
	for _, s := range sources() {
		mock, ok := mocked["virustotal_"+s.name]
		if !ok {
			continue
		}
		delete(mocked, "virustotal_"+s.name)
		var resp datasource.SchemaResponse
		s.Schema(t.Context(), datasource.SchemaRequest{}, &resp)
		fmt.Fprintf(&blocks, "data \"virustotal_%s\" \"x\" {\n", s.name)
		for name, attribute := range resp.Schema.Attributes {
			if attribute.IsRequired() {
				fmt.Fprintf(&blocks, "%s = \"crew\"\n", name)
			}
			if value, ok := mock.Value[name]; ok {
				leavesNothingOut(t, s.name+"."+name, attribute.GetType(), value)
			} else if attribute.IsComputed() {
				t.Errorf("%s.%s is left out", s.name, name)
			}
		}
		blocks.WriteString("}\n")
	}
	for name := range mocked {
		t.Errorf("%s is mocked, and is not there", name)
	}

	c = inDirectory(t, blocks.String())
	needs(t, `source = "./tests/mocks"`)
	if err := os.CopyFS(filepath.Join(c.dir, "tests", "mocks"), os.DirFS(filepath.Join(theAudit, "tests", "mocks"))); err != nil {
		t.Fatal(err)
	}
	c.keep(filepath.Join("tests", "all.tftest.hcl"), `
		mock_provider "virustotal" {
			source = "./tests/mocks"
		}
		run "all" {
			command = plan
			assert {
				condition     = data.virustotal_group_users.x.users[0].quotas["api_requests_daily"].remaining == 960
				error_message = "not the mock"
			}
		}`)
	c.succeed("test", "-no-color")
}

// leavesNothingOut checks that a mocked value has all fields of its objects, and dates where they belong.
func leavesNothingOut(t *testing.T, at string, as attr.Type, value any) {
	t.Helper()
	switch value := value.(type) {
	case string:
		if strings.HasSuffix(at, "_date") || strings.HasSuffix(at, ".last_login") || strings.HasSuffix(at, ".user_since") {
			if _, err := time.Parse(time.RFC3339, value); err != nil {
				t.Errorf("%s: %v", at, err)
			}
		}
	case []any:
		for _, item := range value {
			leavesNothingOut(t, at+"[]", as.(attr.TypeWithElementType).ElementType(), item)
		}
	case map[string]any:
		object, ok := as.(attr.TypeWithAttributeTypes)
		if !ok {
			for _, item := range value {
				leavesNothingOut(t, at+"{}", as.(attr.TypeWithElementType).ElementType(), item)
			}
			return
		}
		fields := object.AttributeTypes()
		if got, want := slices.Sorted(maps.Keys(value)), slices.Sorted(maps.Keys(fields)); !slices.Equal(got, want) {
			t.Errorf("%s has %q, want %q", at, got, want)
			return
		}
		for name, field := range fields {
			leavesNothingOut(t, at+"."+name, field, value[name])
		}
	}
}
