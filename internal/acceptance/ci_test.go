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
	tuesday.Change()
	all := []string{"Prepare", "Audit", "Summarize", "Notify of new findings", "Gate"}
	expect := func(want []string, pass bool) {
		t.Helper()
		if ran, passed := repo.workflow(t, "virustotal-audit.yml", nil); !slices.Equal(ran, want) || passed != pass {
			t.Errorf("ran %q, want %q; passed: %v, want %v", ran, want, passed, pass)
		}
	}
	repo.use(monday, vttest.SecurityHead)
	expect(all, false)
	contains(t, repo.content(t, "summary"), "# VirusTotal access audit")
	contains(t, repo.content(t, "ledger/terraform.tfstate"), "puffin_ferries/dormant/henrik", "tobias")

	repo.secrets["NOTIFY_URL"] = hook.URL + secretPath
	repo.use(tuesday, vttest.SecurityHead)
	expect(all, false)
	contains(t, strings.Join(hook.answers(http.StatusOK), "\n"), ": tobias (puffin_ferries)", "henrik")
	state := repo.content(t, "ledger/terraform.tfstate")
	contains(t, state, "puffin_ferries/administrator_without_2fa/tobias")

	// The API key of a plain member cannot read the members: there is no summary, and the ledger does not change.
	if err := os.Remove(filepath.Join(repo.dir, "summary")); err != nil {
		t.Fatal(err)
	}
	repo.use(tuesday, vttest.Member)
	expect([]string{"Prepare", "Audit"}, false)
	if repo.content(t, "summary") != "" || repo.content(t, "ledger/terraform.tfstate") != state || hook.answers(http.StatusOK) != nil {
		t.Error("an incomplete audit was summarized, applied or posted")
	}

	repo.policy(t, `fail_on = "critical"`)
	repo.use(monday, vttest.SecurityHead)
	expect(all, true)
}

// TestGitHubRoster runs the workflow for pull requests.
func TestGitHubRoster(t *testing.T) {
	t.Parallel()
	repo := newTeamRepository(t)
	// The stub filters the comments in a file, as gh does, and records any other command.
	repo.stub(t, "gh", `[ "$GH_TOKEN" = token ] || exit 1
		case "$*" in
		"api repos/$GITHUB_REPOSITORY/issues/7/comments --paginate --jq "*) jq "$5" comments ;;
		*) echo "$*" >commented; cp roster.md posted.md ;;
		esac`)
	const comment = `{"id": %d, "user": {"login": %q}, "body": %q}`
	foreign := fmt.Sprintf(comment, 1, "joe", "### Access roster") + "," + fmt.Sprintf(comment, 2, "github-actions[bot]", "### Coverage")
	repo.write(t, "comments", "["+foreign+"]")
	commit := "git init -q && git add terraform.tfvars && git -c user.name=x -c user.email=x@example.com commit -qm x"
	if printed, ok := repo.run(t, nil, "bash", "-ec", commit); !ok {
		t.Fatal(printed)
	}
	policy := repo.content(t, "terraform.tfvars")
	context := map[string]string{"github.event.pull_request.base.sha": "HEAD", "github.event.pull_request.number": "7", "github.token": "token"}
	repo.env = append(repo.env, "GITHUB_REPOSITORY=acme/access")

	repo.write(t, "terraform.tfvars", strings.Replace(policy, `"devraj"`, `"ingrid", "@everyone|<img>.test"`, 1))
	if ran, passed := repo.workflow(t, "virustotal-roster.yml", context); !passed || !slices.Equal(ran, []string{"Compare", "Comment"}) {
		t.Errorf("ran %q, passed: %v", ran, passed)
	}
	posted := repo.content(t, "posted.md")
	for _, row := range []string{
		"| added | <code>puffin_ferries</code> | member | <code>ingrid</code> |\n",
		"| added | <code>puffin_ferries</code> | member | <code>&#64;everyone&#124;&#60;img&#62;&#46;test</code> |\n",
		"| removed | <code>puffin_ferries</code> | member | <code>devraj</code> |\n",
	} {
		contains(t, posted, row, "henrik")
	}
	contains(t, repo.content(t, "summary"), posted)
	contains(t, repo.content(t, "commented"), "pr comment 7 --body-file roster.md\n")

	// The next push updates the comment.
	repo.write(t, "terraform.tfvars", policy)
	mine := fmt.Sprintf(comment, 16, "github-actions[bot]", posted) + "," + fmt.Sprintf(comment, 17, "github-actions[bot]", posted)
	repo.write(t, "comments", "["+mine+","+foreign+"]")
	repo.workflow(t, "virustotal-roster.yml", context)
	contains(t, repo.content(t, "posted.md"), "No changes.", "| added |")
	contains(t, repo.content(t, "commented"), "api repos/acme/access/issues/comments/17 --method PATCH --field body=@roster.md --silent\n")

	// The first pull request adds the policy.
	commit = "git rm -q --cached terraform.tfvars && git -c user.name=x -c user.email=x@example.com commit -qm x"
	if printed, ok := repo.run(t, nil, "bash", "-ec", commit); !ok {
		t.Fatal(printed)
	}
	if ran, passed := repo.workflow(t, "virustotal-roster.yml", context); !passed {
		t.Errorf("without a policy in the base: ran %q", ran)
	}
	contains(t, repo.content(t, "posted.md"), "| added | <code>puffin_ferries</code> | member | <code>devraj</code> |\n")

	// Without the base, the difference is not known. Without the comments, a second one could be added.
	context["github.event.pull_request.base.sha"] = strings.Repeat("0123456789", 4)
	if ran, passed := repo.workflow(t, "virustotal-roster.yml", context); passed || len(ran) != 1 {
		t.Errorf("an unknown base: ran %q, passed: %v", ran, passed)
	}
	context["github.event.pull_request.base.sha"] = "HEAD"
	repo.write(t, "comments", "not JSON")
	if ran, passed := repo.workflow(t, "virustotal-roster.yml", context); passed || len(ran) != 2 {
		t.Errorf("without the comments: ran %q, passed: %v", ran, passed)
	}

	repo.write(t, "terraform.tfvars", "groups = {")
	if ran, passed := repo.workflow(t, "virustotal-roster.yml", context); passed || len(ran) != 1 {
		t.Errorf("an invalid policy: ran %q, passed: %v", ran, passed)
	}
}

