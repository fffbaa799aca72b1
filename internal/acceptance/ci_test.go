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

// A teamRepository is a team's Git repository, set up as in the README of examples/ci, with the secrets of its CI.
type teamRepository struct {
	*shell
	secrets map[string]string
}

func newTeamRepository(t *testing.T) *teamRepository {
	t.Helper()
	tftest.Needs(t, `check "`)
	tool(t, "jq")
	tool(t, "curl")
	repo := &teamRepository{newShell(t), map[string]string{}}
	setup := blocksOf(t, "examples/ci/README.md")[0]
	repo.sh(t, setup, setup.text)
	// With this policy no result is unavailable, so the ledger accepts the report.
	policy, err := os.ReadFile(filepath.Join(repository, "examples", "days", "policy.tfvars"))
	if err != nil {
		t.Fatal(err)
	}
	repo.write(t, "terraform.tfvars", string(policy))
	return repo
}

// policy adds a line to the policy.
func (repo *teamRepository) policy(t *testing.T, line string) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(repo.dir, "terraform.tfvars"))
	if err != nil {
		t.Fatal(err)
	}
	repo.write(t, "terraform.tfvars", string(content)+line+"\n")
}

// use sets the API key to that of a user, and the URL to that of the fake.
func (repo *teamRepository) use(fake *served, user string) {
	repo.secrets["VIRUSTOTAL_API_KEY"] = fake.Key(user)
	repo.env = append(repo.env, "VIRUSTOTAL_BASE_URL="+fake.url)
}

// stub puts a script first on the PATH, in place of a program of the CI.
func (repo *teamRepository) stub(t *testing.T, name, script string) {
	t.Helper()
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	path := "" // The last one counts.
	for _, variable := range repo.env {
		if value, ok := strings.CutPrefix(variable, "PATH="); ok {
			path = value
		}
	}
	repo.env = append(repo.env, "PATH="+bin+string(filepath.ListSeparator)+path)
}

// run runs a script and checks that its output has no secret. It returns the output and whether the script succeeded.
func (repo *teamRepository) run(t *testing.T, environment map[string]string, shell ...string) (printed string, ok bool) {
	t.Helper()
	command := exec.CommandContext(t.Context(), shell[0], shell[1:]...)
	command.Dir = repo.dir
	command.Env = append(slices.Clone(repo.env), "PWD="+repo.dir)
	for name, value := range environment {
		command.Env = append(command.Env, name+"="+value)
	}
	output, err := command.CombinedOutput()
	for name, secret := range repo.secrets {
		if secret != "" && strings.Contains(string(output), secret) {
			t.Errorf("%s is in %s", name, output)
		}
	}
	return string(output), err == nil
}

// content returns the content of a file in the repository, or "" if there is none.
func (repo *teamRepository) content(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(repo.dir, name))
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
func (repo *teamRepository) workflow(t *testing.T, file string, context map[string]string) (ran []string, passed bool) {
	t.Helper()
	var w workflow
	read(t, &w, "yaml", filepath.Join(ciExample, "github", file))
	passed = true
	for _, job := range w.Jobs {
		for _, step := range job.Steps {
			if step.Uses != "" || !passed && step.If != "always()" {
				continue
			}
			environment := map[string]string{"GITHUB_OUTPUT": filepath.Join(repo.dir, "output"), "GITHUB_STEP_SUMMARY": filepath.Join(repo.dir, "summary")}
			maps.Copy(environment, job.Env)
			for name, value := range step.Env {
				environment[name] = expression.ReplaceAllStringFunc(value, func(found string) string {
					what := expression.FindStringSubmatch(found)[1]
					if secret, ok := strings.CutPrefix(what, "secrets."); ok {
						return repo.secrets[secret]
					}
					if name, ok := strings.CutPrefix(what, "steps.audit.outputs."); ok {
						_, value, _ := strings.Cut(repo.content(t, "output"), name+"=")
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
			printed, ok := repo.run(t, environment, "bash", "-e", "-c", step.Run)
			t.Logf("%s: %v\n%s", step.Name, ok, printed)
			ran = append(ran, step.Name)
			passed = passed && ok
		}
	}
	_ = os.Remove(filepath.Join(repo.dir, "output")) // GitHub has a new one for each run.
	return ran, passed
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
	contains(t, state, "puffin_ferries/administrator_without_second_factor/tobias")

	// The API key of a plain member cannot read the members: there is no summary, and the ledger does not change.
	if err := os.Remove(filepath.Join(repo.dir, "summary")); err != nil {
		t.Fatal(err)
	}
	repo.use(tuesday, vttest.Member)
	expect([]string{"Prepare", "Audit"}, false)
	if repo.content(t, "summary") != "" || repo.content(t, "ledger/terraform.tfstate") != state || hook.answers(http.StatusOK) != nil {
		t.Error("an incomplete audit was summarized, applied or posted")
	}

	repo.policy(t, `bar = "critical"`)
	repo.use(monday, vttest.SecurityHead)
	expect(all, true)
}

// TestGitHubRoster runs the workflow for pull requests.
func TestGitHubRoster(t *testing.T) {
	t.Parallel()
	repo := newTeamRepository(t)
	// The stub answers a list of comments with the ids in a file, and records any other command.
	repo.stub(t, "gh", `[ "$GH_TOKEN" = token ] || exit 1
		case "$*" in
		"api repos/$GITHUB_REPOSITORY/issues/7/comments --paginate "*) cat comments ;;
		*) echo "$*" >commented; cp roster.md posted.md ;;
		esac`)
	repo.write(t, "comments", "")
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
	repo.write(t, "comments", "16\n17\n")
	repo.workflow(t, "virustotal-roster.yml", context)
	contains(t, repo.content(t, "posted.md"), "No changes.", "| added |")
	contains(t, repo.content(t, "commented"), "api repos/acme/access/issues/comments/17 --method PATCH --field body=@roster.md --silent\n")

	// The first pull request adds the policy.
	if printed, ok := repo.run(t, nil, "bash", "-ec", "git rm -q --cached terraform.tfvars && git -c user.name=x -c user.email=x@example.com commit -qm x"); !ok {
		t.Fatal(printed)
	}
	if ran, passed := repo.workflow(t, "virustotal-roster.yml", context); !passed {
		t.Errorf("without a policy in the base: ran %q", ran)
	}
	contains(t, repo.content(t, "posted.md"), "| added | <code>puffin_ferries</code> | member | <code>devraj</code> |\n")

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

	repo.policy(t, `bar = "critical"`)
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
	repo.policy(t, `bar = "critical"`)
	cron(0)
	info, err := os.Stat(filepath.Join(repo.dir, "audit.log"))
	if err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("audit.log: %v, %v", info, err)
	}
}
