// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/virustotal/terraform-provider-virustotal/internal/tftest"
	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

var ledgerModule = filepath.Join(modulesDir, "ledger")

// ledgerCLI returns a CLI for a copy of the module ledger.
func ledgerCLI(t *testing.T) *cli {
	t.Helper()
	tftest.Needs(t, `required_version = ">= 1.5"`)
	c := newCLI(t, "")
	if err := os.Remove(filepath.Join(c.Dir, "main.tf")); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(ledgerModule, "*.tf"))
	if err != nil || len(files) == 0 {
		t.Fatal("there is no ledger", err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		c.WriteFile(filepath.Base(file), string(content))
	}
	if err := os.CopyFS(filepath.Join(c.Dir, "tests"), os.DirFS(filepath.Join(ledgerModule, "tests"))); err != nil {
		t.Fatal(err)
	}
	c.Succeed("init", "-no-color")
	return c
}

// plan plans a report and checks the detailed exit code. It returns the output on one line.
func (c *cli) plan(want int, report string, variables ...string) string {
	c.t.Helper()
	arguments := []string{"plan", "-input=false", "-no-color", "-detailed-exitcode", "-out=plan", "-var=results=" + report}
	for _, variable := range variables {
		arguments = append(arguments, "-var="+variable)
	}
	printed, exit := c.Run(arguments...)
	if exit != want {
		c.t.Fatalf("%s %q: exit code %d, want %d\n%s", report, variables, exit, want, printed)
	}
	return flat(printed)
}

// contains checks that a text contains want, and none of not.
func contains(t *testing.T, printed, want string, not ...string) {
	t.Helper()
	if !strings.Contains(printed, want) {
		t.Errorf("%q is not in %s", want, printed)
	}
	for _, words := range not {
		if strings.Contains(printed, words) {
			t.Errorf("%q is in %s", words, printed)
		}
	}
}

// report writes a report and returns its name.
func (c *cli) report(at string, results map[string]any) string {
	c.t.Helper()
	content, err := json.Marshal(map[string]any{"at": at, "results": results})
	if err != nil {
		c.t.Fatal(err)
	}
	name := "report-" + strings.ReplaceAll(at, ":", "") + ".json"
	c.WriteFile(name, string(content))
	return name
}

// finding returns a result in the form of the audit's report.
func finding(control, severity, status string) map[string]any {
	return map[string]any{
		"control": control, "group": "g", "who": "joe", "owner": "", "severity": severity, "status": status,
		"why": "joe@puffinferries.example was seen.", "reason": "", "approved_by": "", "until": "",
	}
}

// TestLedgerOfTwoDays checks that plans show new and resolved findings, and no changes if there are none.
func TestLedgerOfTwoDays(t *testing.T) {
	t.Parallel()
	c := ledgerCLI(t)
	contains(t, c.plan(2, "tests/monday.json"), "Plan: 4 to add, 0 to change, 0 to destroy.")
	c.Succeed("apply", "plan")
	contains(t, c.plan(0, "tests/monday.json"), "No changes.")

	contains(t, c.plan(2, "tests/tuesday.json"), "Plan: 3 to add, 0 to change, 2 to destroy.")
	c.Succeed("apply", "plan")
	contains(t, c.plan(0, "tests/tuesday.json"), "No changes.")

	// The same findings are no change until one becomes overdue, which is shown once.
	c.plan(0, "tests/tuesday.json", "at=2026-11-26T03:00:00Z")
	printed := c.plan(2, "tests/tuesday.json", "at=2026-11-26T03:00:01Z")
	contains(t, printed, `+ "puffin_ferries/administrator_without_2fa/tobias" = "2026-11-23T03:00:00Z"`, `yuki" = "2026`, "known after apply", "Plan:")
	c.Succeed("apply", "plan")
	c.plan(0, "tests/tuesday.json", "at=2026-11-27T03:00:00Z")

	// Three findings were first seen on Tuesday.
	contains(t, c.plan(1, "tests/tuesday.json", "at=2026-11-23T05:00:00Z"), "is older than the ledger: 3 of its findings")
}

