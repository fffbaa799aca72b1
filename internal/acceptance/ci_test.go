// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

var ciExample = filepath.Join(repository, "examples", "ci")

// TestWorkflowsAreValid checks the workflows with actionlint, and the pipeline against GitLab's schema.
func TestWorkflowsAreValid(t *testing.T) {
	t.Parallel()
	t.Run("GitHub", func(t *testing.T) {
		t.Parallel()
		workflows, err := filepath.Glob(filepath.Join(ciExample, "github", "*.yml"))
		if err != nil || len(workflows) == 0 {
			t.Fatal("there is no workflow", err)
		}
		lint(t, "", workflows...)
	})
	// actionlint reads an action's steps only in a workflow.
	t.Run("action", func(t *testing.T) {
		t.Parallel()
		dir, file := t.TempDir(), filepath.Join(repository, "action.yml")
		var a action
		read(t, &a, "yaml", file)
		for _, s := range a.Runs.Steps {
			if s.Uses == "" && s.Shell == "" {
				t.Errorf("the step %q needs a shell", s.Name)
			}
		}
		readme, err := os.ReadFile(filepath.Join(ciExample, "README.md"))
		if err != nil {
			t.Fatal(err)
		}
		for name, input := range a.Inputs {
			value := input.Default
			if value == "" {
				value = `""`
			}
			contains(t, string(readme), "| `"+name+"` | `"+value+"` |")
		}
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, inputs, _ := strings.Cut(string(content), "\ninputs:\n")
		inputs, _, _ = strings.Cut(inputs, "\noutputs:\n")
		_, steps, found := strings.Cut(string(content), "\n  steps:\n")
		if !found {
			t.Fatal("the action has no steps")
		}
		typed := regexp.MustCompile(`(?m)^      [a-z-]+:$`).ReplaceAllString("    "+strings.ReplaceAll(inputs, "\n", "\n    "), "$0\n        type: string")
		workflow := "on:\n  workflow_call:\n    inputs:\n" + typed + "\njobs:\n  action:\n    runs-on: ubuntu-latest\n    steps:\n" +
			strings.ReplaceAll("  "+steps, "\n", "\n  ")
		for name, text := range map[string]string{
			"action.yml":                   string(content),
			".github/workflows/steps.yml":  workflow,
			".github/workflows/caller.yml": "on: push\njobs:\n  call:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: ./\n        with: { api-key: x }\n",
			".git/HEAD":                    "ref: refs/heads/main\n",
		} {
			path := filepath.Join(dir, name)
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
				t.Fatal(err)
			}
		}
		lint(t, dir)
	})
	t.Run("GitLab", func(t *testing.T) {
		t.Parallel()
		var faults []string
		read(t, &faults, "gitlab", filepath.Join(ciExample, "gitlab", "gitlab-ci.yml"))
		for _, fault := range faults {
			t.Error(fault)
		}
	})
}

// lint runs actionlint in a directory.
func lint(t *testing.T, dir string, files ...string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), tool(t, "actionlint"), files...)
	command.Dir = dir
	if output, err := command.CombinedOutput(); err != nil {
		t.Errorf("actionlint: %v\n%s", err, output)
	}
}

// TestGitLab runs the pipeline's jobs, with GitLab's environment variables.
func TestGitLab(t *testing.T) {
	t.Parallel()
	repo, hook, monday, tuesday := newTeamRepository(t), newWebhook(t), serve(t), serve(t)
	tuesday.Day(2)
	repo.stub(t, "apk", "printf '%s\\n' \"$*\" >installed\n")
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
	read(t, &pipeline, "yaml", filepath.Join(ciExample, "gitlab", "gitlab-ci.yml"))
	printed, ledgerFirst := "", "--first"
	runs := func(of job) bool {
		t.Helper()
		environment := map[string]string{
			"VIRUSTOTAL_API_KEY": repo.secrets["VIRUSTOTAL_API_KEY"], "NOTIFY_URL": repo.secrets["NOTIFY_URL"],
			"CI_API_V4_URL": "https://gitlab.example/api/v4", "CI_JOB_URL": "https://gitlab.example/job/7", "LEDGER_FIRST": ledgerFirst, "CI_PROJECT_ID": "1", "CI_JOB_TOKEN": "token",
		}
		for name, value := range of.Variables {
			environment[name] = os.Expand(value, func(name string) string { return environment[name] })
		}
		var ok bool
		printed, ok = repo.run(t, environment, "sh", "-ec", strings.Join(append(of.Before, of.Script...), "\n"))
		t.Logf("%v\n%s", ok, printed)
		return ok
	}
	repo.use(monday, vttest.SecurityHead)
	repo.secrets["NOTIFY_URL"] = hook.URL + secretPath
	if runs(pipeline.Audit) || !runs(pipeline.Pages) {
		t.Error("Monday fails the gate, and has a page")
	}
	ledgerFirst = ""
	contains(t, repo.content(t, "installed"), "add --no-cache curl jq")
	for _, path := range append(pipeline.Pages.Artifacts.Paths, pipeline.Audit.Artifacts.Reports["junit"], pipeline.Audit.Artifacts.Paths[0]) {
		if _, err := os.Stat(filepath.Join(repo.dir, path)); err != nil {
			t.Error(err)
		}
	}
	contains(t, repo.content(t, "public/index.html"), "<title>")
	hook.answers(http.StatusOK)
	if err := os.RemoveAll(filepath.Join(repo.dir, "public")); err != nil {
		t.Fatal(err)
	}

	repo.use(tuesday, vttest.SecurityHead)
	if runs(pipeline.Audit) {
		t.Error("Tuesday passes")
	}
	contains(t, strings.Join(hook.answers(http.StatusOK), "\n"), ": tobias (puffin_ferries)", "henrik")
	state := repo.content(t, "ledger/terraform.tfstate")

	// Without a plan there is no report: one line is posted, and nothing is recorded or published.
	if err := os.RemoveAll(filepath.Join(repo.dir, "reports")); err != nil {
		t.Fatal(err)
	}
	repo.secrets["VIRUSTOTAL_API_KEY"] = "fa4e"
	unread := runs(pipeline.Audit)
	posted := hook.answers(http.StatusOK)
	if unread || runs(pipeline.Pages) || repo.content(t, "ledger/terraform.tfstate") != state || len(posted) != 1 || !strings.Contains(posted[0], "audit failed") {
		t.Errorf("a failed audit passes, or is published, or posts %q", posted)
	}

	repo.policy(t, `fail_on = "critical"`)
	repo.use(monday, vttest.SecurityHead)
	if !runs(pipeline.Audit) || !runs(pipeline.Pages) {
		t.Error("a clean audit does not pass")
	}
}

