// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/virustotal/terraform-provider-virustotal/internal/tftest"
)

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
	// A policy of the days that the tests are about.
	policy, err := os.ReadFile(filepath.Join(repository, "examples", "week", "policy.tfvars"))
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

// workflow runs a workflow's steps as GitHub does, and returns the names of those that ran and whether the job passed.
// Steps that use an action are left out. The state stays in the directory, as if it had been cached.
func (repo *teamRepository) workflow(t *testing.T, file string, context map[string]string) (ran []string, passed bool) {
	t.Helper()
	var w workflow
	read(t, &w, "yaml", filepath.Join(ciExample, "github", file))
	passed = true
	for _, job := range w.Jobs {
		for _, step := range job.Steps {
			runs := passed
			switch step.If {
			case "always()":
				runs = true
			case "failure()":
				runs = !passed
			}
			if step.Uses != "" || !runs {
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
