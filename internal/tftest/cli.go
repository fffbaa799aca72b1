// SPDX-License-Identifier: MPL-2.0

// Package tftest runs Terraform or OpenTofu in tests, with providers that the test's process serves. A command takes a
// third of the CPU time that it would take if it started the providers.
package tftest

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

// pathVariable is the environment variable with the path of the CLI under test.
const pathVariable = "TF_ACC_TERRAFORM_PATH"

// Path returns the path of the CLI under test: $TF_ACC_TERRAFORM_PATH, or terraform on the PATH.
var Path = sync.OnceValue(func() string {
	path, err := exec.LookPath(cmp.Or(os.Getenv(pathVariable), "terraform"))
	if err != nil {
		panic(fmt.Sprintf("%v: use \"make test\", which installs a CLI if there is none", err))
	}
	return path
})

// IsOpenTofu reports whether the CLI under test is OpenTofu.
func IsOpenTofu() bool { return strings.HasPrefix(filepath.Base(Path()), "tofu") }

// A CLI runs commands of the CLI under test.
type CLI struct {
	Dir string // The working directory.

	t        testing.TB
	reattach map[string]any // The value of TF_REATTACH_PROVIDERS: how to connect to each provider.
	mu       sync.Mutex     // Providers look up variables in goroutines of their own.
	environ  []string       // As in exec.Cmd: of a variable that occurs twice, the last one counts.
}

// Require returns the block of a configuration that requires a provider, such as "hashicorp/echo".
func Require(source string) string {
	_, name, _ := strings.Cut(source, "/")
	return fmt.Sprintf("terraform {\n required_providers {\n %s = {\n source = %q\n }\n }\n}\n", name, source)
}

// Environ returns the environment of the process without what would make a test depend on the developer: variables and
// files that configure the CLI or the provider.
func Environ(t testing.TB) []string {
	t.Helper()
	return append(withoutSettings(os.Environ()), "HOME="+t.TempDir())
}

// withoutSettings returns the variables without those that configure the CLI or the provider.
func withoutSettings(variables []string) []string {
	variables = slices.DeleteFunc(variables, func(variable string) bool {
		return configures.MatchString(variable) && !strings.HasPrefix(variable, pathVariable)
	})
	return append(variables, "TF_CLI_CONFIG_FILE="+os.DevNull, "CHECKPOINT_DISABLE=1")
}

var configures = regexp.MustCompile("^(TF|VIRUSTOTAL|VT|VTCLI)_")

// DevOverrides writes a CLI configuration by which the CLI starts the providers in bin, without terraform init. It returns
// the name of the file, for TF_CLI_CONFIG_FILE.
func DevOverrides(t testing.TB, bin string, sources ...string) string {
	t.Helper()
	overrides := ""
	for _, source := range sources {
		overrides += fmt.Sprintf("    %q = %q\n", source, bin)
	}
	file := filepath.Join(t.TempDir(), "cli.tfrc")
	if err := os.WriteFile(file, []byte("provider_installation {\n  dev_overrides {\n"+overrides+"  }\n}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// New returns a CLI for a configuration in a new directory. variables are added to the environment. If the CLI under test
// lacks a feature in the configuration, the test is skipped.
func New(t testing.TB, config string, variables ...string) *CLI {
	t.Helper()
	Needs(t, config)
	c := &CLI{Dir: t.TempDir(), environ: append(Environ(t), "TF_IN_AUTOMATION=1"), t: t, reattach: map[string]any{}}
	c.Setenv(variables...)
	c.WriteFile("main.tf", config)
	return c
}

// Serve serves a provider from the test's process until the test ends, and logs to the test, which a benchmark cannot.
// source is as in Require.
func (c *CLI) Serve(t *testing.T, source string, server tfprotov6.ProviderServer) {
	t.Helper()
	address := "registry.terraform.io/" + source
	if IsOpenTofu() {
		address = "registry.opentofu.org/" + source
	}
	reached, closed := make(chan *plugin.ReattachConfig, 1), make(chan struct{})
	serving := make(chan error, 1)
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		defer close(serving)
		serving <- tf6server.Serve(address, func() tfprotov6.ProviderServer { return server },
			tf6server.WithDebug(ctx, reached, closed), tf6server.WithGoPluginLogger(hclog.NewNullLogger()), tf6server.WithLoggingSink(t))
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-serving; err != nil {
			t.Error(err)
		}
	})
	select {
	case config := <-reached:
		c.reattach[address] = map[string]any{
			"Protocol": config.Protocol, "ProtocolVersion": config.ProtocolVersion, "Pid": config.Pid, "Test": true,
			"Addr": map[string]string{"Network": config.Addr.Network(), "String": config.Addr.String()},
		}
	case err := <-serving:
		t.Fatal("the provider is not served: ", err)
	}
	all, err := json.Marshal(c.reattach)
	if err != nil {
		t.Fatal(err)
	}
	c.Setenv("TF_REATTACH_PROVIDERS=" + string(all))
}

// Setenv adds variables, such as "TF_LOG=DEBUG", to the environment of commands.
func (c *CLI) Setenv(variables ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.environ = append(c.environ, variables...)
}

// Environ returns the environment of commands.
func (c *CLI) Environ() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.environ)
}

// Getenv returns the value of a variable in the environment of commands, or "".
func (c *CLI) Getenv(name string) string {
	last := ""
	for _, variable := range c.Environ() {
		if value, ok := strings.CutPrefix(variable, name+"="); ok {
			last = value
		}
	}
	return last
}

// Run runs a command and returns its output and exit code.
func (c *CLI) Run(arguments ...string) (output string, exit int) {
	c.t.Helper()
	command := exec.CommandContext(c.t.Context(), Path(), arguments...)
	command.Dir, command.Env = c.Dir, c.Environ()
	combined, err := command.CombinedOutput()
	if _, failed := errors.AsType[*exec.ExitError](err); err != nil && !failed {
		c.t.Fatal(err)
	}
	return string(combined), command.ProcessState.ExitCode()
}

// Succeed runs a command and returns its output. It fails the test if the command fails.
func (c *CLI) Succeed(arguments ...string) string {
	c.t.Helper()
	output, exit := c.Run(arguments...)
	if exit != 0 {
		c.t.Fatalf("%s: exit code %d\n%s", strings.Join(arguments, " "), exit, output)
	}
	return output
}

// WriteFile writes a file into the directory.
func (c *CLI) WriteFile(name, content string) {
	c.t.Helper()
	if err := os.WriteFile(filepath.Join(c.Dir, name), []byte(content), 0o600); err != nil {
		c.t.Fatal(err)
	}
}

// Pattern returns a regular expression that finds text in the output of a command. "…" matches anything, and a space
// matches any white space, because the CLI wraps lines.
func Pattern(text string) *regexp.Regexp {
	pattern := strings.ReplaceAll(regexp.QuoteMeta(text), "…", `(.|\n)*`)
	return regexp.MustCompile(strings.ReplaceAll(pattern, " ", `\s+`))
}
