// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/virustotal/terraform-provider-virustotal/internal/tftest"
)

// scriptCLI returns a CLI for a root with the outputs of examples/audit, whose audits are given rather than read.
func scriptCLI(t *testing.T, a reportInput) *cli {
	t.Helper()
	tool(t, "jq")
	c := reportCLI(t, a, `
variable "enforce" {
  default = false
}
variable "run" {
  type = map(string)
}
module "report" {
  source    = "./report"
  audits    = local.audit.audits
  at        = local.audit.at
  run       = var.run
  unaudited = local.audit.unaudited
}
output "findings" {
  value = { for id in module.report.failing : id => "high" }
}
output "controls" {
  value = {}
}
output "roster" {
  value = { g = { members = null } }
}
output "report" {
  value     = module.report
  sensitive = true
}
`+gate(t))
	script, err := os.ReadFile(filepath.Join(auditExample, "audit.sh"))
	if err != nil {
		t.Fatal(err)
	}
	c.WriteFile("audit.sh", string(script))
	if err := os.Chmod(filepath.Join(c.Dir, "audit.sh"), 0o700); err != nil {
		t.Fatal(err)
	}
	return c
}

// gate returns the output gate of examples/audit.
func gate(t *testing.T) string {
	t.Helper()
	config, err := os.ReadFile(filepath.Join(auditExample, "report.tf"))
	if err != nil {
		t.Fatal(err)
	}
	_, after, found := strings.Cut(string(config), `output "gate" {`)
	if !found {
		t.Fatal("examples/audit has no gate")
	}
	return `output "gate" {` + after
}

// one returns an audit of one group with one result, or with none where the status is ok.
func one(status, severity, who string) reportInput {
	c := control{
		Title: "Dormant", Requirement: "Every account is in use", Severity: severity, DefaultSeverity: severity, Status: status, Population: 1, Evaluated: 1,
	}
	audit := groupAudit{
		Results: map[string]result{}, Controls: map[string]control{"dormant": c}, Evidence: evidence{Group: "g", FailOn: "high", Policy: "{}"},
	}
	if status == "alarm" || status == "error" {
		id := "g/dormant/" + who
		audit.Results[id] = result{Control: "dormant", Group: "g", Who: who, Severity: severity, Status: status, Why: who}
		audit.Failing = []string{id}
	}
	return reportInput{At: "2026-11-24T03:00:00Z", Audits: []groupAudit{audit}}
}

// TestAuditScriptVerdicts checks what audit.sh makes of each verdict, and that it writes every format with its sum.
func TestAuditScriptVerdicts(t *testing.T) {
	t.Parallel()
	for name, verdict := range map[string]struct {
		audits reportInput
		exit   int
		says   string
	}{
		"passed":        {one("ok", "high", ""), 0, "Gate passed."},
		"a finding":     {one("alarm", "high", "ada"), 1, "Gate failed."},
		"not evaluated": {one("error", "high", "ada"), 2, "could not be read or judged"},
		"all skipped":   {one("skip", "high", ""), 2, "1 skipped"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := scriptCLI(t, verdict.audits)
			contains(t, c.script(verdict.exit, nil, "./audit.sh", "out"), verdict.says)
			files, err := os.ReadDir(filepath.Join(c.Dir, "out"))
			if err != nil {
				t.Fatal(err)
			}
			names := ""
			for _, file := range files {
				names += file.Name() + " "
			}
			if names != "SHA256SUMS accounts.csv report.csv report.html report.json report.junit.xml report.md report.ocsf.ndjson report.prom report.sarif roster.json " {
				t.Errorf("wrote %s", names)
			}
			check := exec.CommandContext(t.Context(), tool(t, "sha256sum"), "--check", "--strict", "SHA256SUMS")
			check.Dir = filepath.Join(c.Dir, "out")
			if printed, err := check.CombinedOutput(); err != nil || strings.Count(string(printed), ": OK") != len(files)-1 {
				t.Errorf("%v\n%s", err, printed)
			}
		})
	}
}

