// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/virustotal/terraform-provider-virustotal/internal/tftest"
	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// auditExample is the example of the whole audit kit, and modulesDir has its modules.
var (
	auditExample = filepath.Join(repository, "examples", "audit")
	modulesDir   = filepath.Join(repository, "modules")
)

// auditCLI returns a CLI for a copy of the example and the modules, in one of their directories.
func auditCLI(t *testing.T, directory string, variables ...string) *cli {
	t.Helper()
	tftest.Needs(t, `check "`)
	c := newCLI(t, "", variables...)
	if err := os.Remove(filepath.Join(c.Dir, "main.tf")); err != nil {
		t.Fatal(err)
	}
	for _, from := range []string{auditExample, modulesDir} {
		path, err := filepath.Rel(repository, from)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.CopyFS(filepath.Join(c.Dir, path), os.DirFS(from)); err != nil {
			t.Fatal(err)
		}
	}
	c.Dir = filepath.Join(c.Dir, directory)
	unwanted := []string{".terraform"} // Runs in the repository have left it there.
	if tftest.Unsupported(t, "override_data") != "" {
		unwanted = append(unwanted, "tests") // As the example's README says.
	}
	for _, name := range unwanted {
		if err := os.RemoveAll(filepath.Join(c.Dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	c.Succeed("get")
	return c
}

// outputs plans, and decodes the outputs of the plan.
func (c *cli) outputs(into any) {
	c.t.Helper()
	c.Succeed("plan", "-input=false", "-no-color", "-out=plan")
	var plan struct {
		Values struct {
			Outputs json.RawMessage `json:"outputs"`
		} `json:"planned_values"`
	}
	printed := c.Succeed("show", "-json", "plan")
	if err := json.Unmarshal([]byte(printed), &plan); err != nil {
		c.t.Fatalf("%v\n%s", err, printed)
	}
	if err := json.Unmarshal(plan.Values.Outputs, into); err != nil {
		c.t.Fatalf("%v\n%s", err, plan.Values.Outputs)
	}
}

// groupsVariable returns the command-line argument for the variable groups.
func groupsVariable(policies map[string]any) string {
	value, err := json.Marshal(policies)
	if err != nil {
		panic(err)
	}
	return "-var=groups=" + string(value)
}

// crewPolicy returns the policy for a generated team as a command-line argument. more is added to the policy.
func crewPolicy(more map[string]any) string {
	policy := map[string]any{
		"allowed_domains": []string{"puffinferries.example"},
		"roster": map[string]any{
			"reviewed_on":      time.Now().UTC().Format(time.DateOnly),
			"reviewed_by":      vttest.SecurityHead,
			"administrators":   []string{vttest.SecurityHead, vttest.Admin},
			"service_accounts": []string{vttest.Crew + "_ci"},
		},
	}
	maps.Copy(policy, more)
	return groupsVariable(map[string]any{vttest.Crew: policy})
}

// auditReport is a report of audit.sh.
type auditReport struct {
	Results map[string]struct {
		Status, Severity, Why string
	}
	Controls map[string]map[string]struct {
		Status    string
		Evaluated int
	}
}

// found returns the results in the form "severity control who".
func (a auditReport) found() []string {
	var found []string
	for id, result := range a.Results {
		if result.Status != "waived" {
			_, of, _ := strings.Cut(id, "/")
			found = append(found, result.Severity+" "+strings.Replace(of, "/", " ", 1))
		}
	}
	slices.Sort(found)
	return found
}

// audit runs audit.sh and checks its exit code. It returns the report, if there is one, and the output.
func (c *cli) audit(want int, arguments ...string) (a auditReport, printed string) {
	c.t.Helper()
	tool(c.t, "jq")
	printed = c.script(want, nil, append([]string{"./audit.sh", "out"}, arguments...)...)
	report, err := os.ReadFile(filepath.Join(c.Dir, "out", "report.json"))
	switch {
	case os.IsNotExist(err) && want == 2:
	case err != nil:
		c.t.Fatal(err)
	default:
		if err := json.Unmarshal(report, &a); err != nil {
			c.t.Fatal(err)
		}
	}
	return a, printed
}

// sameResults compares results, in any order.
func sameResults(t *testing.T, got, want []string) {
	t.Helper()
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("found\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// planted returns the results that the audit should find in a team, in the form of found.
func planted(team vttest.Team) []string {
	var all []string
	for finding, who := range map[string][]string{
		"high no_2fa":                     team.Without2FA,
		"high unexpected_administrator":   team.Unexpected,
		"high unexpected_service_account": team.ServiceAccounts[1:],
		"medium dormant":                  slices.Concat(team.Dormant, team.NeverLoggedIn),
		"medium foreign_mail_domain":      team.ForeignDomain,
		"medium privilege_ends":           append(team.ServiceAccounts[1:], team.PrivilegeEnds...),
		"medium quota_nearly_used_up":     append(team.ServiceAccounts[1:], team.NearlyUsedUp...),
	} {
		for _, who := range who {
			all = append(all, finding+" "+who)
		}
	}
	return all
}

// defaultPolicy returns the default policy.
func defaultPolicy() map[string]any { return map[string]any{} }
