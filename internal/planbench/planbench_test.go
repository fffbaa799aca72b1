// SPDX-License-Identifier: MPL-2.0

//go:build unix

package main

import (
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// TestMain lets the test binary act as the wrapper, and as the wrapped provider.
func TestMain(m *testing.M) {
	switch {
	case filepath.Base(filepath.Dir(os.Args[0])) == "wrappers":
		os.Exit(wrap(os.Args[1:], os.Stderr))
	case os.Getenv("PLANBENCH_TEST") == "die":
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {} // Until the signal arrives.
	case os.Getenv("PLANBENCH_TEST") == "echo":
		for start := time.Now(); time.Since(start) < 20*time.Millisecond; {
			_ = strings.Repeat("x", 1<<20) // Something to count.
		}
		_, _ = io.Copy(os.Stdout, os.Stdin)
		os.Exit(len(os.Args))
	}
	os.Exit(m.Run())
}

func wrapped(t *testing.T, does, usageFile string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	wrappers, providers := filepath.Join(t.TempDir(), "wrappers"), t.TempDir()
	name := wrapperPrefix + "any"
	for _, dir := range []string{wrappers, providers} {
		if err := errors.Join(os.MkdirAll(dir, 0o700), os.Symlink(self, filepath.Join(dir, name))); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), filepath.Join(wrappers, name), "-debug", "more")
	cmd.Env = append(os.Environ(), "PLANBENCH_TEST="+does, wrappedVariable+"="+providers, usageVariable+"="+usageFile)
	return cmd
}

func TestWrapperRecordsUsage(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "usage")
	for range 2 {
		cmd := wrapped(t, "echo", file)
		cmd.Stdin = strings.NewReader("through")
		out, err := cmd.Output()
		if exit, ok := errors.AsType[*exec.ExitError](err); string(out) != "through" || !ok || exit.ExitCode() != 3 {
			t.Fatalf("got %q, %v", out, err)
		}
	}
	used, err := recorded(file)
	if err != nil || used.CPU < 40*time.Millisecond || used.CPU > time.Minute || used.Peak < 1<<20 || used.Peak > 1<<33 {
		t.Errorf("two processes used %v, %v", used, err)
	}
	if again, err := recorded(file); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the file is still there: %v, %v", again, err)
	}
}

func TestWrapperOfAKilledProvider(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "usage")
	err := wrapped(t, "die", file).Run()
	if _, ok := errors.AsType[*exec.ExitError](err); !ok {
		t.Errorf("got %v", err)
	}
	if used, err := recorded(file); err != nil || used.Peak == 0 {
		t.Errorf("got %v, %v", used, err)
	}
}

func TestTable(t *testing.T) {
	t.Parallel()
	samples := func(requests, peak int64, wall ...int) []sample {
		all := make([]sample, len(wall))
		for i := range wall {
			all[i] = sample{requests, time.Duration(wall[i]) * time.Millisecond, usage{Peak: peak << 20}}
		}
		return all
	}
	got := table([]measurement{
		{plan{title: "nothing"}, [2][2][]sample{
			{samples(0, 20, 200, 100, 400), samples(0, 20, 200, 100, 400)},
			{samples(0, 18, 100, 100, 400), samples(0, 18, 200, 100, 400)},
		}},
		{plan{title: "a team"}, [2][2][]sample{
			{samples(13, 50, 500, 250, 1200), samples(13, 50, 2000, 1000, 4000)},
			{samples(14, 70, 1000, 600, 1600), samples(14, 70, 3000, 1500, 6000)},
		}},
	})
	const want = columns + `| nothing | 0 | 1.0 | 1.0 | 1.0 | 1.0 | 20 MiB | 18 MiB |
| a team | 13 | 2.5 | 5.0 | 10.0 | 15.0 | 50 MiB | 70 MiB |

Time is that of the whole plan as a ratio to the first row's, 200 ms here; each figure is the median of 3 runs in turns. Memory is the most that the provider took.
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestREADMEHasTheTable checks the head and the rows of the README's table.
func TestREADMEHasTheTable(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rows, found := strings.Cut(string(readme), "\n"+columns)
	if !found {
		t.Fatalf("the README's table does not begin with\n%s", columns)
	}
	for _, p := range plans() {
		var row string
		row, rows, _ = strings.Cut(rows, "\n")
		if !strings.HasPrefix(row, "| "+p.title+" | ") {
			t.Errorf("the README's row is %q, want the one of %s", row, p.title)
		}
	}
}

// TestReplay checks that the fake answers a repeated request once.
func TestReplay(t *testing.T) {
	t.Parallel()
	fake := vttest.New()
	server := httptest.NewServer(&replay{handler: fake, latency: time.Millisecond, answers: map[string]*httptest.ResponseRecorder{}})
	defer server.Close()
	for range 2 {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+vttest.BasePath+"/users/"+vttest.Owner, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Apikey", fake.Key(vttest.Owner))
		answer, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		if err = errors.Join(err, answer.Body.Close()); err != nil || !strings.Contains(string(body), `"id":"`+vttest.Owner+`"`) {
			t.Errorf("got %s, %v", body, err)
		}
	}
	if got := len(fake.Requests()); got != 1 {
		t.Errorf("the fake answered %d times", got)
	}
}
