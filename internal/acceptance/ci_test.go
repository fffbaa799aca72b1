// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/virustotal/terraform-provider-virustotal/internal/tftest"
	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

var theCI = filepath.Join(repository, "examples", "ci")

// TestWorkflowsAreSound checks the workflows by actionlint, and the pipeline against GitLab's schema.
func TestWorkflowsAreSound(t *testing.T) {
	t.Parallel()
	t.Run("GitHub", func(t *testing.T) {
		t.Parallel()
		workflows, err := filepath.Glob(filepath.Join(theCI, "github", "*.yml"))
		if err != nil || len(workflows) == 0 {
			t.Fatal("there is no workflow", err)
		}
		output, err := exec.CommandContext(t.Context(), tool(t, "actionlint"), workflows...).CombinedOutput()
		if err != nil {
			t.Errorf("actionlint: %v\n%s", err, output)
		}
	})
	t.Run("GitLab", func(t *testing.T) {
		t.Parallel()
		var faults []string
		read(t, &faults, "gitlab", filepath.Join(theCI, "gitlab", "gitlab-ci.yml"))
		for _, fault := range faults {
			t.Error(fault)
		}
	})
}

// A night is a team's repository, set up as in the README of examples/ci, with the secrets of its CI.
type night struct {
	*readerOfDocs
	secrets map[string]string
}

func newNight(t *testing.T) *night {
	t.Helper()
	tftest.Needs(t, `check "`)
	tool(t, "jq")
	tool(t, "curl")
	n := &night{newReaderOfDocs(t), map[string]string{}}
	setup := blocksOf(t, "examples/ci/README.md")[0]
	n.sh(t, setup, setup.text)
	// With this policy no result is unavailable, so the ledger accepts the report.
	policy, err := os.ReadFile(filepath.Join(repository, "examples", "days", "policy.tfvars"))
	if err != nil {
		t.Fatal(err)
	}
	n.write(t, "terraform.tfvars", string(policy))
	return n
}

// policy adds a line to the policy.
func (n *night) policy(t *testing.T, line string) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(n.dir, "terraform.tfvars"))
	if err != nil {
		t.Fatal(err)
	}
	n.write(t, "terraform.tfvars", string(content)+line+"\n")
}

// with sets the API key to that of a user, and the URL to that of the fake.
func (n *night) with(fake *served, user string) {
	n.secrets["VIRUSTOTAL_API_KEY"] = fake.Key(user)
	n.env = append(n.env, "VIRUSTOTAL_BASE_URL="+fake.url)
}

// stub puts a script first on the PATH, in place of a program of the CI.
func (n *night) stub(t *testing.T, name, script string) {
	t.Helper()
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	path := "" // The last one counts.
	for _, variable := range n.env {
		if value, ok := strings.CutPrefix(variable, "PATH="); ok {
			path = value
		}
	}
	n.env = append(n.env, "PATH="+bin+string(filepath.ListSeparator)+path)
}

// run runs a script and checks that its output has no secret. It returns the output and whether the script succeeded.
func (n *night) run(t *testing.T, environment map[string]string, shell ...string) (printed string, ok bool) {
	t.Helper()
	command := exec.CommandContext(t.Context(), shell[0], shell[1:]...)
	command.Dir = n.dir
	command.Env = append(slices.Clone(n.env), "PWD="+n.dir)
	for name, value := range environment {
		command.Env = append(command.Env, name+"="+value)
	}
	output, err := command.CombinedOutput()
	for name, secret := range n.secrets {
		if secret != "" && strings.Contains(string(output), secret) {
			t.Errorf("%s is in %s", name, output)
		}
	}
	return string(output), err == nil
}

// has returns the content of a file in the repository, or "" if there is none.
func (n *night) has(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(n.dir, name))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(content)
}

// A workflow has the fields of a GitHub workflow that the tests use.
type workflow struct {
	Jobs map[string]struct {
		Env   map[string]string
		Steps []struct {
			Name, Run, Uses, If, ID string
			Env                     map[string]string
		}
	}
}

var expression = regexp.MustCompile(`\$\{\{ ([a-zA-Z0-9._-]+) \}\}`)

// workflow runs a workflow's steps as GitHub does, and returns the names of those that ran and whether the job passed.
// Steps that use an action are left out. The state stays in the directory, as if it had been cached.
func (n *night) workflow(t *testing.T, file string, context map[string]string) (ran []string, passed bool) {
	t.Helper()
	var w workflow
	read(t, &w, "yaml", filepath.Join(theCI, "github", file))
	passed = true
	for _, job := range w.Jobs {
		for _, step := range job.Steps {
			if step.Uses != "" || !passed && step.If != "always()" {
				continue
			}
			environment := map[string]string{"GITHUB_OUTPUT": filepath.Join(n.dir, "output"), "GITHUB_STEP_SUMMARY": filepath.Join(n.dir, "summary")}
			maps.Copy(environment, job.Env)
			for name, value := range step.Env {
				environment[name] = expression.ReplaceAllStringFunc(value, func(found string) string {
					what := expression.FindStringSubmatch(found)[1]
					if secret, ok := strings.CutPrefix(what, "secrets."); ok {
						return n.secrets[secret]
					}
					if name, ok := strings.CutPrefix(what, "steps.audit.outputs."); ok {
						_, value, _ := strings.Cut(n.has(t, "output"), name+"=")
						return strings.TrimSpace(value)
					}
					value, ok := context[what]
					if !ok {
						t.Fatalf("%s: the test has no %s", step.Name, what)
					}
					return value
				})
			}
			// GitHub's default shell.
			printed, ok := n.run(t, environment, "bash", "-e", "-c", step.Run)
			t.Logf("%s: %v\n%s", step.Name, ok, printed)
			ran = append(ran, step.Name)
			passed = passed && ok
		}
	}
	_ = os.Remove(filepath.Join(n.dir, "output")) // GitHub has a new one for each run.
	return ran, passed
}

