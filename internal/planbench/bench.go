// SPDX-License-Identifier: MPL-2.0

//go:build unix

package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A bench is a directory in which plans are run, with nothing of the user's own in them.
type bench struct {
	dir, cli, provider string
}

func newBench(dir, provider string) (*bench, error) {
	cli, err := exec.LookPath(cmp.Or(os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform"))
	if err != nil {
		return nil, err
	}
	provider, err = filepath.Abs(provider)
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	b := &bench{dir: dir, cli: cli, provider: provider}
	settings := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"virustotal/virustotal\" = %q\n  }\n  direct {}\n}\n", b.path("wrapper"))
	return b, errors.Join(
		os.MkdirAll(b.path("wrapper"), 0o700),
		os.Symlink(self, b.path("wrapper", wrapperName)),
		os.WriteFile(b.path("dev.tfrc"), []byte(settings), 0o600),
	)
}

func (b *bench) path(below ...string) string {
	return filepath.Join(append([]string{b.dir}, below...)...)
}

// A sample is what one plan took.
type sample struct {
	requests int
	wall     time.Duration
	starts   int           // Of the provider.
	cpu      time.Duration // Of all processes of the provider.
	peak     int64         // Of the largest of them, in bytes.
}

// plan plans a configuration with a provider, and more variables in the environment.
func (b *bench) plan(ctx context.Context, provider, configuration string, variables ...string) (sample, error) {
	dir := b.path("configuration")
	if err := errors.Join(os.MkdirAll(dir, 0o700), os.WriteFile(filepath.Join(dir, "main.tf"), []byte(configuration), 0o600)); err != nil {
		return sample{}, err
	}
	cmd := exec.CommandContext(ctx, b.cli, "-chdir="+dir, "plan", "-input=false", "-lock=false", "-no-color") //nolint:gosec // It is the CLI that is asked for.
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	cmd.Env = append(b.environment(),
		"TF_CLI_CONFIG_FILE="+b.path("dev.tfrc"), "TF_DATA_DIR="+b.path("data"), "TF_IN_AUTOMATION=1", "CHECKPOINT_DISABLE=1",
		wrappedVariable+"="+provider, usageVariable+"="+b.path("usage"))
	cmd.Env = append(cmd.Env, variables...)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output

	start := time.Now()
	err := cmd.Run()
	s := sample{wall: time.Since(start)}
	if err != nil {
		return s, fmt.Errorf("%w\n%s", err, output.String())
	}
	processes, err := recorded(b.path("usage"))
	for _, used := range processes {
		s.starts++
		s.cpu += used.CPU
		s.peak = max(s.peak, used.Peak)
	}
	if s.starts == 0 && err == nil {
		err = errors.New("the plan did not start the provider")
	}
	return s, err
}

// environment is the process's own without what decides how plans are run and what the provider reads, and
// with a directory for what is left over.
func (b *bench) environment() []string {
	return append(slices.DeleteFunc(os.Environ(), func(variable string) bool {
		return slices.ContainsFunc([]string{"TF_", "VIRUSTOTAL_", "VT_", "VTCLI_"}, func(prefix string) bool {
			return strings.HasPrefix(variable, prefix)
		})
	}), "TMPDIR="+b.dir)
}

// median takes the one in the middle, as key has it, and of two the lower one.
func median[S any, K cmp.Ordered](samples []S, key func(S) K) K {
	keys := make([]K, len(samples))
	for i, s := range samples {
		keys[i] = key(s)
	}
	slices.Sort(keys)
	return keys[(len(keys)-1)/2]
}

func milliseconds(d time.Duration) string { return fmt.Sprintf("%.0f ms", float64(d)/1e6) }
func mebibytes(n int64) string            { return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20)) }
