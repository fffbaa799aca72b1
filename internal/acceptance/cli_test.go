// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// A cli runs Terraform in a directory, with the provider in its own process.
type cli struct {
	t   *testing.T
	dir string
	env []string
}

// inDirectory returns a CLI for a configuration in a new directory. variables are added to its environment.
func inDirectory(t *testing.T, config string, variables ...string) *cli {
	t.Helper()
	needs(t, config)
	dir, bin := t.TempDir(), t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(self, filepath.Join(bin, providerBinary)); err != nil {
		t.Fatal(err)
	}
	rc := filepath.Join(bin, "cli.tfrc")
	for name, content := range map[string]string{
		rc:                            fmt.Sprintf("provider_installation {\n dev_overrides {\n \"virustotal/virustotal\" = %q\n }\n direct {}\n}\n", bin),
		filepath.Join(dir, "main.tf"): "terraform {\n required_providers {\n virustotal = {\n source = \"virustotal/virustotal\"\n }\n }\n}\n" + config,
	} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	// With -race a process sleeps a second before it exits, and each plan starts the provider several times.
	env := append(os.Environ(), "TF_CLI_CONFIG_FILE="+rc, "TF_IN_AUTOMATION=1", "CHECKPOINT_DISABLE=1", "GORACE=atexit_sleep_ms=0")
	return &cli{t, dir, append(env, variables...)}
}

// run runs a command and returns its output and exit code.
func (c *cli) run(arguments ...string) (printed string, exit int) {
	c.t.Helper()
	command := exec.CommandContext(c.t.Context(), os.Getenv("TF_ACC_TERRAFORM_PATH"), arguments...)
	command.Dir, command.Env = c.dir, c.env
	output, err := command.CombinedOutput()
	if _, failed := errors.AsType[*exec.ExitError](err); err != nil && !failed {
		c.t.Fatal(err)
	}
	return string(output), command.ProcessState.ExitCode()
}

// whereabouts returns the files in the directory that contain a text, including files in zip archives such as plans.
func (c *cli) whereabouts(text string) []string {
	c.t.Helper()
	var found []string
	err := filepath.WalkDir(c.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name := strings.TrimPrefix(path, c.dir)
		if bytes.Contains(content, []byte(text)) {
			found = append(found, name)
		}
		archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
		if err != nil {
			return nil //nolint:nilerr // It is not a zip archive.
		}
		for _, member := range archive.File {
			file, err := member.Open()
			if err != nil {
				return err
			}
			content, err := io.ReadAll(file)
			if err != nil {
				return err
			}
			if bytes.Contains(content, []byte(text)) {
				found = append(found, name+"/"+member.Name)
			}
		}
		return nil
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return found
}

// keep writes a text to a file in the directory.
func (c *cli) keep(name, printed string) {
	c.t.Helper()
	if err := os.WriteFile(filepath.Join(c.dir, name), []byte(printed), 0o600); err != nil {
		c.t.Fatal(err)
	}
}

// never is the minor version of a feature that OpenTofu does not have.
const never = 1000

// features are features that older CLIs lack, with the pattern that shows their use, and the first versions of
// Terraform and OpenTofu that have them.
var features = []struct {
	pattern, name   string
	terraform, tofu int // Minor versions of 1.
}{
	{`(?m)^\s*check "`, "check blocks", 5, 6},
	{`source = "./tests/mocks"`, "mocks in a separate file", 7, never},
	{`plantimestamp\(`, "the function plantimestamp", 5, 6},
	{`(?m)^\s*ephemeral "|ephemeral\s*= true`, "ephemeral resources", 10, 11},
	{`_wo\s*=`, "write-only arguments", 11, 11},
	{`(?m)^(terraform|tofu) test`, "the command test", 6, 6},
	{`mock_provider|override_data|mock_data`, "mocks", 7, 8},
	{`"terraform_data"`, "terraform_data", 4, 6},
	{`endswith\(|timecmp\(|startswith\(`, "functions of Terraform 1.3", 3, 6},
	{`precondition \{|postcondition \{`, "conditions", 2, 6},
	{`required_version = ">= 1.5"`, "the required version", 5, 6},
}

// cliVersion returns the version of the CLI under test.
var cliVersion = sync.OnceValues(func() (string, error) {
	output, err := exec.Command(os.Getenv("TF_ACC_TERRAFORM_PATH"), "version", "-json").Output()
	if err != nil {
		return "", err
	}
	var cli struct {
		Version string `json:"terraform_version"`
	}
	err = json.Unmarshal(output, &cli)
	return cli.Version, err
})

// lacks returns which feature in a text the CLI under test lacks, or "".
func lacks(t *testing.T, text string) string {
	t.Helper()
	version, err := cliVersion()
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(version, ".")
	minor, err := strconv.Atoi(parts[min(1, len(parts)-1)])
	if err != nil || parts[0] != "1" {
		t.Fatalf("the CLI has the version %q", version)
	}
	for _, feature := range features {
		first, name := feature.terraform, "Terraform"
		if os.Getenv("TF_ACC_PROVIDER_HOST") != "" {
			first, name = feature.tofu, "OpenTofu"
		}
		if minor < first && regexp.MustCompile(feature.pattern).MatchString(text) {
			if first == never {
				return feature.name + " are not in " + name
			}
			return fmt.Sprintf("%s: require %s 1.%d, and this is %s", feature.name, name, first, version)
		}
	}
	return ""
}

// needs skips the test if the CLI under test lacks a feature in a text.
func needs(t *testing.T, text string) {
	t.Helper()
	if reason := lacks(t, text); reason != "" {
		t.Skip(reason)
	}
}
