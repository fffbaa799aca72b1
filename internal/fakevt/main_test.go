// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// TestMain lets the test binary act as the command that fakevt runs.
func TestMain(m *testing.M) {
	switch os.Getenv("FAKEVT_TEST_COMMAND") {
	case "":
		os.Exit(m.Run())
	case "read":
		os.Exit(read("/users/"+os.Getenv("VIRUSTOTAL_API_KEY"), "/users/marit/groups"))
	case "team":
		os.Exit(read("/groups/puffin_crew/users"))
	case "changed":
		os.Exit(read("/users/ingrid"))
	case "fail":
		os.Exit(3)
	case "wait":
		signals := make(chan os.Signal, 1)
		signal.Notify(signals, syscall.SIGTERM)
		_, _ = fmt.Fprintln(os.Stdout, "ready")
		<-signals
		os.Exit(7)
	case "die":
		process, err := os.FindProcess(os.Getpid())
		if err == nil {
			_ = process.Kill()
		}
		select {} // until the signal arrives
	}
}

// read sends requests with the URL and API key in the environment, as the provider does.
func read(paths ...string) int {
	base, key := os.Getenv("VIRUSTOTAL_BASE_URL"), os.Getenv("VIRUSTOTAL_API_KEY")
	for _, path := range paths {
		request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, base+path, http.NoBody)
		if err != nil {
			return 100
		}
		request.Header.Set("x-apikey", key)
		response, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			return 101
		}
		_ = response.Body.Close()
		fmt.Fprintln(os.Stdout, response.StatusCode)
	}
	return 0
}

func TestCommand(t *testing.T) {
	t.Setenv("VIRUSTOTAL_API_KEY", "mine")
	t.Setenv("VIRUSTOTAL_BASE_URL", "https://mine.example")
	for command, want := range map[string]struct {
		code           int
		stdout, stderr string
	}{
		"read": {0, "200\n200\n", "fakevt: 2 requests\n"},
		"fail": {3, "", "fakevt: 0 requests\n"},
		"die":  {128 + 9, "", "fakevt: 0 requests\n"},
	} {
		t.Run(command, func(t *testing.T) {
			t.Setenv("FAKEVT_TEST_COMMAND", command)
			var stdout, stderr bytes.Buffer
			code := run([]string{os.Args[0]}, nil, &stdout, &stderr)
			if code != want.code || stdout.String() != want.stdout || stderr.String() != want.stderr {
				t.Errorf("got %d, %q, %q, want %+v", code, &stdout, &stderr, want)
			}
		})
	}
}

// TestTeam serves a generated team.
func TestTeam(t *testing.T) {
	t.Setenv("FAKEVT_TEST_COMMAND", "team")
	var stdout, stderr bytes.Buffer
	code := run([]string{"-team", "30", os.Args[0]}, nil, &stdout, &stderr)
	if want := "fakevt: the team is the group puffin_crew\nfakevt: 1 request\n"; code != 0 || stdout.String() != "200\n" || stderr.String() != want {
		t.Errorf("got %d, %q, %q", code, &stdout, &stderr)
	}
}

// TestChanged serves the company as it is one day later.
func TestChanged(t *testing.T) {
	t.Setenv("FAKEVT_TEST_COMMAND", "changed")
	for _, test := range []struct {
		args []string
		want string
	}{{nil, "404\n"}, {[]string{"-day", "2"}, "200\n"}} {
		var stdout bytes.Buffer
		code := run(append(test.args, os.Args[0]), nil, &stdout, io.Discard)
		if code != 0 || !strings.HasPrefix(stdout.String(), test.want) {
			t.Errorf("%q: got %d, %q", test.args, code, &stdout)
		}
	}
}

func TestForwardedSignal(t *testing.T) {
	t.Setenv("FAKEVT_TEST_COMMAND", "wait")
	signals := make(chan os.Signal)
	output, stdout := io.Pipe()
	go func() {
		_, _ = bufio.NewReader(output).ReadString('\n') // The command is ready.
		signals <- syscall.SIGTERM
	}()
	if code := run([]string{os.Args[0]}, signals, stdout, io.Discard); code != 7 {
		t.Errorf("got exit code %d, want the command's own 7", code)
	}
}

func TestServeUntilSignal(t *testing.T) {
	signals := make(chan os.Signal)
	output, stdout := io.Pipe()
	var stderr bytes.Buffer
	code := make(chan int)
	go func() {
		code <- run(nil, signals, stdout, &stderr)
		_ = stdout.Close()
	}()

	lines := bufio.NewScanner(output)
	exported := func(name string) string {
		t.Helper()
		lines.Scan()
		value, ok := strings.CutPrefix(lines.Text(), "export "+name+"=")
		if !ok {
			t.Fatalf("got %q, want an export of %s", lines.Text(), name)
		}
		return value
	}
	base, key := exported("VIRUSTOTAL_BASE_URL"), exported("VIRUSTOTAL_API_KEY")
	if want := vttest.New().Key(vttest.SecurityHead); key != want {
		t.Errorf("got the key %q, want the owner's, %q", key, want)
	}
	rest := make(chan string)
	go func() {
		var text strings.Builder
		for lines.Scan() {
			text.WriteString(lines.Text() + "\n")
		}
		rest <- text.String()
	}()

	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/users/"+vttest.SecurityHead, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("x-apikey", key)
	transport := &http.Transport{}
	response, err := transport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("got %s", response.Status)
	}

	signals <- os.Interrupt
	select {
	case code := <-code:
		if code != 0 {
			t.Errorf("got exit code %d, want 0", code)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("it is still serving")
	}
	if got, want := stderr.String(), "fakevt: 1 request\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	text := <-rest
	for _, id := range []string{vttest.Admin, vttest.Member, vttest.Stranger, vttest.ServiceAccount} {
		if want := "# export VIRUSTOTAL_API_KEY=" + vttest.New().Key(id); !strings.Contains(text, want) {
			t.Errorf("the key of %s is not among\n%s", id, text)
		}
	}
	if response, err := transport.RoundTrip(request); err == nil {
		_ = response.Body.Close()
		t.Error("the server still answers")
	}
}

func TestInvalidCommands(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		args []string
		code int
		says string
	}{
		"no such port":    {[]string{"-port", "65536"}, 1, "listen tcp 127.0.0.1:65536"},
		"no port":         {[]string{"-port", "http"}, 2, "invalid value"},
		"small team":      {[]string{"-team", "5"}, 2, "-team must be at least 30"},
		"wrong time":      {[]string{"-now", "yesterday"}, 2, `invalid value "yesterday" for flag -now`},
		"unknown flag":    {[]string{"-verbose"}, 2, "Usage: fakevt"},
		"help":            {[]string{"-help"}, 0, "Usage: fakevt"},
		"no such command": {[]string{"./no-such-command"}, 1, "no-such-command"},
	} {
		t.Run(name, func(t *testing.T) {
			var stderr bytes.Buffer
			code := run(test.args, nil, io.Discard, &stderr)
			if code != test.code || !strings.Contains(stderr.String(), test.says) {
				t.Errorf("got %d and %q, want %d and %q", code, &stderr, test.code, test.says)
			}
		})
	}
}
