// SPDX-License-Identifier: MPL-2.0

// Fakevt serves a fake VirusTotal on localhost, with users and groups of a fictional company, to try the provider
// without an account.
//
//	go run ./internal/fakevt                  # until interrupted; prints the variables to set
//	go run ./internal/fakevt terraform plan   # while a command runs
//	go run ./internal/fakevt -team 500        # with a generated group of 500 members
//	go run ./internal/fakevt -day 2           # as the company is on Tuesday, the second day of its week
//	go run ./internal/fakevt -now 2026-11-24T00:00:00Z # with dates relative to that time
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

func main() {
	// Caught from the start, so that an early signal is not lost.
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	os.Exit(run(os.Args[1:], signals, os.Stdout, os.Stderr))
}

// run is main, but returns the exit code.
func run(args []string, signals <-chan os.Signal, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("fakevt", flag.ContinueOnError)
	flags.SetOutput(stderr)
	port := flags.Int("port", 0, "listen on this `port` of 127.0.0.1; 0 means a free one")
	team := flags.Int("team", 0, "add the group "+vttest.Crew+" with this many `members`, some of them with findings")
	day := flags.Int("day", 1, "serve the company as it is on this `day` of its week, from 1 (Monday) to 7 (Sunday): "+
		vttest.Joiner+" joins and "+vttest.Leaver+" leaves on Tuesday, and "+vttest.Admin+" has no 2FA until Sunday")
	fake := vttest.New()
	flags.Func("now", "current `time` of the fake, in RFC 3339: all dates are relative to it", func(text string) error {
		now, err := time.Parse(time.RFC3339, text)
		fake.Now = func() time.Time { return now }
		return err
	})
	flags.Usage = func() {
		_, _ = fmt.Fprintln(stderr, "Usage: fakevt [-port port] [-team members] [-day day] [-now time] [command argument...]")
		flags.PrintDefaults()
	}
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	}
	if *day < 1 || *day > 7 {
		_, _ = fmt.Fprintln(stderr, "fakevt: -day must be from 1 to 7")
		return 2
	}
	fake.Day(*day)
	if *team != 0 {
		if *team < vttest.SmallestTeam {
			_, _ = fmt.Fprintf(stderr, "fakevt: -team must be at least %d\n", vttest.SmallestTeam)
			return 2
		}
		fake.AddTeam(vttest.Crew, *team)
		_, _ = fmt.Fprintf(stderr, "fakevt: the team is the group %s\n", vttest.Crew)
	}
	code, err := serve(fake, *port, flags.Args(), signals, stdout, stderr)
	if err != nil {
		_, _ = fmt.Fprintf(stderr, "fakevt: %v\n", err)
		return 1
	}
	return code
}

// serve serves the fake while the command runs or, without a command, until a signal. It returns the command's exit
// code.
func serve(fake *vttest.Server, port int, command []string, signals <-chan os.Signal, stdout, stderr io.Writer) (int, error) {
	// On localhost only: the fixtures look like credentials and personal data.
	listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port})
	if err != nil {
		return 0, err
	}
	server := &http.Server{Handler: fake, ReadHeaderTimeout: 10 * time.Second}
	stopped := make(chan error, 1)
	go func() { stopped <- server.Serve(listener) }()
	base := "http://" + listener.Addr().String() + vttest.BasePath

	code := 0
	if len(command) > 0 {
		code, err = execute(command, base, fake.Key(vttest.SecurityHead), signals, stdout, stderr)
	} else {
		if _, err := io.WriteString(stdout, explanation(fake, base)); err != nil {
			return 0, err
		}
		select {
		case <-signals:
		case err = <-stopped:
			return 0, err
		}
	}
	_ = server.Close()

	count, unit := len(fake.Requests()), "requests"
	if count == 1 {
		unit = "request"
	}
	_, _ = fmt.Fprintf(stderr, "fakevt: %d %s\n", count, unit)
	return code, err
}

// explanation returns shell commands that set the environment variables, for each user of the fake.
func explanation(fake *vttest.Server, base string) string {
	var w strings.Builder
	fmt.Fprintf(&w, "export VIRUSTOTAL_BASE_URL=%s\n", base)
	fmt.Fprintf(&w, "export VIRUSTOTAL_API_KEY=%s\n", fake.Key(vttest.SecurityHead))
	fmt.Fprintf(&w, "\n# That is %s, head of security of %s, who sees the whole company.\n", vttest.SecurityHead, vttest.Company)
	fmt.Fprintln(&w, "# API keys of other accounts, and what each can see:")
	for _, other := range []struct{ id, sees string }{
		{vttest.Admin, "the company's other administrator: every member's e-mail, last login and quotas"},
		{vttest.Member, "a plain member: the company's group and their own account in full, others' public attributes"},
		{vttest.Stranger, "the sample user of VirusTotal's documentation: nothing of the company but public attributes"},
		{vttest.ServiceAccount, "the company's service account: itself and the company's group"},
	} {
		fmt.Fprintf(&w, "# export VIRUSTOTAL_API_KEY=%s # %s, %s\n", fake.Key(other.id), other.id, other.sees)
	}
	return w.String()
}

// execute runs the command with the environment variables for the fake, and returns its exit code.
func execute(command []string, base, key string, signals <-chan os.Signal, stdout, stderr io.Writer) (int, error) {
	//nolint:gosec // Running the given command is the purpose.
	cmd := exec.CommandContext(context.Background(), command[0], command[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, stdout, stderr
	cmd.Env = append(os.Environ(), "VIRUSTOTAL_BASE_URL="+base, "VIRUSTOTAL_API_KEY="+key)
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	terminal := onTerminal()
	for {
		select {
		case received := <-signals:
			// A terminal interrupts the command itself. A second interrupt would make Terraform exit without waiting
			// for the provider.
			if received != os.Interrupt || !terminal {
				_ = cmd.Process.Signal(received) // Fails if the command has just ended.
			}
		case err := <-ended:
			return exitCode(err)
		}
	}
}

// onTerminal reports whether the process has a controlling terminal.
func onTerminal() bool {
	terminal, err := os.Open("/dev/tty")
	if err != nil {
		return false
	}
	_ = terminal.Close()
	return true
}

// exitCode returns the exit code for the result of Wait, as a shell does: 128 plus the signal's number for a command
// ended by a signal.
func exitCode(err error) (int, error) {
	exit, ok := errors.AsType[*exec.ExitError](err)
	if !ok {
		return 0, err
	}
	if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal()), nil
	}
	return exit.ExitCode(), nil
}
