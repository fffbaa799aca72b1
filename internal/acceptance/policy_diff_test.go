// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/virustotal/terraform-provider-virustotal/internal/tftest"
)

// policyVariables declares the variables of examples/audit.
const policyVariables = `
variable "groups" {
  type = any
}

variable "fail_on" {
  type    = string
  default = "high"
}

variable "enforce" {
  type    = bool
  default = true
}

variable "spend" {
  type    = map(any)
  default = {}
}
`

const policyOfBase = `
groups = {
  acme = {
    dormant_days    = 90
    allowed_domains = ["acme.example"]
    quotas          = ["a", "b"]
    roster = {
      reviewed_on    = "2026-11-01"
      reviewed_by    = "Ann"
      members        = ["ann", "joe"]
      administrators = ["ann"]
      roles          = { R = ["ann"] }
    }
    waivers = [{ who = "joe", control = "no_2fa", reason = "key", approved_by = "Ann", until = "2026-12-01" }]
    skip    = { dormant = "because" }
  }
  other = {}
}
spend = { acme = { budgets = { q = { group = 10 } } } }
`

// policies writes two root modules, and returns their directories.
func policies(t *testing.T, base, head map[string]string) (string, string) {
	t.Helper()
	directories := [2]string{t.TempDir(), t.TempDir()}
	for i, files := range []map[string]string{base, head} {
		for name, content := range files {
			file := filepath.Join(directories[i], name)
			if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	return directories[0], directories[1]
}

func policyDiff(t *testing.T, want int, base, head string, variables ...string) string {
	t.Helper()
	tool(t, "jq")
	command := exec.CommandContext(t.Context(), "sh", filepath.Join(ciExample, "policy-diff.sh"), base, head)
	command.Env = append(append(os.Environ(), "TERRAFORM="+tftest.Path(), "TF_CLI_CONFIG_FILE="+os.DevNull), variables...)
	output, _ := command.CombinedOutput()
	if got := command.ProcessState.ExitCode(); got != want {
		t.Fatalf("exit code %d, want %d\n%s", got, want, output)
	}
	return string(output)
}

// TestPolicyDiff changes one thing at a time, and checks in which section it is shown.
func TestPolicyDiff(t *testing.T) {
	t.Parallel()
	row := func(group, what, before, after string) string {
		code := func(text string) string {
			if text == "" {
				return ""
			}
			var b strings.Builder
			for _, c := range text {
				if c == ' ' || c == '_' || c == '-' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' {
					b.WriteRune(c)
				} else {
					fmt.Fprintf(&b, "&#%d;", c)
				}
			}
			return "<code>" + b.String() + "</code>"
		}
		return "| " + code(group) + " | " + code(what) + " | " + code(before) + " | " + code(after) + " |\n"
	}
	for name, test := range map[string]struct {
		replace, with string            // In the policy.
		files         map[string]string // Additional files.
		section, row  string
	}{
		"nothing":                 {section: "No changes."},
		"threshold loosened":      {replace: "dormant_days    = 90", with: "dormant_days = 400", section: "Weaker", row: row("acme", "dormant_days", "90", "400")},
		"threshold left out":      {replace: "dormant_days    = 90", section: "No changes."},
		"threshold off":           {replace: "dormant_days    = 90", with: "dormant_days = null", section: "Weaker", row: row("acme", "dormant_days", "90", "off")},
		"threshold tightened":     {replace: "dormant_days    = 90", with: "dormant_days = 30", section: "Stronger", row: row("acme", "dormant_days", "90", "30")},
		"list switched off":       {replace: `administrators = ["ann"]`, section: "Weaker", row: row("acme", "roster: administrators", "1 accounts", "not checked")},
		"list emptied":            {replace: `administrators = ["ann"]`, with: "administrators = []", section: "Roster", row: row("acme", "administrators", "ann", "")},
		"member added":            {replace: `"ann", "joe"]`, with: `"ann", "joe", "@all|<img>.test"]`, section: "Roster", row: row("acme", "members", "", "@all|<img>.test")},
		"number in a roster":      {replace: `"ann", "joe"]`, with: `"ann", "joe", 7]`, section: "Roster", row: row("acme", "members", "", "7")},
		"role given":              {replace: `{ R = ["ann"] }`, with: `{ R = ["ann", "joe"] }`, section: "Roster", row: row("acme", "R", "", "joe")},
		"review date":             {replace: "2026-11-01", with: "2026-11-20", section: "Other changes", row: row("acme", "roster: reviewed_on", "2026-11-01", "2026-11-20")},
		"waiver prolonged":        {replace: "2026-12-01", with: "2027-01-01", section: "Weaker", row: row("acme", "waiver of joe: no_2fa", "until 2026-12-01", "until 2027-01-01")},
		"waiver removed":          {replace: `{ who = "joe", control = "no_2fa", reason = "key", approved_by = "Ann", until = "2026-12-01" }`, section: "Stronger", row: row("acme", "waiver of joe: no_2fa", "until 2026-12-01", "")},
		"waiver added":            {replace: "waivers = [", with: `waivers = [{ control = "dormant", reason = "r", approved_by = "A", until = "2027-01-01" },`, section: "Weaker", row: row("acme", "waiver of the group: dormant", "", "until 2027-01-01, r")},
		"control skipped":         {replace: `{ dormant = "because" }`, with: `{ dormant = "because", no_2fa = "so" }`, section: "Weaker", row: row("acme", "skip no_2fa", "", "so")},
		"severity lowered":        {replace: "skip    =", with: "severity = { no_2fa = \"low\" }\n    skip    =", section: "Weaker", row: row("acme", "severity of no_2fa", "default", "low")},
		"group's gate raised":     {replace: "skip    =", with: "fail_on = \"critical\"\n    skip    =", section: "Weaker", row: row("acme", "fail_on", "high", "critical")},
		"domain allowed":          {replace: `["acme.example"]`, with: `["acme.example", "b.example"]`, section: "Weaker", row: row("acme", "allowed_domains", "", "b.example")},
		"quota left out":          {replace: `["a", "b"]`, with: `["a"]`, section: "Weaker", row: row("acme", "quotas", "b", "")},
		"group removed":           {replace: "other = {}", section: "Weaker", row: row("other", "the group", "audited", "not audited")},
		"budget raised":           {replace: "group = 10", with: "group = 20", section: "Weaker", row: row("acme", "spend: budgets.q.group", "10", "20")},
		"another file overrides":  {files: map[string]string{"zz.auto.tfvars": `fail_on = "critical"`}, section: "Weaker", row: row("", "fail_on", "high", "critical")},
		"another file in JSON":    {files: map[string]string{"zz.auto.tfvars.json": `{"enforce": false}`}, section: "Weaker", row: row("", "enforce", "true", "false")},
		"another default":         {files: map[string]string{"more.tf": "variable \"title\" {\n  default = \"x\"\n}\n"}, section: "Other changes", row: row("", "title", "off", "x")},
		"a variable in JSON":      {files: map[string]string{"more.tf.json": `{"variable": {"title": {"default": "x"}}}`}, section: "Other changes", row: row("", "title", "off", "x")},
		"code":                    {files: map[string]string{"more.tf": "locals {\n  x = 1\n}\n"}, section: "Other changes", row: row("", "code", "", "more.tf")},
		"the workflow's variable": {files: map[string]string{".github/workflows/a.yml": "env: {TF_VAR_fail_on: critical}\n"}, section: "Other changes", row: row("", "code", "", ".github/workflows/a.yml")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			changed := policyOfBase
			if test.replace != "" {
				if strings.Count(changed, test.replace) != 1 {
					t.Fatalf("%q is not once in the policy", test.replace)
				}
				changed = strings.Replace(changed, test.replace, test.with, 1)
			}
			base := map[string]string{"variables.tf": policyVariables, "terraform.tfvars": policyOfBase}
			head := map[string]string{"variables.tf": policyVariables, "terraform.tfvars": changed}
			for name, content := range test.files {
				head[name] = content
			}
			b, h := policies(t, base, head)
			printed := policyDiff(t, 0, b, h, "TF_VAR_fail_on=low")
			if test.row == "" {
				contains(t, printed, test.section, "|")
				return
			}
			_, section, found := strings.Cut(printed, "**"+test.section+"**")
			section, _, _ = strings.Cut(section, "\n**")
			if !found || !strings.Contains(section+"\n", test.row) {
				t.Errorf("%q is not under %s in\n%s", test.row, test.section, printed)
			}
		})
	}
}