// TestLedgerUsesTodaysSeverity checks that a finding with another severity is not a new one, and that the current
// severity decides when it is overdue.
func TestLedgerUsesTodaysSeverity(t *testing.T) {
	t.Parallel()
	c := ledgerCLI(t)
	c.plan(2, c.report("2026-11-01T00:00:00Z", map[string]any{"g/dormant/joe": finding("dormant", "low", "alarm")}))
	c.Succeed("apply", "plan")

	// A new finding does not make the date of another one unknown.
	later := c.report("2026-11-06T00:00:00Z", map[string]any{
		"g/dormant/joe": finding("dormant", "critical", "alarm"), "g/review_overdue/g": finding("review_overdue", "medium", "alarm"),
	})
	contains(t, c.plan(2, later), `+ "g/dormant/joe" = "2026-11-01T00:00:00Z"`)
	contains(t, c.plan(2, later, "overdue_days={critical=5}"), "Plan: 1 to add, 0 to change, 0 to destroy.", "Changes to Outputs")
	contains(t, c.plan(2, later, "overdue_days={critical=null}"), "Plan: 1 to add, 0 to change, 0 to destroy.", "Changes to Outputs")
	contains(t, c.plan(2, later, "overdue_days={low=1}"), `+ "g/dormant/joe" = "2026-11-01T00:00:00Z"`)
}

// TestLedgerRefusesGaps checks that a report with gaps is an error, unless they are accepted or waived.
func TestLedgerRefusesGaps(t *testing.T) {
	t.Parallel()
	c := ledgerCLI(t)
	const id, at = "g/dormant/joe", "2026-11-01T00:00:00Z"
	c.plan(2, c.report(at, map[string]any{id: finding("dormant", "low", "alarm")}))
	c.Succeed("apply", "plan")

	for _, control := range []string{"incomplete", "unknown"} {
		gap := c.report("2026-11-02T00:00:00Z", map[string]any{"g/" + control + "/joe": finding(control, "low", "error")})
		contains(t, c.plan(1, gap), "the ledger would treat earlier findings as resolved: - g/"+control+"/joe")
		contains(t, c.plan(2, gap, "accept_gaps=true"), "Plan: 1 to add, 0 to change, 1 to destroy.")
	}

	waived := c.report("2026-11-02T00:00:00Z", map[string]any{id: finding("dormant", "low", "alarm"), "g/unknown/joe": finding("unknown", "low", "waived")})
	c.plan(0, waived)
	clean := c.report("2026-11-02T00:00:00Z", map[string]any{})
	contains(t, c.plan(2, clean), "Plan: 0 to add, 0 to change, 1 to destroy.")
}

// TestLedgerHoldsNoAddress checks that the state has no e-mail addresses: only ids, dates and severities.
func TestLedgerHoldsNoAddress(t *testing.T) {
	t.Parallel()
	c := ledgerCLI(t)
	report := c.report("2026-11-01T00:00:00Z", map[string]any{
		"g/dormant/joe": finding("dormant", "low", "alarm"), "g/no_2fa/ann": finding("no_2fa", "high", "waived"),
	})
	c.plan(2, report)
	c.Succeed("apply", "plan")
	if err := os.Remove(filepath.Join(c.Dir, report)); err != nil {
		t.Fatal(err)
	}
	if found := c.filesContaining("joe@puffinferries.example"); len(found) > 0 {
		t.Errorf("an address is in %q", found)
	}
	state, err := os.ReadFile(filepath.Join(c.Dir, "terraform.tfstate"))
	if err != nil {
		t.Fatal(err)
	}
	contains(t, string(state), `"g/dormant/joe"`, "ann", "@")
}

