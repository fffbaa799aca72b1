// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"fmt"
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
		output, err := exec.CommandContext(t.Context(), tool(t, "actionlint"), workflows...).CombinedOutput()
		if err != nil {
			t.Errorf("actionlint: %v\n%s", err, output)
		}
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

// TestGitHub runs the nightly workflow on Monday and on Tuesday, with an API key that may not read the members, and
// with a policy by which the gate passes.
func TestGitHub(t *testing.T) {
	t.Parallel()
	repo, hook, monday, tuesday := newTeamRepository(t), newWebhook(t), serve(t), serve(t)
	tuesday.Day(2)
	context := map[string]string{
		"inputs.first": "true", "github.server_url": "https://github.example", "github.repository": "acme/access", "github.run_id": "7",
	}
	all := []string{"Prepare", "Audit", "Summarize", "Record and notify", "Gate"}
	expect := func(want []string, pass bool) {
		t.Helper()
		if ran, passed := repo.workflow(t, "virustotal-audit.yml", context); !slices.Equal(ran, want) || passed != pass {
			t.Errorf("ran %q, want %q; passed: %v, want %v", ran, want, passed, pass)
		}
	}
	repo.use(monday, vttest.SecurityHead)
	expect(all, false)
	contains(t, repo.content(t, "summary"), "# VirusTotal access audit")
	contains(t, repo.content(t, "ledger/terraform.tfstate"), "puffin_ferries/dormant/henrik", "tobias")

	context["inputs.first"] = ""
	repo.secrets["NOTIFY_URL"] = hook.URL + secretPath
	repo.use(tuesday, vttest.SecurityHead)
	expect(all, false)
	contains(t, strings.Join(hook.answers(http.StatusOK), "\n"), ": tobias (puffin_ferries)", "henrik")
	state := repo.content(t, "ledger/terraform.tfstate")
	contains(t, state, "puffin_ferries/administrator_without_2fa/tobias")

	// The API key of a plain member cannot read the members. The report says so, and the ledger keeps what it has.
	repo.use(tuesday, vttest.Member)
	expect(all, false)
	contains(t, strings.Join(hook.answers(http.StatusOK), "\n"), "Not looked at: ")
	state = repo.content(t, "ledger/terraform.tfstate")
	contains(t, state, "puffin_ferries/administrator_without_2fa/tobias")
	contains(t, state, "puffin_ferries/incomplete")

	// Without a plan there is no report: one line is posted, and nothing is summarized or recorded.
	for _, name := range []string{"summary", "reports"} {
		if err := os.RemoveAll(filepath.Join(repo.dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	repo.secrets["VIRUSTOTAL_API_KEY"] = "fa4e"
	expect([]string{"Prepare", "Audit", "Notify of a failed audit"}, false)
	if posted := hook.answers(http.StatusOK); len(posted) != 1 || !strings.Contains(posted[0], "The access audit failed") ||
		!strings.HasSuffix(posted[0], "\nhttps://github.example/acme/access/actions/runs/7") {
		t.Errorf("posted %q", posted)
	}
	if repo.content(t, "summary") != "" || repo.content(t, "ledger/terraform.tfstate") != state {
		t.Error("a failed audit was summarized or recorded")
	}

	repo.policy(t, `fail_on = "critical"`)
	repo.use(monday, vttest.SecurityHead)
	expect(all, true)
}

// TestGitHubPolicy runs the workflow for pull requests.
func TestGitHubPolicy(t *testing.T) {
	t.Parallel()
	repo := newTeamRepository(t)
	// The stub filters the comments in a file, as gh does, and records any other command.
	repo.stub(t, "gh", `[ "$GH_TOKEN" = token ] || exit 1
		case "$*" in
		"api repos/$GITHUB_REPOSITORY/issues/7/comments --paginate --jq "*) jq "$5" comments ;;
		*) echo "$*" >commented; cp policy.md posted.md ;;
		esac`)
	const comment = `{"id": %d, "user": {"login": %q}, "body": %q}`
	foreign := fmt.Sprintf(comment, 1, "joe", "### Access policy") + "," + fmt.Sprintf(comment, 2, "github-actions[bot]", "### Coverage")
	repo.write(t, "comments", "["+foreign+"]")
	commit := "git init -q && git add *.tf *.sh terraform.tfvars && git -c user.name=x -c user.email=x@example.com commit -qm x"
	if printed, ok := repo.run(t, nil, "bash", "-ec", commit); !ok {
		t.Fatal(printed)
	}
	context := map[string]string{"github.event.pull_request.base.sha": "HEAD", "github.event.pull_request.number": "7", "github.token": "token"}
	repo.env = append(repo.env, "GITHUB_REPOSITORY=acme/access")

	repo.write(t, "zz.auto.tfvars", `fail_on = "critical"`)
	if ran, passed := repo.workflow(t, "virustotal-policy.yml", context); !passed || !slices.Equal(ran, []string{"Compare", "Comment"}) {
		t.Errorf("ran %q, passed: %v", ran, passed)
	}
	posted := repo.content(t, "posted.md")
	contains(t, posted, "|  | <code>fail_on</code> | <code>high</code> | <code>critical</code> |\n")
	contains(t, repo.content(t, "summary"), posted)
	contains(t, repo.content(t, "commented"), "pr comment 7 --body-file policy.md\n")

	// The next push updates the comment.
	if err := os.Remove(filepath.Join(repo.dir, "zz.auto.tfvars")); err != nil {
		t.Fatal(err)
	}
	mine := fmt.Sprintf(comment, 16, "github-actions[bot]", posted) + "," + fmt.Sprintf(comment, 17, "github-actions[bot]", posted)
	repo.write(t, "comments", "["+mine+","+foreign+"]")
	repo.workflow(t, "virustotal-policy.yml", context)
	contains(t, repo.content(t, "posted.md"), "No changes.", "Weaker")
	contains(t, repo.content(t, "commented"), "api repos/acme/access/issues/comments/17 --method PATCH --field body=@policy.md --silent\n")

	// Without the base, the difference is not known. Without the comments, a second one could be added.
	context["github.event.pull_request.base.sha"] = strings.Repeat("0123456789", 4)
	if ran, passed := repo.workflow(t, "virustotal-policy.yml", context); passed || len(ran) != 1 {
		t.Errorf("an unknown base: ran %q, passed: %v", ran, passed)
	}
	context["github.event.pull_request.base.sha"] = "HEAD"
	repo.write(t, "comments", "not JSON")
	if ran, passed := repo.workflow(t, "virustotal-policy.yml", context); passed || len(ran) != 2 {
		t.Errorf("without the comments: ran %q, passed: %v", ran, passed)
	}

	repo.write(t, "terraform.tfvars", "groups = {")
	if ran, passed := repo.workflow(t, "virustotal-policy.yml", context); passed || len(ran) != 1 {
		t.Errorf("an invalid policy: ran %q, passed: %v", ran, passed)
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
	monday = serve(t)
	repo.use(monday, vttest.SecurityHead)
	repo.policy(t, `fail_on = "critical"`)
	cron(0)
	info, err := os.Stat(filepath.Join(repo.dir, "audit.log"))
	if err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("audit.log: %v, %v", info, err)
	}
}
