// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/virustotal/terraform-provider-virustotal/internal/tftest"
)

// A shell runs the code blocks of a document in a directory.
type shell struct {
	dir       string
	env       []string
	overrides string // CLI configuration with dev_overrides, which needs no terraform init.
}

// newShell creates a directory with what the documents assume: the CLI under its usual names, which installs the
// provider as from a registry; a clone of the repository beside the configuration; and an API key of the fake.
func newShell(t *testing.T) *shell {
	t.Helper()
	dir, bin, mirror := t.TempDir(), t.TempDir(), t.TempDir()
	link := func(from, to string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(from, to); err != nil {
			t.Fatal(err)
		}
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	clone, err := filepath.Abs(repository)
	if err != nil {
		t.Fatal(err)
	}
	goCommand, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		link(self, filepath.Join(mirror, host, "virustotal", "virustotal", "0.1.0", runtime.GOOS+"_"+runtime.GOARCH, providerBinary))
	}
	for _, name := range []string{"terraform", "tofu"} {
		link(tftest.Path(), filepath.Join(bin, name))
	}
	link(clone, filepath.Join(dir, "terraform-provider-virustotal"))
	link(self, filepath.Join(bin, providerBinary))
	release(t, filepath.Join(dir, "terraform-provider-virustotal"), filepath.Join(mirror, "release"))
	r := &shell{dir: dir, overrides: tftest.DevOverrides(t, bin, providerSource)}
	rc := filepath.Join(bin, "cli.tfrc")
	for name, content := range map[string]string{
		rc:                       fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", mirror),
		filepath.Join(bin, "go"): fmt.Sprintf("#!/bin/sh\nHOME='%s' exec '%s' \"$@\"\n", os.Getenv("HOME"), goCommand),
	} {
		if err := os.WriteFile(name, []byte(content), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	r.env = append(tftest.Environ(t), "TF_CLI_CONFIG_FILE="+rc, "GORACE=atexit_sleep_ms=0", "TF_CLI_ARGS=-no-color",
		"GITHUB_STEP_SUMMARY="+filepath.Join(bin, "summary"),
		"PATH="+bin+string(filepath.ListSeparator)+os.Getenv("PATH"),
		"GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=url."+filepath.Join(mirror, "release")+".insteadOf",
		"GIT_CONFIG_VALUE_0=https://github.com/virustotal/terraform-provider-virustotal.git")
	return r
}

func (r *shell) write(t *testing.T, name, content string) {
	t.Helper()
	path := filepath.Join(r.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// plan plans a complete configuration. It adds required_providers if missing.
func (r *shell) plan(t *testing.T, b block) string {
	t.Helper()
	r.write(t, "main.tf", b.text)
	if !strings.Contains(b.text, "required_providers") {
		r.write(t, "versions.tf", "terraform {\n  required_providers {\n    virustotal = {\n      source = \"virustotal/virustotal\"\n    }\n  }\n}\n")
	}
	r.env = append(r.env, "TF_CLI_CONFIG_FILE="+r.overrides)
	return r.sh(t, b, "terraform get >/dev/null\nterraform plan -input=false")
}

// sh runs a script, with the API key on standard input.
func (r *shell) sh(t *testing.T, b block, script string) string {
	t.Helper()
	fake := serve(t)
	command := exec.CommandContext(t.Context(), "bash", "-eu", "-o", "pipefail", "-c", script)
	command.Dir = r.dir
	command.Stdin = strings.NewReader(fake.Key(b.user) + "\n")
	command.Env = append(slices.Concat(r.env, fake.env(b.user)), "PWD="+r.dir)
	output, err := command.CombinedOutput()
	if _, failed := errors.AsType[*exec.ExitError](err); err != nil && !failed {
		t.Fatal(err)
	}
	if (err != nil) != b.fails {
		t.Fatalf("%s\nfailed: %v, want %v\n%s", script, err != nil, b.fails, output)
	}
	if b.says != "" && !tftest.Pattern(b.says).MatchString(flat(string(output))) {
		t.Errorf("%s\ndid not say %q:\n%s", script, b.says, output)
	}
	return string(output)
}

// release creates a Git repository with the modules, and a tag. Module sources that begin with github.com lead to it.
func release(t *testing.T, clone, at string) {
	t.Helper()
	if err := os.CopyFS(filepath.Join(at, "modules"), os.DirFS(filepath.Join(clone, "modules"))); err != nil {
		t.Fatal(err)
	}
	for _, arguments := range [][]string{
		{"init", "-q", "-b", "main"}, {"add", "."}, {"-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "-q", "-m", "x"}, {"tag", "v0.1.0"},
	} {
		command := exec.CommandContext(t.Context(), "git", append([]string{"-C", at}, arguments...)...)
		command.Env = tftest.Environ(t)
		if output, err := command.CombinedOutput(); err != nil {
			t.Fatalf("git %s: %v\n%s", arguments[0], err, output)
		}
	}
}

// makeTargets returns the targets of a script that consists of make commands only, otherwise nil.
func makeTargets(script string) []string {
	var targets []string
	for line := range strings.Lines(script) {
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		switch {
		case len(words) == 0:
		case words[0] != "make" || len(words) < 2:
			return nil
		default:
			targets = append(targets, words[1])
		}
	}
	return targets
}

// stepsOf returns the scripts of a workflow's run: lines.
func stepsOf(t *testing.T, workflow string) []string {
	t.Helper()
	var steps []string
	inside := -1 // Indentation of the multi-line script that is being read, or -1.
	for line := range strings.Lines(workflow) {
		line = strings.TrimRight(line, "\n")
		depth := len(line) - len(strings.TrimLeft(line, " "))
		if inside >= 0 && (depth > inside || line == "") {
			steps[len(steps)-1] += strings.TrimSpace(line) + "\n"
			continue
		}
		inside = -1
		before, script, found := strings.Cut(line, "run: ")
		switch {
		case !found || strings.Trim(before, " -") != "":
		case script == "|":
			steps = append(steps, "")
			inside = len(before)
		default:
			steps = append(steps, script)
		}
	}
	if len(steps) == 0 {
		t.Fatal("the workflow runs nothing")
	}
	return steps
}
