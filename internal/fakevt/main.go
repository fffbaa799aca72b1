// SPDX-License-Identifier: MPL-2.0

// Fakevt serves a fake VirusTotal on localhost, with users and groups of an invented company, to try the provider
// without an account.
//
//	go run ./internal/fakevt                  # until interrupted; prints the variables to set
//	go run ./internal/fakevt terraform plan   # while a command runs
//	go run ./internal/fakevt -team 500        # with a generated group of 500 members
//	go run ./internal/fakevt -changed         # as the company is a day later
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
	"slices"
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
	listen := flags.String("listen", "127.0.0.1:0", "loopback `address` to serve on")
	team := flags.Int("team", 0, "also serve the group "+vttest.Crew+" of so many `members`, some of whom an audit should find")
	changed := flags.Bool("changed", false, "serve the company as it is a day later: "+
		vttest.Joiner+" joined, "+vttest.Leaver+" left, "+vttest.Admin+" lost the second factor")
	now := flags.String("now", "", "`time` that the fake's dates count from, in RFC 3339; the start by default")
	flags.Usage = func() {
		_, _ = fmt.Fprintln(stderr, "Usage: fakevt [-listen address] [-team members] [-changed] [-now time] [command argument...]")
		flags.PrintDefaults()
	}
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	}
	fake := vttest.New()
	if *changed {
		fake.Change()
	}
	if *now != "" {
		fixed, err := time.Parse(time.RFC3339, *now)
		if err != nil {
			_, _ = fmt.Fprintf(stderr, "fakevt: -now takes a time in RFC 3339, such as 2026-11-24T00:00:00Z, not %q\n", *now)
			return 2
		}
		fake.Now = func() time.Time { return fixed }
	}
	if *team != 0 {
		if *team < vttest.SmallestTeam {
			_, _ = fmt.Fprintf(stderr, "fakevt: a team has at least %d members\n", vttest.SmallestTeam)
			return 2
		}
		fake.AddTeam(vttest.Crew, *team)
		_, _ = fmt.Fprintf(stderr, "fakevt: the team is the group %s\n", vttest.Crew)
	}
	code, err := serve(fake, *listen, flags.Args(), signals, stdout, stderr)
	if err != nil {
		_, _ = fmt.Fprintf(stderr, "fakevt: %v\n", err)
		return 1
	}
	return code
}

// serve serves the fake while the command runs or, without a command, until a signal. It returns the command's exit
// code.
func serve(fake *vttest.Server, address string, command []string, signals <-chan os.Signal, stdout, stderr io.Writer) (int, error) {
	listener, err := listenLoopback(address)
	if err != nil {
		return 0, err
	}
	server := &http.Server{Handler: fake, ReadHeaderTimeout: 10 * time.Second}
	stopped := make(chan error, 1)
	go func() { stopped <- server.Serve(listener) }()
	base := "http://" + listener.Addr().String() + vttest.BasePath

	code := 0
	if len(command) > 0 {
		code, err = execute(command, base, fake.Key(vttest.Owner), signals, stdout, stderr)
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
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = server.Shutdown(ctx) // A request still under way ends with the process.

	unit := "requests"
	count := len(fake.Requests())
	if count == 1 {
		unit = "request"
	}
	_, _ = fmt.Fprintf(stderr, "fakevt: %d %s\n", count, unit)
	return code, err
}

// listenLoopback listens on an address, which has to be a loopback address: the fixtures look like credentials and
// personal data.
func listenLoopback(address string) (net.Listener, error) {
	resolved, err := net.ResolveTCPAddr("tcp", address)
	if err != nil {
		return nil, err
	}
	if !resolved.IP.IsLoopback() {
		return nil, fmt.Errorf("%s is not on the loopback", address)
	}
	return net.ListenTCP("tcp", resolved)
}

// explanation returns shell commands that set the environment variables, for each user of the fake.
func explanation(fake *vttest.Server, base string) string {
	var w strings.Builder
	fmt.Fprintf(&w, "export VIRUSTOTAL_BASE_URL=%s\n", base)
	fmt.Fprintf(&w, "export VIRUSTOTAL_API_KEY=%s\n", fake.Key(vttest.Owner))
	fmt.Fprintf(&w, "\n# That is %s, head of security of %s, who sees the whole company.\n", vttest.Owner, vttest.Company)
	fmt.Fprintln(&w, "# The same world through the keys of others:")
	for _, other := range []struct{ id, sees string }{
		{vttest.Admin, "the company's other admin: every member's e-mail, last login and quotas"},
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
	cmd.Env = append(environment(os.Environ()), "VIRUSTOTAL_BASE_URL="+base, "VIRUSTOTAL_API_KEY="+key)
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

// environment returns the variables without those that set another base URL or API key.
func environment(variables []string) []string {
	return slices.DeleteFunc(slices.Clone(variables), func(variable string) bool {
		name, _, _ := strings.Cut(variable, "=")
		return slices.Contains([]string{"VIRUSTOTAL_BASE_URL", "VIRUSTOTAL_API_KEY", "VT_API_KEY", "VTCLI_APIKEY"}, name)
	})
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
