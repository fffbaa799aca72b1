// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"os"
	"os/exec"
	"path/filepath"
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
