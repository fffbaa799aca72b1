// SPDX-License-Identifier: MPL-2.0

//go:build unix

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"time"
)

// wrapperPrefix begins the names under which Terraform finds this program in place of a provider, and under which it
// runs the provider and records what that used. Terraform tells nobody what its plugins use.
const wrapperPrefix = "terraform-provider-"

// The variables that tell the wrapper where the providers are, and the file to append to.
const (
	wrappedVariable = "PLANBENCH_PROVIDERS"
	usageVariable   = "PLANBENCH_USAGE"
)

// usage is what a process has used when it ends, as the kernel counts it.
//
// Linux counts in the memory of what called exec, too, so that nothing appears to use less than the wrapper, which
// is smaller (8 MiB) than any provider.
type usage struct {
	CPU  time.Duration `json:"cpu"`  // In user mode and in the kernel.
	Peak int64         `json:"peak"` // The largest resident set, in bytes.
}

// wrap runs the provider of the wrapper's own name and returns its exit code. Terraform interrupts no provider, but a
// terminal interrupts all that runs on it, and a wrapper that ended first would record nothing.
func wrap(args []string, stderr io.Writer) int {
	signal.Ignore(os.Interrupt)
	provider := filepath.Join(os.Getenv(wrappedVariable), filepath.Base(os.Args[0]))
	cmd := exec.CommandContext(context.Background(), provider, args...) //nolint:gosec // To run what it is told is what it is for.
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err := cmd.Run()
	if cmd.ProcessState == nil {
		_, _ = fmt.Fprintln(stderr, "planbench:", err)
		return 1
	}
	if err := record(os.Getenv(usageVariable), cmd.ProcessState); err != nil {
		_, _ = fmt.Fprintln(stderr, "planbench:", err)
		return 1
	}
	return cmd.ProcessState.ExitCode()
}

// record appends a line. Processes that end at the same time do not mix theirs.
func record(name string, process *os.ProcessState) error {
	used := usage{CPU: process.UserTime() + process.SystemTime()}
	if counted, ok := process.SysUsage().(*syscall.Rusage); ok {
		used.Peak = int64(counted.Maxrss) //nolint:unconvert // It has 32 bits on some machines.
	}
	if runtime.GOOS != "darwin" {
		used.Peak <<= 10 // KiB everywhere else.
	}
	line, err := json.Marshal(used)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600) //nolint:gosec // To write where it is told is what it is for.
	if err != nil {
		return err
	}
	_, err = file.Write(append(line, '\n'))
	return errors.Join(err, file.Close())
}

// recorded takes what was recorded and leaves nothing: the CPU time of all processes and the largest peak. It fails
// where no process was recorded.
func recorded(name string) (usage, error) {
	file, err := os.Open(name) //nolint:gosec // It is a file of our own.
	if err != nil {
		return usage{}, fmt.Errorf("the plan did not start the provider: %w", err)
	}
	defer func() { _ = file.Close() }() // It was only read.
	var sum usage
	for lines := json.NewDecoder(file); ; {
		var one usage
		if err := lines.Decode(&one); errors.Is(err, io.EOF) {
			return sum, os.Remove(name)
		} else if err != nil {
			return usage{}, err
		}
		sum.CPU += one.CPU
		sum.Peak = max(sum.Peak, one.Peak)
	}
}