// TestGitHub runs the nightly workflow on Monday and on Tuesday, with an API key that may not read the members, and
// with a policy by which the gate passes.
func TestGitHub(t *testing.T) {
	t.Parallel()
	n, hook, monday, tuesday := newNight(t), newWebhook(t), serve(t), serve(t)
	tuesday.Change()
	all := []string{"Prepare", "Audit", "Summarize", "Notify of new findings", "Gate"}
	expect := func(want []string, pass bool) {
		t.Helper()
		if ran, passed := n.workflow(t, "virustotal-audit.yml", nil); !slices.Equal(ran, want) || passed != pass {
			t.Errorf("ran %q, want %q; passed: %v, want %v", ran, want, passed, pass)
		}
	}
	n.with(monday, vttest.Owner)
	expect(all, false)
	says(t, n.has(t, "summary"), "# VirusTotal access audit")
	says(t, n.has(t, "ledger/terraform.tfstate"), "puffin_ferries/dormant/henrik", "tobias")

	n.secrets["NOTIFY_URL"] = hook.URL + secretPath
	n.with(tuesday, vttest.Owner)
	expect(all, false)
	says(t, strings.Join(hook.answers(http.StatusOK), "\n"), ": tobias (puffin_ferries)", "henrik")
	state := n.has(t, "ledger/terraform.tfstate")
	says(t, state, "puffin_ferries/administrator_without_second_factor/tobias")

	// The API key of a plain member cannot read the members: there is no summary, and the ledger does not change.
	if err := os.Remove(filepath.Join(n.dir, "summary")); err != nil {
		t.Fatal(err)
	}
	n.with(tuesday, vttest.Member)
	expect([]string{"Prepare", "Audit"}, false)
	if n.has(t, "summary") != "" || n.has(t, "ledger/terraform.tfstate") != state || hook.answers(http.StatusOK) != nil {
		t.Error("an incomplete audit was summarized, applied or posted")
	}

	n.policy(t, `bar = "critical"`)
	n.with(monday, vttest.Owner)
	expect(all, true)
}

// TestGitHubRoster runs the workflow for pull requests.
func TestGitHubRoster(t *testing.T) {
	t.Parallel()
	n := newNight(t)
	n.stub(t, "gh", "[ \"$GH_TOKEN\" = token ] || exit 1\nshift 2\nprintf '%s\\n' \"$*\" >commented\ncp roster.md posted.md\n")
	if printed, ok := n.run(t, nil, "bash", "-ec", "git init -q && git add terraform.tfvars && git -c user.name=x -c user.email=x@example.com commit -qm x"); !ok {
		t.Fatal(printed)
	}
	policy := n.has(t, "terraform.tfvars")
	context := map[string]string{"github.event.pull_request.base.sha": "HEAD", "github.event.pull_request.number": "7", "github.token": "token"}

	n.write(t, "terraform.tfvars", strings.Replace(policy, `"devraj"`, `"ingrid", "@everyone|<img>.test"`, 1))
	if ran, passed := n.workflow(t, "virustotal-roster.yml", context); !passed || !slices.Equal(ran, []string{"Compare", "Comment"}) {
		t.Errorf("ran %q, passed: %v", ran, passed)
	}
	posted := n.has(t, "posted.md")
	for _, row := range []string{
		"| added | <code>puffin_ferries</code> | member | <code>ingrid</code> |\n",
		"| added | <code>puffin_ferries</code> | member | <code>&#64;everyone&#124;&#60;img&#62;&#46;test</code> |\n",
		"| removed | <code>puffin_ferries</code> | member | <code>devraj</code> |\n",
	} {
		says(t, posted, row, "henrik")
	}
	says(t, n.has(t, "summary"), posted)
	says(t, n.has(t, "commented"), "7 --edit-last --create-if-none --body-file roster.md\n")

	n.write(t, "terraform.tfvars", policy)
	n.workflow(t, "virustotal-roster.yml", context)
	says(t, n.has(t, "posted.md"), "No changes.", "| added |")

	n.write(t, "terraform.tfvars", "groups = {")
	if ran, passed := n.workflow(t, "virustotal-roster.yml", context); passed || len(ran) != 1 {
		t.Errorf("an invalid policy: ran %q, passed: %v", ran, passed)
	}
}

