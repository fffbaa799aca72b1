// SPDX-License-Identifier: MPL-2.0

//go:build unix

package planbench

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
		os.Exit(wrap(os.Args[0], os.Args[1:]))
	case os.Getenv("PLANBENCH_TEST") == "die":
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {} // Until the signal arrives.
	case os.Getenv("PLANBENCH_TEST") == "echo":
		_, _ = io.Copy(os.Stdout, os.Stdin)
		os.Exit(len(os.Args))
	}
	os.Exit(m.Run())
}

// wrapped returns a command that runs the test binary as a wrapped provider, and the name of the file with the peaks.
func wrapped(t *testing.T, does string) (*exec.Cmd, string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	wrapper := filepath.Join(dir, "wrappers", "any")
	err = errors.Join(os.Mkdir(filepath.Dir(wrapper), 0o700), os.Symlink(self, wrapper), os.Symlink(self, filepath.Join(dir, "any")))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), wrapper, "-debug", "more")
	cmd.Env = append(os.Environ(), "PLANBENCH_TEST="+does)
	return cmd, filepath.Join(dir, peaks)
}

func TestWrapperRecordsThePeak(t *testing.T) {
	t.Parallel()
	first, file := wrapped(t, "echo")
	second := exec.CommandContext(t.Context(), first.Path, first.Args[1:]...)
	second.Env = first.Env
	for _, cmd := range []*exec.Cmd{first, second} {
		cmd.Stdin = strings.NewReader("through")
		out, err := cmd.Output()
		if exit, ok := errors.AsType[*exec.ExitError](err); string(out) != "through" || !ok || exit.ExitCode() != 3 {
			t.Fatalf("got %q, %v", out, err)
		}
	}
	if peak, err := recorded(file); err != nil || peak < 1<<20 || peak > 1<<33 {
		t.Errorf("the larger of two peaks is %d, %v", peak, err)
	}
	if again, err := recorded(file); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the file is still there: %v, %v", again, err)
	}
}

func TestWrapperOfAKilledProvider(t *testing.T) {
	t.Parallel()
	cmd, file := wrapped(t, "die")
	if _, ok := errors.AsType[*exec.ExitError](cmd.Run()); !ok {
		t.Error("the wrapper succeeded")
	}
	if peak, err := recorded(file); err != nil || peak == 0 {
		t.Errorf("got %d, %v", peak, err)
	}
}

func TestRecorded(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), peaks)
	for content, want := range map[string]int64{"1\n": 1, "3\n40\n5\n": 40, "": 0, "3\nx\n": -1} {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := recorded(file); (err != nil) != (want < 0) || err == nil && got != want {
			t.Errorf("%q: got %d, %v", content, got, err)
		}
	}
}

func TestTable(t *testing.T) {
	t.Parallel()
	samples := func(requests, peak int64, wall ...int) []sample {
		all := make([]sample, len(wall))
		for i := range wall {
			all[i] = sample{requests, time.Duration(wall[i]) * time.Millisecond, peak << 20}
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

Times are for the whole plan, as a multiple of an empty plan (200 ms here). Memory is the provider's peak.
Each figure is the median of 3 runs.
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
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+vttest.BasePath+"/users/"+vttest.SecurityHead, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Apikey", fake.Key(vttest.SecurityHead))
		answer, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		if err = errors.Join(err, answer.Body.Close()); err != nil || !strings.Contains(string(body), `"id":"`+vttest.SecurityHead+`"`) {
			t.Errorf("got %s, %v", body, err)
		}
	}
	if got := len(fake.Requests()); got != 1 {
		t.Errorf("the fake answered %d times", got)
	}
}
