// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
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
		"high no_second_factor":           team.WithoutSecondFactor,
		"high unexpected_administrator":   team.Unexpected,
		"high unexpected_service_account": team.ServiceAccounts[1:],
		"medium dormant":                  team.Dormant,
		"medium foreign_mail_domain":      team.ForeignDomain,
		"medium never_logged_in":          team.NeverLoggedIn,
		"medium privilege_ends":           append(team.ServiceAccounts[1:], team.PrivilegeEnds...),
		"medium quota_nearly_used_up":     append(team.ServiceAccounts[1:], team.NearlyUsedUp...),
	} {
		for _, who := range who {
			all = append(all, finding+" "+who)
		}
	}
	return all
}

// TestAuditOfATeam checks that an audit of 500 members finds exactly the planted results, with at most 32 requests.
func TestAuditOfATeam(t *testing.T) {
	t.Parallel()
	fake := serve(t)
	team := fake.AddTeam(vttest.Crew, 500)
	c := auditCLI(t, "examples/audit", fake.env(vttest.SecurityHead)...)

	got, printed := c.audit(1, crewPolicy(nil))
	sameResults(t, got.found(), planted(team))
	if got := len(fake.Requests()); got > 32 {
		t.Errorf("%d requests", got)
	}
	for _, want := range []string{"puffin_crew: 9 high, 18 medium; 0 waived", team.Unexpected[0], "Gate failed."} {
		if !strings.Contains(printed, want) {
			t.Errorf("%q is not in\n%s", want, printed)
		}
	}
	if state := got.Controls[vttest.Crew]["no_second_factor"]; state.Status != "alarm" || state.Evaluated != 497 {
		t.Errorf("no_second_factor is %+v", state)
	}
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
	roster["reviewed_by"] = vttest.SecurityHead
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

// TestAuditDefaults checks that the default policy of the example is the one of the module.
func TestAuditDefaults(t *testing.T) {
	t.Parallel()
	fake := serve(t)
	fake.AddTeam(vttest.Crew, vttest.SmallestTeam)
	example := auditCLI(t, "examples/audit", fake.env(vttest.SecurityHead)...)
	example.audit(1, groupsVariable(map[string]any{vttest.Crew: defaultPolicy()}))
	report, err := os.ReadFile(filepath.Join(example.Dir, "out", "report.md"))
	if err != nil {
		t.Fatal(err)
	}
	module := auditCLI(t, "modules/audit", append(fake.env(vttest.SecurityHead), "TF_VAR_group_id="+vttest.Crew)...)
	var outputs struct {
		Evidence struct{ Value struct{ Policy string } }
	}
	module.outputs(&outputs)
	if outputs.Evidence.Value.Policy == "" {
		t.Fatal("the module has no evidence of its policy")
	}
	contains(t, string(report), outputs.Evidence.Value.Policy)
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
	if state := got.Controls[vttest.Crew]["no_second_factor"]; state.Evaluated != 4997 {
		t.Errorf("no_second_factor is %+v", state)
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

	c.audit(0, crewPolicy(nil), "-var=bar=critical")
	// Arguments cannot turn off the gate, and -detailed-exitcode does not change the exit code.
	c.audit(1, crewPolicy(nil), "-var=enforce=false", "-detailed-exitcode")

	// A failed read is an error even if other results fail the gate, and removes the previous report.
	for name, arguments := range map[string][]string{
		"another group": {groupsVariable(map[string]any{vttest.Crew: defaultPolicy(), "greendale_library": defaultPolicy()})},
		"a policy":      {groupsVariable(map[string]any{vttest.Crew: map[string]any{"dorment_days": 90}})},
		"a waiver": {crewPolicy(map[string]any{"waivers": []map[string]string{
			{"who": "x", "control": "dormant", "reason": "r", "approved_by": "a", "until": "2999-12-31"},
		}})},
	} {
		c.WriteFile(filepath.Join("out", "report.json"), "{}")
		if _, printed := c.audit(2, arguments...); !strings.Contains(printed, "audit.sh: ") {
			t.Errorf("%s:\n%s", name, printed)
		}
		if _, err := os.Stat(filepath.Join(c.Dir, "out", "report.json")); err == nil {
			t.Errorf("%s: the report of an earlier run is still there", name)
		}
	}

	fake.Inject("*", -1, vttest.Error(http.StatusUnauthorized, "WrongCredentialsError", "Wrong API key"))
	c.audit(2, crewPolicy(nil))
}

// defaultPolicy returns the default policy.
func defaultPolicy() map[string]any { return map[string]any{} }

// TestAuditOfTheHidden audits accounts with hidden attributes, including collections, which mocks cannot hide.
func TestAuditOfTheHidden(t *testing.T) {
	t.Parallel()
	fake := serve(t)
	team := fake.AddTeam(vttest.Crew, vttest.SmallestTeam)
	c := auditCLI(t, "examples/audit", fake.env(vttest.SecurityHead)...)

	nothing, gone, noQuotas := team.ForeignDomain[0], team.ForeignDomain[1], team.ForeignDomain[2]
	fake.Set("/users/"+nothing, `{"type":"user","id":"`+nothing+`","attributes":{"has_2fa":true,"status":"active"}}`)
	fake.Delete("/users/" + gone)
	fake.Set("/users/"+noQuotas, `{"type":"user","id":"`+noQuotas+`","attributes":{
		"has_2fa":true,"email":"x@puffinferries.example","last_login":"now","quotas":null}}`)
	fake.Set("/groups/"+vttest.Crew, `{"type":"group","id":"`+vttest.Crew+`","attributes":{"privileges":{"x":null}}}`)
	service := team.ServiceAccounts[0]
	fake.Set("/service_accounts/"+service, `{"type":"service_account","id":"`+service+`","attributes":{"status":"active"}}`)
	team.ForeignDomain = nil

	got, _ := c.audit(1, crewPolicy(nil))
	sameResults(t, got.found(), append(planted(team), "medium unavailable "+gone,
		"low hidden "+vttest.Crew, "low hidden "+nothing, "low hidden "+noQuotas, "low hidden "+service))
	for id, want := range map[string]string{
		nothing:     "VirusTotal does not show quotas, the e-mail address, the last login.",
		noQuotas:    "VirusTotal does not show quotas.",
		service:     "VirusTotal does not show privileges, quotas.",
		vttest.Crew: "VirusTotal does not show privileges, quotas.",
	} {
		if got := got.Results[vttest.Crew+"/hidden/"+id].Why; got != want {
			t.Errorf("%s: got %q, want %q", id, got, want)
		}
	}
	// Attributes are reported as hidden only if a control uses them.
	got, _ = c.audit(1, crewPolicy(map[string]any{"dormant_days": nil, "quota_share": nil, "privilege_days": nil, "allowed_domains": nil}))
	for _, found := range got.found() {
		if strings.Contains(found, "hidden") {
			t.Error(found)
		}
	}
}

// TestAuditFilterIgnored checks that nobody passes no_second_factor if the server ignores the filter.
func TestAuditFilterIgnored(t *testing.T) {
	t.Parallel()
	fake := serve(t)
	team := fake.AddTeam(vttest.Crew, vttest.SmallestTeam)
	same := vttest.New()
	same.AddTeam(vttest.Crew, vttest.SmallestTeam)
	fake.Inject("/groups/"+vttest.Crew+"/users", -1, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		query.Del("filter")
		r.URL.RawQuery = query.Encode()
		same.ServeHTTP(w, r)
	}))
	c := auditCLI(t, "examples/audit", fake.env(vttest.SecurityHead)...)

	got, _ := c.audit(1, crewPolicy(nil))
	unknown := 0
	for _, found := range got.found() {
		if strings.HasPrefix(found, "high second_factor_unknown ") {
			unknown++
		}
	}
	state := got.Controls[vttest.Crew]["no_second_factor"]
	if unknown != vttest.SmallestTeam || state.Status != "error" || state.Evaluated != 0 {
		t.Errorf("%d unknown, and no_second_factor is %+v", unknown, state)
	}
	if len(team.WithoutSecondFactor) == 0 {
		t.Error("everybody has a second factor")
	}
}