// TestGitLab runs the pipeline's jobs, with GitLab's environment variables.
func TestGitLab(t *testing.T) {
	t.Parallel()
	n, hook, monday, tuesday := newNight(t), newWebhook(t), serve(t), serve(t)
	tuesday.Change()
	n.stub(t, "apk", "printf '%s\\n' \"$*\" >installed\n")
	type job struct {
		Before    []string `json:"before_script"`
		Script    []string
		Variables map[string]string
		Artifacts struct {
			Paths   []string
			Reports map[string]string
		}
	}
	var pipeline struct{ Audit, Pages job }
	read(t, &pipeline, "yaml", filepath.Join(theCI, "gitlab", "gitlab-ci.yml"))
	printed := ""
	runs := func(of job) bool {
		t.Helper()
		environment := map[string]string{
			"VIRUSTOTAL_API_KEY": n.secrets["VIRUSTOTAL_API_KEY"], "NOTIFY_URL": n.secrets["NOTIFY_URL"],
			"CI_API_V4_URL": "https://gitlab.example/api/v4", "CI_PROJECT_ID": "1", "CI_JOB_TOKEN": "token",
		}
		for name, value := range of.Variables {
			environment[name] = os.Expand(value, func(name string) string { return environment[name] })
		}
		var ok bool
		printed, ok = n.run(t, environment, "sh", "-ec", strings.Join(append(of.Before, of.Script...), "\n"))
		t.Logf("%v\n%s", ok, printed)
		return ok
	}
	n.with(monday, vttest.Owner)
	n.secrets["NOTIFY_URL"] = hook.URL + secretPath
	if runs(pipeline.Audit) || !runs(pipeline.Pages) {
		t.Error("Monday fails the gate, and has a page")
	}
	says(t, n.has(t, "installed"), "add --no-cache curl jq")
	for _, path := range append(pipeline.Pages.Artifacts.Paths, pipeline.Audit.Artifacts.Reports["junit"], pipeline.Audit.Artifacts.Paths[0]) {
		if _, err := os.Stat(filepath.Join(n.dir, path)); err != nil {
			t.Error(err)
		}
	}
	says(t, n.has(t, "public/index.html"), "<title>")
	hook.answers(http.StatusOK)
	if err := os.RemoveAll(filepath.Join(n.dir, "public")); err != nil {
		t.Fatal(err)
	}

	n.with(tuesday, vttest.Owner)
	if runs(pipeline.Audit) {
		t.Error("Tuesday passes")
	}
	says(t, strings.Join(hook.answers(http.StatusOK), "\n"), ": tobias (puffin_ferries)", "henrik")
	state := n.has(t, "ledger/terraform.tfstate")

	n.with(tuesday, vttest.Member)
	unread := runs(pipeline.Audit)
	says(t, printed, "audit.sh: ", "ledger.sh: ")
	if unread || runs(pipeline.Pages) || n.has(t, "ledger/terraform.tfstate") != state || hook.answers(http.StatusOK) != nil {
		t.Error("an incomplete audit passes, or is published")
	}

	n.policy(t, `bar = "critical"`)
	n.with(monday, vttest.Owner)
	if !runs(pipeline.Audit) || !runs(pipeline.Pages) {
		t.Error("a clean audit does not pass")
	}
}

// TestCron runs the script of the crontab.
func TestCron(t *testing.T) {
	t.Parallel()
	n, hook, monday := newNight(t), newWebhook(t), serve(t)
	script, err := filepath.Abs(filepath.Join(theCI, "cron", "virustotal-audit.sh"))
	if err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`(?m)^17 3 \* \* \* /srv/virustotal/virustotal-audit\.sh /srv/virustotal$`)
	crontab, err := os.ReadFile(filepath.Join(theCI, "cron", "crontab"))
	if err != nil || !line.Match(crontab) {
		t.Errorf("%v\n%s", err, crontab)
	}
	cron := func(want int, says ...string) {
		t.Helper()
		n.write(t, "api-key", n.secrets["VIRUSTOTAL_API_KEY"]+"\n")
		printed, _ := n.run(t, nil, "sh", "-c", "cd / && '"+script+"' '"+n.dir+"'; echo ended with $?")
		for _, words := range append(says, "ended with "+string(rune('0'+want))+"\n") {
			if !strings.Contains(printed, words) {
				t.Errorf("%q is not in %s", words, printed)
			}
		}
		if want == 0 && strings.Contains(printed, "puffin") {
			t.Errorf("cron would mail %s", printed)
		}
	}
	n.with(monday, vttest.Owner)
	cron(1, "Gate failed.", "NOTIFY_URL is not set")
	n.write(t, "notify-url", hook.URL+secretPath+"\n")
	n.secrets["notify-url"] = secretPath
	monday.Change()
	cron(1, "Gate failed.", "Posted the new findings.")
	n.with(monday, vttest.Member)
	cron(2, "audit.sh: ", "403")
	monday = serve(t)
	n.with(monday, vttest.Owner)
	n.policy(t, `bar = "critical"`)
	cron(0)
	info, err := os.Stat(filepath.Join(n.dir, "audit.log"))
	if err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("audit.log: %v, %v", info, err)
	}
}
