// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/virustotal/terraform-provider-virustotal/internal/tftest"
	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// teamCLI returns a CLI for a team's repository: a copy of the audit, the modules and the ledger.
func teamCLI(t *testing.T, variables ...string) *cli {
	t.Helper()
	for _, name := range []string{"jq", "curl"} {
		tool(t, name)
	}
	c := auditCLI(t, "examples/audit", variables...)
	c.Dir = filepath.Dir(filepath.Dir(c.Dir))
	for _, name := range []string{"examples/ci", "examples/days"} {
		if err := os.CopyFS(filepath.Join(c.Dir, name), os.DirFS(filepath.Join(repository, name))); err != nil {
			t.Fatal(err)
		}
	}
	// Remove what runs in the repository have left there.
	left, err := filepath.Glob(filepath.Join(c.Dir, "examples", "ci", "ledger", "*terraform*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, left := range left {
		if err := os.RemoveAll(left); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// mondayCLI is like teamCLI, with Monday's findings in the ledger.
func mondayCLI(t *testing.T) *cli {
	t.Helper()
	c := teamCLI(t)
	c.Succeed("-chdir=examples/ci/ledger", "init", "-no-color")
	c.script(0, nil, "examples/ci/ledger/ledger.sh", "modules/ledger/tests/monday.json")
	return c
}

// audits writes the report of a day, as the guide does.
func (c *cli) audits(day, at string, change func(fake *served)) {
	c.t.Helper()
	moment, err := time.Parse(time.RFC3339, at)
	if err != nil {
		c.t.Fatal(err)
	}
	fake := serve(c.t)
	fake.Now = func() time.Time { return moment }
	change(fake)
	c.Setenv(fake.env(vttest.SecurityHead)...)
	c.script(1, nil, "-c", "cd examples/audit && sh ./audit.sh ../../"+day+" -var-file=../days/policy.tfvars -var=at="+at)
}

// script runs a script with the CLI under test and checks its exit code. It returns the output.
func (c *cli) script(want int, variables []string, arguments ...string) string {
	c.t.Helper()
	command := exec.CommandContext(c.t.Context(), "sh", arguments...)
	command.Dir = c.Dir
	command.Env = append(append(c.Environ(), "TERRAFORM="+tftest.Path()), variables...)
	output, _ := command.CombinedOutput()
	if got := command.ProcessState.ExitCode(); got != want {
		c.t.Fatalf("%q: exit code %d, want %d\n%s", arguments, got, want, output)
	}
	return string(output)
}

const ledgerScript, notifyScript = "examples/ci/ledger/ledger.sh", "examples/ci/ledger/notify.sh"

// TestLedgerHold checks that ledger.sh --hold does not apply new findings that fail the gate, and fails on unknown ones.
func TestLedgerHold(t *testing.T) {
	t.Parallel()
	c := mondayCLI(t)
	const monday, tuesday = "modules/ledger/tests/monday.json", "modules/ledger/tests/tuesday.json"
	contains(t, c.script(0, nil, ledgerScript, "--hold", monday), "No finding is new or gone.", "Not recorded")
	for range 2 {
		printed := c.script(1, nil, ledgerScript, "--hold", tuesday)
		for _, want := range []string{
			"Plan: 3 to add, 0 to change, 2 to destroy.", "  new      high     puffin_ferries/no_2fa/ingrid\n",
			"  new      high     puffin_ferries/no_2fa/yuki\n",
			"  gone     medium   puffin_ferries/foreign_mail_domain/lotte_guest\n",
			"Not recorded: a new finding is critical or high.\n",
		} {
			contains(t, printed, want)
		}
	}
	c.script(2, nil, ledgerScript, "--hold", "modules/ledger/tests/gap.json")
	c.script(2, nil, ledgerScript, "--hold", "missing.json")
	contains(t, c.script(2, nil, ledgerScript, "modules/ledger/tests"), "modules/ledger/tests is a directory: name the report.json in it")
	c.script(2, nil, ledgerScript, "--hold")
	c.script(2, []string{"TERRAFORM=false"}, ledgerScript, monday)

	// Without --hold all findings are applied.
	c.script(0, nil, ledgerScript, tuesday)
	c.script(0, nil, ledgerScript, "--hold", tuesday)

	// A new medium finding is applied, a new critical one is not.
	medium := c.report("2026-11-25T03:00:00Z", map[string]any{"g/dormant/joe": finding("dormant", "medium", "alarm")})
	c.script(0, nil, ledgerScript, "--hold", medium)
	critical := c.report("2026-11-26T03:00:00Z", map[string]any{"g/no_2fa/joe": finding("no_2fa", "critical", "alarm")})
	c.script(1, nil, ledgerScript, "--hold", critical)

	// A plan of another configuration is an error.
	c.WriteFile("examples/ci/ledger/main.tf", "variable \"results\" {\n  type = string\n}\n")
	contains(t, c.script(2, nil, ledgerScript, "--hold", medium), "the output overdue is missing from the plan, or not known")
}

// TestLedgerPrintsNames checks that control characters in a name do not reach the terminal.
func TestLedgerPrintsNames(t *testing.T) {
	t.Parallel()
	c := mondayCLI(t)
	printed := c.script(0, nil, ledgerScript, c.report("2026-11-25T03:00:00Z", map[string]any{"g/dormant/x\x1b[2J\u202eevil": finding("dormant", "low", "alarm")}))
	if strings.ContainsAny(printed, "\x1b\u202e") || !strings.Contains(printed, "x\ufffd[2J\ufffdevil") {
		t.Errorf("%q", printed)
	}
}

// TestReadmeShowsTheAudit compares the summary on the README's first screen with that of the example's own policy.
func TestReadmeShowsTheAudit(t *testing.T) {
	t.Parallel()
	fake := serve(t)
	moment := time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)
	fake.Now = func() time.Time { return moment }
	_, printed := auditCLI(t, "examples/audit", fake.env(vttest.SecurityHead)...).audit(1, "-var=at="+moment.Format(time.RFC3339))
	for _, b := range blocksOf(t, "README.md") {
		if !strings.Contains(b.why, "TestReadmeShowsTheAudit") {
			continue
		}
		for line := range strings.Lines(b.text) {
			if strings.TrimSpace(line) != "…" {
				contains(t, printed, line)
			}
		}
		return
	}
	t.Error("the README shows no audit")
}
