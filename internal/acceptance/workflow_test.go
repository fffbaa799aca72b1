// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A workflow has the fields of a GitHub workflow that the tests use.
type workflow struct {
	Jobs map[string]struct {
		Env   map[string]string
		Steps []workflowStep
	}
}

// An action has the fields of a composite action that the tests use.
type action struct {
	Inputs  map[string]struct{ Default string }
	Outputs map[string]struct{ Value string }
	Runs    struct{ Steps []workflowStep }
}

type workflowStep struct {
	Name, Run, Uses, If, ID, Shell string
	Env                            map[string]string
	With                           map[string]any
}

// A job is what a run of a workflow's job did.
type job struct {
	*teamRepository
	context   map[string]string
	ran       []string // Names of the scripts that ran.
	passed    bool
	artifacts map[string]string            // Paths by name.
	outputs   map[string]map[string]string // By step, in the workflow or the action that runs.
	printed   string
}

const (
	ownAction      = "virustotal/terraform-provider-virustotal@"
	uploadArtifact = "actions/upload-artifact@"
)

var expression = regexp.MustCompile(`\$\{\{ ([a-zA-Z0-9._-]+) \}\}`)

// workflow runs a workflow's steps, and those of this repository's action, as GitHub does. Other actions are left out, but what is
// uploaded must be there. The state stays in the directory, as if it had been cached.
func (repo *teamRepository) workflow(t *testing.T, file string, context map[string]string) *job {
	t.Helper()
	var w workflow
	read(t, &w, "yaml", filepath.Join(ciExample, "github", file))
	j := &job{repo, maps.Clone(context), nil, true, map[string]string{}, map[string]map[string]string{}, ""}
	for name, secret := range repo.secrets {
		j.context["secrets."+name] = secret
	}
	temporary := t.TempDir()
	for _, of := range w.Jobs {
		environment := map[string]string{"GITHUB_STEP_SUMMARY": filepath.Join(repo.dir, "summary"), "RUNNER_TEMP": temporary}
		maps.Copy(environment, of.Env)
		j.steps(t, of.Steps, environment)
	}
	return j
}

func (j *job) steps(t *testing.T, steps []workflowStep, environment map[string]string) {
	t.Helper()
	for _, s := range steps {
		runs := j.passed
		switch s.If {
		case "always()":
			runs = true
		case "failure()":
			runs = !j.passed
		}
		switch {
		case !runs:
		case strings.HasPrefix(s.Uses, ownAction):
			j.action(t, s, environment)
		case strings.HasPrefix(s.Uses, uploadArtifact):
			path := j.eval(t, s, fmt.Sprint(s.With["path"]))
			if _, err := os.Stat(path); err != nil {
				t.Errorf("%s: %v", s.Name, err)
			}
			j.artifacts[j.eval(t, s, fmt.Sprint(s.With["name"]))] = path
		case s.Uses == "":
			j.script(t, s, environment)
		}
	}
}

func (j *job) script(t *testing.T, s workflowStep, environment map[string]string) {
	t.Helper()
	output := filepath.Join(t.TempDir(), "output")
	environment = maps.Clone(environment)
	environment["GITHUB_OUTPUT"] = output
	for name, value := range s.Env {
		environment[name] = j.eval(t, s, value)
	}
	if expression.MatchString(s.Run) {
		t.Errorf("%s: an expression in a script", s.Name)
	}
	// GitHub's shell, which has pipefail only where it is named.
	arguments := []string{"bash", "-e", "-c", s.Run}
	if s.Shell == "bash" {
		arguments = []string{"bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", s.Run}
	}
	printed, ok := j.run(t, environment, arguments...)
	t.Logf("%s: %v\n%s", s.Name, ok, printed)
	j.printed += printed
	j.ran = append(j.ran, s.Name)
	j.passed = j.passed && ok
	content, err := os.ReadFile(output)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	j.outputs[s.ID] = map[string]string{}
	for line := range strings.Lines(string(content)) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		j.outputs[s.ID][name] = value
	}
}

// action runs the action of this repository. Its outputs are in j.outputs[""].
func (j *job) action(t *testing.T, s workflowStep, environment map[string]string) {
	t.Helper()
	var a action
	root, err := filepath.Abs(repository)
	if err != nil {
		t.Fatal(err)
	}
	read(t, &a, "yaml", filepath.Join(root, "action.yml"))
	inside := &job{j.teamRepository, maps.Clone(j.context), nil, true, j.artifacts, map[string]map[string]string{}, ""}
	for name, input := range a.Inputs {
		inside.context["inputs."+name] = input.Default
		if value, ok := s.With[name]; ok {
			inside.context["inputs."+name] = j.eval(t, s, fmt.Sprint(value))
		}
	}
	environment = maps.Clone(environment)
	environment["GITHUB_ACTION_PATH"] = root
	inside.steps(t, a.Runs.Steps, environment)
	j.ran, j.passed, j.printed = append(j.ran, inside.ran...), inside.passed, j.printed+inside.printed
	j.outputs[""] = map[string]string{}
	for name, output := range a.Outputs {
		j.outputs[""][name] = inside.eval(t, s, output.Value)
	}
}

// eval replaces the expressions in a text.
func (j *job) eval(t *testing.T, s workflowStep, text string) string {
	t.Helper()
	return expression.ReplaceAllStringFunc(text, func(found string) string {
		what := expression.FindStringSubmatch(found)[1]
		if of, ok := strings.CutPrefix(what, "steps."); ok {
			id, output, _ := strings.Cut(of, ".outputs.")
			return j.outputs[id][output]
		}
		value, ok := j.context[what]
		if !ok && !strings.HasPrefix(what, "secrets.") {
			t.Fatalf("%s: the test has no %s", s.Name, what)
		}
		return value
	})
}
