// SPDX-License-Identifier: MPL-2.0

//go:build unix

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"
	"time"
)

// wrapperName is the name under which Terraform finds this program in place of the provider, and under which it
// runs the provider and records what that used. Terraform tells nobody what its plugins use.
const wrapperName = "terraform-provider-virustotal"

// The variables that tell the wrapper what to run, and the file to append to.
const (
	wrappedVariable = "PLANBENCH_PROVIDER"
	usageVariable   = "PLANBENCH_USAGE"
)

// usage is what a process has used when it ends, as the kernel counts it.
//
// Linux counts in the memory of what called exec, too, so that nothing appears to use less than what started
// it: the wrapper, and planbench itself before it serves a fake, are smaller (8 MiB) than any provider (13).
type usage struct {
	CPU  time.Duration `json:"cpu"`  // In user mode and in the kernel.
	Peak int64         `json:"peak"` // The largest resident set, in bytes.
}

func usageOf(process *os.ProcessState) usage {
	used := usage{CPU: process.UserTime() + process.SystemTime()}
	if counted, ok := process.SysUsage().(*syscall.Rusage); ok {
		used.Peak = int64(counted.Maxrss) //nolint:unconvert // It has 32 bits on some machines.
	}
	if runtime.GOOS != "darwin" {
		used.Peak <<= 10 // KiB everywhere else.
	}
	return used
}

// wrap runs the wrapped provider in its own place: with its arguments, its files, its environment and its signals.
// It returns the provider's exit code.
func wrap(args []string, stderr io.Writer) int {
	code, err := execute(os.Getenv(wrappedVariable), args, os.Getenv(usageVariable))
	if err != nil {
		fmt.Fprintln(stderr, "planbench:", err)
	}
	return code
}

func execute(provider string, args []string, usageFile string) (int, error) {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)

	cmd := exec.CommandContext(context.Background(), provider, args...) //nolint:gosec // To run what it is told is what it is for.
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		return 1, err
	}
	go func() {
		for received := range signals {
			_ = cmd.Process.Signal(received) // It fails where the provider has just ended.
		}
	}()
	err := cmd.Wait()
	if _, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
		return 1, err
	}
	if err := record(usageFile, usageOf(cmd.ProcessState)); err != nil {
		return 1, err
	}
	if !cmd.ProcessState.Exited() {
		return 1, err // By a signal.
	}
	return cmd.ProcessState.ExitCode(), nil
}

// record appends a line. Processes that end at the same time do not mix theirs.
func record(name string, used usage) error {
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

// recorded takes what was recorded, and leaves nothing.
func recorded(name string) ([]usage, error) {
	file, err := os.Open(name) //nolint:gosec // It is a file of our own.
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // It was only read.
	var all []usage
	for lines := json.NewDecoder(file); ; {
		var one usage
		if err := lines.Decode(&one); errors.Is(err, io.EOF) {
			return all, os.Remove(name)
		} else if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
}
