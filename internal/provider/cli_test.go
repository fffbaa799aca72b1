// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
)

// providerBinary is the name under which Terraform starts a provider. The test's own binary has it too, as a
// link, and is the provider then.
const providerBinary = "terraform-provider-virustotal"

// panicking makes that provider panic where it decodes its first answer.
const panicking = "VIRUSTOTAL_TEST_PANIC"

// serveAsProvider is what TestMain does where Terraform has started the test's binary.
func serveAsProvider() int {
	if os.Getenv(panicking) != "" {
		http.DefaultTransport = panicTransport{http.DefaultTransport}
	}
	err := providerserver.Serve(context.Background(), New("test"), providerserver.ServeOpts{Address: "registry.terraform.io/virustotal/virustotal"})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// panicTransport answers with bodies that panic when they are read.
type panicTransport struct{ http.RoundTripper }

func (t panicTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.RoundTripper.RoundTrip(req)
	if err == nil {
		resp.Body = panicBody{resp.Body}
	}
	return resp, err
}

type panicBody struct{ io.ReadCloser }

func (panicBody) Read([]byte) (int, error) { panic("the decoder panics") }

// A cli is Terraform as a user runs it: in a directory, with the provider as a process of its own.
type cli struct {
	t   *testing.T
	dir string
	env []string
}

// inDirectory returns a CLI that works on a configuration, in a directory of its own.
func inDirectory(t *testing.T, config string) *cli {
	t.Helper()
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
	return &cli{t, dir, append(os.Environ(), "TF_CLI_CONFIG_FILE="+rc, "TF_IN_AUTOMATION=1", "CHECKPOINT_DISABLE=1")}
}

// run runs a command and returns what it printed, and its exit code.
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

// whereabouts returns the files below the directory that hold a text, inside a zip (a plan is one) too.
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
			return nil //nolint:nilerr // It is no archive.
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

// keep writes what was printed where whereabouts finds it.
func (c *cli) keep(name, printed string) {
	c.t.Helper()
	if err := os.WriteFile(filepath.Join(c.dir, name), []byte(printed), 0o600); err != nil {
		c.t.Fatal(err)
	}
}
