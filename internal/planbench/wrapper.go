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

// wrapperPrefix is the prefix of the file names by which Terraform starts this program in place of a provider. It then
// runs the provider and records the resources used, which Terraform does not report.
const wrapperPrefix = "terraform-provider-"

// Environment variables of the wrapper: the directory of the providers, and the file to append the usage to.
const (
	wrappedVariable = "PLANBENCH_PROVIDERS"
	usageVariable   = "PLANBENCH_USAGE"
)

// usage has the resources that a process used, according to the kernel.
//
// On Linux, Peak includes the memory of the process before exec, which is the wrapper's. That does not matter: the
// wrapper's 8 MiB are less than any provider needs.
type usage struct {
	CPU  time.Duration `json:"cpu"`  // In user mode and in the kernel.
	Peak int64         `json:"peak"` // Maximum resident set size, in bytes.
}

// wrap runs the provider with the wrapper's own name and returns its exit code. It ignores interrupts, which a terminal
// sends to all its processes: if the wrapper ended before the provider, it would record nothing.
func wrap(args []string, stderr io.Writer) int {
	signal.Ignore(os.Interrupt)
	provider := filepath.Join(os.Getenv(wrappedVariable), filepath.Base(os.Args[0]))
	cmd := exec.CommandContext(context.Background(), provider, args...) //nolint:gosec // planbench sets the variable.
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

// record appends a process's usage to a file, in a single write, so that lines of several processes do not mix.
func record(name string, process *os.ProcessState) error {
	used := usage{CPU: process.UserTime() + process.SystemTime()}
	if counted, ok := process.SysUsage().(*syscall.Rusage); ok {
		used.Peak = int64(counted.Maxrss) //nolint:unconvert // It is an int32 on some platforms.
	}
	if runtime.GOOS != "darwin" {
		used.Peak <<= 10 // In KiB on all other systems.
	}
	line, err := json.Marshal(used)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600) //nolint:gosec // planbench sets the variable.
	if err != nil {
		return err
	}
	_, err = file.Write(append(line, '\n'))
	return errors.Join(err, file.Close())
}

// recorded returns the total CPU time and the largest peak in a file written by record, and removes the file. It fails
// if there is none.
func recorded(name string) (usage, error) {
	file, err := os.Open(name) //nolint:gosec // planbench chose the name.
	if err != nil {
		return usage{}, fmt.Errorf("the plan did not start the provider: %w", err)
	}
	defer func() { _ = file.Close() }() // It was opened for reading.
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