// TestGitLab runs the pipeline's jobs, with GitLab's environment variables.
func TestGitLab(t *testing.T) {
	t.Parallel()
	repo, hook, monday, tuesday := newTeamRepository(t), newWebhook(t), serve(t), serve(t)
	tuesday.Change()
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
	printed := ""
	runs := func(of job) bool {
		t.Helper()
		environment := map[string]string{
			"VIRUSTOTAL_API_KEY": repo.secrets["VIRUSTOTAL_API_KEY"], "NOTIFY_URL": repo.secrets["NOTIFY_URL"],
			"CI_API_V4_URL": "https://gitlab.example/api/v4", "CI_PROJECT_ID": "1", "CI_JOB_TOKEN": "token",
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

	repo.use(tuesday, vttest.Member)
	unread := runs(pipeline.Audit)
	contains(t, printed, "audit.sh: ", "ledger.sh: ")
	if unread || runs(pipeline.Pages) || repo.content(t, "ledger/terraform.tfstate") != state || hook.answers(http.StatusOK) != nil {
		t.Error("an incomplete audit passes, or is published")
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
	cron := func(want int, says ...string) {
		t.Helper()
		repo.write(t, "api-key", repo.secrets["VIRUSTOTAL_API_KEY"]+"\n")
		printed, _ := repo.run(t, nil, "sh", "-c", "cd / && '"+script+"' '"+repo.dir+"'; echo ended with $?")
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
	monday.Change()
	cron(1, "Gate failed.", "Posted the new findings.")
	repo.use(monday, vttest.Member)
	cron(2, "audit.sh: the plan failed", "403")
	monday = serve(t)
	repo.use(monday, vttest.SecurityHead)
	repo.policy(t, `fail_on = "critical"`)
	cron(0)
	info, err := os.Stat(filepath.Join(repo.dir, "audit.log"))
	if err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("audit.log: %v, %v", info, err)
	}
}
