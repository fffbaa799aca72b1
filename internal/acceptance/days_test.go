// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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
	for _, name := range []string{"examples/ci", "examples/week"} {
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
	c.script(0, nil, ledgerScript, "--first", "modules/ledger/tests/monday.json")
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
	policy := filepath.Join(c.Dir, "examples", "week", "policy.tfvars")
	c.Setenv(fake.env(vttest.SecurityHead)...)
	root := c.Dir
	defer func() { c.Dir = root }()
	c.Dir = filepath.Join(root, "examples", "audit")
	c.script(1, nil, "audit.sh", filepath.Join(root, day), "-var-file="+policy, "-var=at="+at)
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

// TestLedgerScript records reports as a pipeline does, with and without --hold.
func TestLedgerScript(t *testing.T) {
	t.Parallel()
	c := mondayCLI(t)
	const monday, tuesday = "modules/ledger/tests/monday.json", "modules/ledger/tests/tuesday.json"
	contains(t, c.script(0, nil, ledgerScript, "--hold", monday), "No finding is new, gone or changed.", "Not recorded")
	contains(t, c.script(2, nil, ledgerScript, "--first", monday), "there is a ledger already")
	for range 2 {
		printed := c.script(1, nil, ledgerScript, "--hold", tuesday)
		for _, want := range []string{
			"  new      high     puffin_ferries/no_2fa/ingrid\n", "  worse    high     puffin_ferries/no_2fa/yuki\n",
			"  gone     medium   puffin_ferries/foreign_mail_domain/lotte_guest\n", "Not recorded: findings are new, worse or overdue.\n",
		} {
			contains(t, printed, want)
		}
	}
	c.script(2, nil, ledgerScript, "--hold", "missing.json")
	contains(t, c.script(2, nil, ledgerScript, "modules/ledger/tests"), "modules/ledger/tests is a directory: name the report.json in it")
	c.script(2, nil, ledgerScript, "--hold")
	c.script(2, []string{"TERRAFORM=false"}, ledgerScript, monday)

	// A plan that does not record everything is an error.
	c.script(0, nil, ledgerScript, monday, "-refresh-only")
	contains(t, c.script(2, nil, ledgerScript, tuesday, "-target=module.ledger.x.y"), "ledger.sh: ")
	c.script(0, nil, ledgerScript, tuesday)
	c.script(0, nil, ledgerScript, "--hold", tuesday)
	contains(t, c.script(2, nil, ledgerScript, monday), "is older than the ledger")

	// Without its state, the ledger is not begun anew by itself.
	if err := os.Remove(filepath.Join(c.Dir, "examples", "ci", "ledger", "terraform.tfstate")); err != nil {
		t.Fatal(err)
	}
	contains(t, c.script(2, nil, ledgerScript, tuesday), "there is no ledger yet, or its state is lost")
	c.WriteFile("examples/ci/ledger/main.tf", "variable \"results\" {\n  type = string\n}\n")
	contains(t, c.script(2, nil, ledgerScript, "--first", tuesday), "ledger.sh: ")
}

// TestLedgerPrintsNames checks that control characters in a name do not reach the terminal.
func TestLedgerPrintsNames(t *testing.T) {
	t.Parallel()
	c := mondayCLI(t)
	file := c.write("2026-11-25T03:00:00Z", nightReport{night: night{"g/dormant/x\x1b[2J\u202eevil": "low alarm", "g/dormant/" + strings.Repeat("\u200b", 40_000): "low alarm"}})
	printed := c.script(0, nil, ledgerScript, file)
	if strings.ContainsAny(printed, "\x1b\u202e\u200b") || !strings.Contains(printed, "x\ufffd[2j\ufffdevil") || len(printed) > 10_000 {
		t.Errorf("%q", printed)
	}
}

var update = flag.Bool("update", false, "write the audit of the fictional company into the README")

// TestReadmeShowsTheAudit compares the audit in the README with that of the example's own policy. With -update, it writes
// it there.
func TestReadmeShowsTheAudit(t *testing.T) {
	t.Parallel()
	fake := serve(t)
	moment := time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)
	fake.Now = func() time.Time { return moment }
	_, printed := auditCLI(t, "examples/audit", fake.env(vttest.SecurityHead)...).audit(1, "-var=at="+moment.Format(time.RFC3339), "-var-file=budgets.tfvars")

	name := filepath.Join(repository, "README.md")
	readme, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(readme), "-update writes it -->\n```text\n")
	_, after, ended := strings.Cut(rest, "```\n")
	if !found || !ended {
		t.Fatal("the README has no place for the audit")
	}
	want := before + "-update writes it -->\n```text\n" + excerpt(printed) + "```\n" + after
	if want == string(readme) {
		return
	}
	if !*update {
		t.Fatalf("the README shows another audit: run this test with -update. It printed\n%s", printed)
	}
	if err := os.WriteFile(name, []byte(want), 0o600); err != nil {
		t.Fatal(err)
	}
}

// excerpt returns what audit.sh prints of groups and gate, with the first findings and forecast of each group, and "…"
// for what it leaves out.
func excerpt(printed string) string {
	var kept []string
	findings := 0
	for line := range strings.Lines(printed) {
		switch {
		case strings.HasPrefix(line, "Group "):
			findings = 0
		case strings.HasPrefix(line, "Gate "):
		case strings.Contains(line, " used on day "):
		case strings.HasPrefix(line, "  ") && findings < 2:
			findings++
		case len(kept) > 0 && strings.HasPrefix(line, "  "):
			line = "  …\n"
		default:
			continue
		}
		kept = append(kept, line)
	}
	return strings.Join(slices.Compact(kept), "")
}
