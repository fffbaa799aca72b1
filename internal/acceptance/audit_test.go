// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// theAudit is the example that is an audit of a team.
var theAudit = filepath.Join("..", "..", "examples", "audit")

// inAudit returns a CLI that works on a copy of the audit.
func inAudit(t *testing.T, variables ...string) *cli {
	t.Helper()
	needs(t, `check "`)
	c := inDirectory(t, "", variables...)
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
	t.Parallel()
	fake := serve(t)
	now := time.Now()
	fake.Now = func() time.Time { return now } // So that logins do not move.
	team := fake.AddTeam(vttest.Crew, 500)
	c := inAudit(t, fake.env(vttest.Owner)...)

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
	t.Parallel()
	fake := serve(t)
	team := fake.AddTeam(vttest.Crew, vttest.SmallestTeam)
	c := inAudit(t, fake.env(vttest.Owner)...)

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
	t.Parallel()
	fake := serve(t)
	team := fake.AddTeam(vttest.Crew, vttest.SmallestTeam)
	c := inAudit(t, fake.env(vttest.Owner)...)

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
	t.Parallel()
	c := inAudit(t)
	needs(t, `source = "./tests/mocks"`)
	c.succeed("test", "-no-color")
}