// TestLedgerRefusesReports checks that an invalid report is one error at the variable, rather than a report without
// findings.
func TestLedgerRefusesReports(t *testing.T) {
	t.Parallel()
	c := ledgerCLI(t)
	const at = `"at":"2026-11-24T03:00:00Z"`
	for content, want := range map[string]string{
		"":                                  "is not JSON",
		`{` + at + `,"res`:                  "is not JSON",
		"\xff\xfe":                          "does not exist, or cannot be read as text",
		`{"results":{}}`:                    `whose "at" is a time`,
		`{"at":null,"results":{}}`:          `whose "at" is a time`,
		`{"at":"today","results":{}}`:       `whose "at" is a time`,
		`{` + at + `}`:                      `whose "results" is an object with a result for each id`,
		`{` + at + `,"results":null}`:       `whose "results" is an object with a result for each id`,
		`{` + at + `,"results":[]}`:         `whose "results" is an object with a result for each id`,
		`{` + at + `,"results":"{}"}`:       `whose "results" is an object with a result for each id`,
		`{` + at + `,"results":{"x":null}}`: "Each result in",
		`{` + at + `,"results":{"x":{"severity":"low","status":"alarm"}}}`:                       "Each result in",
		`{` + at + `,"results":{"x":{"control":"dormant","severity":"grave","status":"alarm"}}}`: "Each result in",
		`{` + at + `,"results":{"x":{"control":"dormant","severity":"low","status":"Waived"}}}`:  "Each result in",
		`{` + at + `,"results":{"x":{"control":"dormant","severity":"low"}}}`:                    "Each result in",
		`{` + at + `,"results":{"x":{"control":null,"severity":"low","status":"waived"}}}`:       "Each result in",
	} {
		c.WriteFile("report.json", content)
		printed := c.plan(1, "report.json")
		contains(t, printed, want)
		if got := strings.Count(printed, "Error: "); got != 1 {
			t.Errorf("%s: %d errors, want 1\n%s", content, got, printed)
		}
	}
	contains(t, c.plan(1, "missing.json"), "The report missing.json does not exist")
	for variable, want := range map[string]string{
		"overdue_days={critcal=3}": "The keys of overdue_days must be", "at=2026-11-24": "RFC 3339",
		"overdue_days={low=-1}": "whole numbers", "overdue_days={low=1.5}": "whole numbers",
	} {
		contains(t, c.plan(1, "tests/monday.json", variable), want)
	}
}

// TestLedgerReadsTheAudit plans a report of audit.sh.
func TestLedgerReadsTheAudit(t *testing.T) {
	t.Parallel()
	fake := serve(t)
	audited := auditCLI(t, "examples/audit", fake.env(vttest.SecurityHead)...)
	found, _ := audited.audit(1)

	c := ledgerCLI(t)
	report := filepath.Join(audited.Dir, "out", "report.json")
	contains(t, c.plan(1, report), "- puffin_soc/unknown/signe")
	contains(t, c.plan(2, report, "accept_gaps=true"), fmt.Sprintf("Plan: %d to add, 0 to change, 0 to destroy.", len(found.found())))
	c.Succeed("apply", "plan")
	c.plan(0, report, "accept_gaps=true")
}

// TestLedgerReadme checks that the README has the descriptions of all variables and outputs.
func TestLedgerReadme(t *testing.T) {
	t.Parallel()
	read := func(name string) string {
		content, err := os.ReadFile(filepath.Join(ledgerModule, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(content)
	}
	readme, described := read("README.md"), map[string]string{}
	block := regexp.MustCompile(`(?s)(?:variable|output) "(\w+)" \{\n  description = ("[^\n]*")`)
	for _, found := range block.FindAllStringSubmatch(read("variables.tf")+read("outputs.tf"), -1) {
		description := ""
		if err := json.Unmarshal([]byte(found[2]), &description); err != nil {
			t.Fatal(err)
		}
		described[found[1]] = description
	}
	if len(described) != 5 {
		t.Errorf("found %d descriptions: %v", len(described), described)
	}
	for name, description := range described {
		if !regexp.MustCompile("(?m)^\\| `" + name + "` \\|.* " + regexp.QuoteMeta(description) + " \\|$").MatchString(readme) {
			t.Errorf("README.md does not say of %s: %s", name, description)
		}
	}
}