// TestAuditScriptRefuses checks that a plan that is not complete, or not there, is no verdict, and leaves the earlier reports.
func TestAuditScriptRefuses(t *testing.T) {
	t.Parallel()
	c := scriptCLI(t, one("ok", "high", ""))
	c.script(0, nil, "./audit.sh", "out")
	c.WriteFile("out/report.json", "earlier")
	empty := t.TempDir()
	script := filepath.Join(c.Dir, "audit.sh")
	for name, attempt := range map[string]struct {
		env       []string
		arguments []string
		says      string
	}{
		"target":      {nil, []string{"./audit.sh", "out", "-target=module.report"}, "the plan is not complete"},
		"refresh":     {nil, []string{"./audit.sh", "out", "-refresh-only"}, "the plan is not complete"},
		"destroy":     {nil, []string{"./audit.sh", "out", "-destroy"}, "the plan is not complete"},
		"environment": {[]string{"TF_CLI_ARGS_plan=-target=module.report"}, []string{"./audit.sh", "out"}, "the plan is not complete"},
		"no root":     {nil, []string{"-c", "cd '" + empty + "' && sh '" + script + "' '" + c.Dir + "/out'"}, "there is no configuration in " + empty},
		"no option":   {nil, []string{"./audit.sh", "out", "-no-such-option"}, "the plan failed"},
		"full disk":   {[]string{"PATH=" + failing(t, "awk") + ":" + os.Getenv("PATH")}, []string{"./audit.sh", "out"}, "cannot be written"},
	} {
		contains(t, c.script(2, attempt.env, attempt.arguments...), attempt.says)
		if kept, err := os.ReadFile(filepath.Join(c.Dir, "out", "report.json")); err != nil || string(kept) != "earlier" {
			t.Errorf("%s: the earlier report is %q, %v", name, kept, err)
		}
		if left, err := filepath.Glob(filepath.Join(c.Dir, "out", ".*")); err != nil || len(left) > 0 {
			t.Errorf("%s: left %q", name, left)
		}
	}
}

// failing returns a directory with a command that writes a part of its output and fails, as on a full disk.
func failing(t *testing.T, name string) string {
	t.Helper()
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\nexit 2\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return bin
}

// TestAuditScriptRoots checks that a root of JSON only is found, and named.
func TestAuditScriptRoots(t *testing.T) {
	t.Parallel()
	c := scriptCLI(t, one("ok", "high", ""))
	if err := os.Remove(filepath.Join(c.Dir, "main.tf")); err != nil {
		t.Fatal(err)
	}
	c.WriteFile("main.tf.json", `{"output": {"gate": {"value": "x"}}}`)
	contains(t, c.script(2, nil, "./audit.sh", "out"), "Auditing the root module in "+c.Dir, "there is no configuration")
}

// TestAuditScriptCleansUp checks that the plan, with everybody's data, does not stay when nobody reads on.
func TestAuditScriptCleansUp(t *testing.T) {
	t.Parallel()
	c := scriptCLI(t, one("alarm", "high", "ada"))
	temporary := t.TempDir()
	command := exec.CommandContext(t.Context(), "sh", "-c", "sh ./audit.sh out | true")
	command.Dir = c.Dir
	command.Env = append(c.Environ(), "TMPDIR="+temporary, "TERRAFORM="+tftest.Path())
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
		t.Errorf("left %v, %v", left, err)
	}
}

// TestAuditScriptPrintsNames checks that names reach a terminal or a CI log only as text, also by way of Terraform's messages.
func TestAuditScriptPrintsNames(t *testing.T) {
	t.Parallel()
	hostile := "\x1b[2J\u009b\u202e\u200b\n::error title=x::y\n##[error]z" + strings.Repeat("\u200b", 200_000)
	c := scriptCLI(t, one("alarm", "high", hostile))
	plan, _ := c.Run("plan", "-input=false", "-no-color", "-var=enforce=true", "-var=run={}")
	summary := c.script(1, nil, "./audit.sh", "out")
	c.WriteFile("fails.tf", "output \"fails\" {\n value = 1\n precondition {\n condition = length(local.audit.audits) > 1\n error_message = values(local.audit.audits[0].results)[0].who\n}\n}\n")
	log := c.script(2, nil, "./audit.sh", "out")
	contains(t, log, "error title=x")
	for name, printed := range map[string]string{"plan": plan, "summary": summary, "log": log} {
		if strings.ContainsAny(printed, "\x1b\u009b\u202e\u200b") || strings.Contains(printed, "##[") && name != "plan" { // Terraform quotes it.
			t.Errorf("%s: control characters in %.2000q", name, printed)
		}
		for line := range strings.Lines(printed) {
			if strings.HasPrefix(strings.TrimSpace(line), "::") {
				t.Errorf("%s: a command: %q", name, line)
			}
		}
	}
}