// TestCron runs the script of the crontab.
func TestCron(t *testing.T) {
	t.Parallel()
	repo, hook, monday := newTeamRepository(t), newWebhook(t), serve(t)
	script, err := filepath.Abs(filepath.Join(ciExample, "cron", "virustotal-audit.sh"))
	if err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`(?m)^17 3 \* \* \* /srv/virustotal/virustotal-audit\.sh /srv/virustotal$`)
	crontab, err := os.ReadFile(filepath.Join(ciExample, "cron", "crontab"))
	if err != nil || !line.Match(crontab) {
		t.Errorf("%v\n%s", err, crontab)
	}
	first := " --first"
	cron := func(want int, says ...string) {
		t.Helper()
		repo.write(t, "api-key", repo.secrets["VIRUSTOTAL_API_KEY"]+"\n")
		printed, _ := repo.run(t, nil, "sh", "-c", "cd / && '"+script+"' '"+repo.dir+"'"+first+"; echo ended with $?")
		first = ""
		for _, words := range append(says, "ended with "+string(rune('0'+want))+"\n") {
			if !strings.Contains(printed, words) {
				t.Errorf("%q is not in %s", words, printed)
			}
		}
		if want == 0 && strings.Contains(printed, "puffin") {
			t.Errorf("cron would mail %s", printed)
		}
	}
	repo.use(monday, vttest.SecurityHead)
	cron(1, "Gate failed.", "NOTIFY_URL is not set")
	repo.write(t, "notify-url", hook.URL+secretPath+"\n")
	repo.secrets["notify-url"] = secretPath
	monday.Day(2)
	cron(1, "Gate failed.", "Posted the changes.")
	repo.use(monday, vttest.Member)
	cron(2, "ForbiddenError", "Posted the changes.")
	hook.answers(http.StatusOK)
	repo.write(t, "broken.tf", "locals {")
	cron(2, "audit.sh: ", "Posted the changes.")
	if posted := hook.answers(http.StatusOK); len(posted) != 1 || !strings.HasPrefix(posted[0], "The access audit failed, so there is no report.") {
		t.Errorf("posted %q", posted)
	}
	if err := os.Remove(filepath.Join(repo.dir, "broken.tf")); err != nil {
		t.Fatal(err)
	}
	// A run without a report deletes nothing, and a provider that another user has installed is named.
	days := func() string {
		t.Helper()
		entries, err := os.ReadDir(filepath.Join(repo.dir, "reports"))
		if err != nil {
			t.Fatal(err)
		}
		var found []string
		for _, entry := range entries {
			found = append(found, regexp.MustCompile(`^2[1-9]..-..-..$|^20[1-9].-..-..$`).ReplaceAllString(entry.Name(), "today"))
		}
		return strings.Join(slices.Compact(found), " ") // The test can run at midnight.
	}
	if got := days(); got != "today latest" {
		t.Errorf("kept %q", got)
	}
	for _, day := range []string{"2001-01-02", "2001-01-03", "2001-01-04", "notes"} {
		repo.write(t, "reports/"+day+"/report.json", "{}")
	}
	repo.env = append(repo.env, "KEEP_DAYS=3")
	link := filepath.Join(repo.dir, ".terraform", "providers", "example.com", "virustotal", "virustotal", "0.1.0", "linux_amd64")
	if err := errors.Join(os.MkdirAll(filepath.Dir(link), 0o700), os.Symlink("/nonexistent/plugins", link)); err != nil {
		t.Fatal(err)
	}
	cron(2, "cannot read /nonexistent/plugins: run make install and terraform init as this user", "Posted the changes.")
	if err := os.Remove(link); err != nil {
		t.Fatal(err)
	}
	if got := days(); got != "2001-01-02 2001-01-03 2001-01-04 today latest notes" {
		t.Errorf("a failed run keeps %q", got)
	}
	monday = serve(t)
	repo.use(monday, vttest.SecurityHead)
	repo.policy(t, `fail_on = "critical"`)
	cron(0)
	if got := days(); got != "2001-01-03 2001-01-04 today latest notes" {
		t.Errorf("keeps %q", got)
	}
	contains(t, repo.content(t, "reports/latest/report.json"), `"verdict":"passed"`)
	for _, keep := range []string{"0", "00", "-1", "a year"} {
		repo.env = append(repo.env, "KEEP_DAYS="+keep)
		cron(2, "KEEP_DAYS must be a number")
	}
	info, err := os.Stat(filepath.Join(repo.dir, "audit.log"))
	if err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("audit.log: %v, %v", info, err)
	}
}
