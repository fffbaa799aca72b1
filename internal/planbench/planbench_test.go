// SPDX-License-Identifier: MPL-2.0

//go:build unix

package main

import (
	"errors"
	"io"
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

// TestMain lets the test binary be the wrapper, as planbench is, and the provider that it wraps.
func TestMain(m *testing.M) {
	switch {
	case filepath.Base(os.Args[0]) == wrapperName:
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
	name := filepath.Join(t.TempDir(), wrapperName)
	if err := os.Symlink(self, name); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), name, "-debug", "more")
	cmd.Env = append(os.Environ(), "PLANBENCH_TEST="+does, wrappedVariable+"="+self, usageVariable+"="+usageFile)
	return cmd
}

func TestWrapperRecordsUsage(t *testing.T) {
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
	if err != nil || len(used) != 2 {
		t.Fatalf("got %v, %v", used, err)
	}
	for _, u := range used {
		if u.CPU <= 0 || u.CPU > time.Minute || u.Peak < 1<<20 || u.Peak > 1<<33 {
			t.Errorf("got %v", u)
		}
	}
	if again, err := recorded(file); err != nil || again != nil {
		t.Errorf("what was taken is still there: %v, %v", again, err)
	}
}

func TestWrapperOfAKilledProvider(t *testing.T) {
	file := filepath.Join(t.TempDir(), "usage")
	err := wrapped(t, "die", file).Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != 1 {
		t.Errorf("got %v", err)
	}
	if used, err := recorded(file); err != nil || len(used) != 1 {
		t.Errorf("got %v, %v", used, err)
	}
}

func TestPlansTable(t *testing.T) {
	plan := func(requests, wall, cpu int, peak int64) sample {
		return sample{requests, time.Duration(wall) * time.Millisecond, 3, time.Duration(cpu) * time.Millisecond, peak << 20}
	}
	got := plansTable(
		[]team{{title: "empty"}, {title: "a team"}},
		[]time.Duration{0, 100 * time.Millisecond},
		[][][]sample{
			{{plan(0, 30, 3, 1), plan(0, 10, 1, 2), plan(0, 20, 2, 3)}, {plan(0, 30, 3, 1), plan(0, 40, 2, 2), plan(0, 50, 4, 4)}},
			{{plan(13, 1300, 60, 60), plan(13, 1200, 80, 80), plan(13, 1250, 70, 70)}, {plan(13, 2600, 1, 1), plan(13, 2700, 1, 1), plan(13, 2650, 1, 1)}},
		})
	const want = `| Plan | Requests at 0 ms | Time at 0 ms | CPU at 0 ms | Memory at 0 ms | Requests at 100 ms | Time at 100 ms | CPU at 100 ms | Memory at 100 ms |
|---|--:|--:|--:|--:|--:|--:|--:|--:|
| empty | 0 | 10 ms | 2 ms | 2.0 MiB | 0 | 30 ms | 3 ms | 2.0 MiB |
| a team | 13 | 1200 ms | 70 ms | 70.0 MiB | 13 | 2600 ms | 1 ms | 1.0 MiB |

Time is`
	if !strings.HasPrefix(got, want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestStartsTable(t *testing.T) {
	at := func(ms int) start {
		d := time.Duration(ms) * time.Millisecond
		return start{d, usage{d, int64(ms) << 20}, sample{wall: d, starts: 3, cpu: d, peak: int64(ms) << 20}}
	}
	got := startsTable([]start{at(10), at(1), at(20)}, []start{at(11), at(30), at(2)})
	for _, want := range []string{
		"| Time to the handshake | 10.0 ms | 11.0 ms | 1.10 |\n",
		"| Memory of a plan that reads nothing | 10.0 MiB | 11.0 MiB | 1.10 |\n",
		"Medians of 3 runs",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
}

// The team is what a plan asserts it to be: whole, and with quotas that an admin sees.
func TestAddTeam(t *testing.T) {
	fake := vttest.New()
	addTeam(fake, 500)
	for path, want := range map[string]int{"/users/member_499": 1, "/groups/" + vttest.Company + "/users?limit=40": 40} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, vttest.BasePath+path, http.NoBody)
		r.Header.Set("X-Apikey", fake.Key(vttest.Owner))
		w := httptest.NewRecorder()
		delayed(fake, time.Millisecond).ServeHTTP(w, r)
		if got := strings.Count(w.Body.String(), `"api_requests_daily"`); w.Code != http.StatusOK || got != want {
			t.Errorf("%s: got %d with %d users' quotas, want %d", path, w.Code, got, want)
		}
	}
}
