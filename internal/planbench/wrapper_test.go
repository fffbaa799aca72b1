// SPDX-License-Identifier: MPL-2.0

//go:build unix

package planbench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
)

// peaks is the name of the file with the peaks.
const peaks = "peaks"

// wrap stands in for a provider: it runs the provider of the same name in the parent directory, records its peak memory
// there, which Terraform does not report, and returns its exit code. It ignores interrupts, which a terminal sends
// to all its processes: if the wrapper ended before the provider, it would record nothing.
func wrap(wrapper string, args []string) int {
	signal.Ignore(os.Interrupt)
	dir := filepath.Dir(filepath.Dir(wrapper))
	cmd := exec.CommandContext(context.Background(), filepath.Join(dir, filepath.Base(wrapper)), args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err := cmd.Run()
	if cmd.ProcessState != nil {
		err = record(filepath.Join(dir, peaks), cmd.ProcessState)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "planbench:", err)
		return 1
	}
	return cmd.ProcessState.ExitCode()
}

// record appends a process's maximum resident set size to a file, in bytes, in a single write, so that lines of several
// processes do not mix.
//
// On Linux that includes the memory of the process before exec, which is the wrapper's. It does not matter: the wrapper's
// 15 MiB are less than any provider needs.
func record(name string, process *os.ProcessState) error {
	var peak int64
	if used, ok := process.SysUsage().(*syscall.Rusage); ok {
		peak = int64(used.Maxrss) //nolint:unconvert // It is an int32 on some platforms.
	}
	if runtime.GOOS != "darwin" {
		peak <<= 10 // In KiB on all other systems.
	}
	file, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(file, peak)
	return errors.Join(err, file.Close())
}

// recorded returns the largest peak in a file written by record, and removes the file. It fails if there is none.
func recorded(name string) (largest int64, err error) {
	content, err := os.ReadFile(name)
	if err != nil {
		return 0, fmt.Errorf("the plan did not start the provider: %w", err)
	}
	for lines := strings.NewReader(string(content)); ; {
		var peak int64
		if _, err := fmt.Fscan(lines, &peak); errors.Is(err, io.EOF) {
			return largest, os.Remove(name)
		} else if err != nil {
			return 0, err
		}
		largest = max(largest, peak)
	}
}