// TestAuditOfNobody checks that a group without members is incomplete: the API key or the id must be wrong.
func TestAuditOfNobody(t *testing.T) {
	t.Parallel()
	fake := serve(t)
	fake.AddTeam(vttest.Crew, vttest.SmallestTeam)
	fake.Set("/groups/"+vttest.Crew+"/users", `[]`)
	c := auditCLI(t, "examples/audit", fake.env(vttest.SecurityHead)...)

	got, _ := c.audit(1, crewPolicy(nil))
	if why := got.Results[vttest.Crew+"/incomplete/"+vttest.Crew].Why; why != "VirusTotal lists no members of the group." {
		t.Errorf("incomplete: %q", why)
	}
	for control, state := range got.Controls[vttest.Crew] {
		if state.Status == "ok" && control != "review_overdue" {
			t.Errorf("%s is ok", control)
		}
	}
	// audit.sh fails even if the severity of incomplete is below bar.
	_, printed := c.audit(2, crewPolicy(map[string]any{"severity": map[string]string{"incomplete": "low"}, "bar": "critical"}))
	if !strings.Contains(printed, "not read completely: "+vttest.Crew) {
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

// TestModules runs the tests of the modules and of the example.
func TestModules(t *testing.T) {
	t.Parallel()
	tftest.Needs(t, "override_data")
	for _, directory := range []string{"modules/audit", "examples/audit"} {
		t.Run(directory, func(t *testing.T) {
			t.Parallel()
			auditCLI(t, directory).Succeed("test", "-no-color")
		})
	}
	t.Run("modules/ledger", func(t *testing.T) {
		t.Parallel()
		ledgerCLI(t).Succeed("test", "-no-color")
	})
}

// TestAuditReadme compares the module's README and validations with the catalogue of controls, and with the module's
// variables and outputs.
func TestAuditReadme(t *testing.T) {
	t.Parallel()
	read := func(name string) string {
		content, err := os.ReadFile(filepath.Join(modulesDir, "audit", name))
		if err != nil {
			t.Fatal(err)
		}
		return string(content)
	}
	var catalogue map[string]struct {
		Severity, Status, Title, Risk, Remedy string
		MapsTo                                map[string][]string `json:"maps_to"`
	}
	if err := json.Unmarshal([]byte(read("controls.json")), &catalogue); err != nil {
		t.Fatal(err)
	}
	readme, variables, checks := read("README.md"), read("variables.tf"), read("checks.tf")
	for id, control := range catalogue {
		row := "| `" + id + "` |"
		for _, framework := range []string{"CIS Controls 8.1", "NIST SP 800-53 r5", "PCI DSS 4.0.1", "ISO/IEC 27001:2022", "SOC 2"} {
			row += strings.TrimRight(" "+strings.Join(control.MapsTo[framework], ", "), " ") + " |"
			delete(control.MapsTo, framework)
		}
		for _, want := range []string{row + "\n", fmt.Sprintf("| %#q | %s | %#q | ", id, control.Severity, control.Status)} {
			if !strings.Contains(readme, want) {
				t.Errorf("README.md lacks %q", want)
			}
		}
		if len(control.MapsTo) > 0 || control.Title == "" || control.Risk == "" || control.Remedy == "" {
			t.Errorf("%s is %+v", id, control)
		}
		if !strings.Contains(checks, "check \""+id+"\" {") {
			t.Errorf("%s has no check", id)
		}
		// The validations of severity, skip and waivers list all controls.
		want := 3
		switch id {
		case "incomplete":
			want = 1
		case "waiver_expired", "waiver_stale":
			want = 2
		}
		if got := strings.Count(variables, `"`+id+`"`); got != want {
			t.Errorf("%s is allowed in %d variables, want %d", id, got, want)
		}
	}
	for kind, content := range map[string]string{"variable": variables, "output": read("outputs.tf")} {
		for _, block := range regexp.MustCompile(`(?m)^`+kind+` "(\w+)"`).FindAllStringSubmatch(content, -1) {
			if !strings.Contains(readme, "\n| `"+block[1]+"` | ") {
				t.Errorf("README.md lacks the %s %s", kind, block[1])
			}
		}
	}
}