// TestPolicyDiffIsCut checks that a long diff fits GitHub's comments, begins with what is weaker, and says that it is cut.
func TestPolicyDiffIsCut(t *testing.T) {
	t.Parallel()
	var members []string
	for i := range 3000 {
		members = append(members, fmt.Sprintf("%q", fmt.Sprintf("<%03d>", i)+strings.Repeat("<", 300)))
	}
	base := map[string]string{"variables.tf": policyVariables, "terraform.tfvars": policyOfBase}
	head := map[string]string{
		"variables.tf":     policyVariables,
		"terraform.tfvars": strings.Replace(strings.Replace(policyOfBase, `"ann", "joe"]`, strings.Join(members, ", ")+"]", 1), "dormant_days    = 90", "dormant_days = 91", 1),
	}
	b, h := policies(t, base, head)
	printed := policyDiff(t, 0, b, h)
	if len(printed) > 65_000 || !strings.HasPrefix(printed, "### Access policy\n\n**Weaker**\n") {
		t.Errorf("%d bytes: %.200s", len(printed), printed)
	}
	contains(t, printed, "The rest is cut")
}

// TestPolicyDiffFails checks that a policy that cannot be read is not shown as unchanged.
func TestPolicyDiffFails(t *testing.T) {
	t.Parallel()
	base := map[string]string{"variables.tf": policyVariables, "terraform.tfvars": policyOfBase}
	b, h := policies(t, base, map[string]string{"variables.tf": policyVariables, "terraform.tfvars": "groups = {"})
	contains(t, policyDiff(t, 2, b, h), "the policy in", "No changes")
	policyDiff(t, 2, b, filepath.Join(h, "missing"))
}
