// SPDX-License-Identifier: MPL-2.0

//go:build unix

// Package planbench measures whole plans against a fake VirusTotal: with this provider and, for comparison, with
// HashiCorp's http provider. It runs the real Terraform or OpenTofu, and prints the table in the README. make bench runs
// it: three runs of each plan take about ten minutes.
package planbench

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/virustotal/terraform-provider-virustotal/internal/tftest"
	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// providers are the providers to compare, as source addresses without the host name.
var providers = [...]string{"virustotal/virustotal", "hashicorp/http"}

// packages are the Go packages of the providers. The http provider is in no go.mod, because only this benchmark needs
// it. go install cannot build its later versions, because of their module path.
var packages = [len(providers)]string{"../..", "github.com/terraform-providers/terraform-provider-http@v1.2.0"}

// latencies are the delays of each response.
var latencies = [...]time.Duration{0, 100 * time.Millisecond}

// A sample is the measurement of one run of a plan.
type sample struct {
	requests int64
	wall     time.Duration
	peak     int64 // Memory of the provider's largest process, in bytes.
}

// A measurement has a plan's samples by provider and latency, one per run.
type measurement struct {
	plan
	samples [len(providers)][len(latencies)][]sample
}

// BenchmarkPlans runs all plans in each run, rather than one plan several times in a row, so that other load on the
// machine affects all plans alike.
func BenchmarkPlans(b *testing.B) {
	dir := b.TempDir()
	rc := install(b, dir)
	fake := vttest.New()
	populate(fake)
	answers := &replay{handler: fake, answers: map[string]*httptest.ResponseRecorder{}}
	server := httptest.NewServer(answers)
	defer server.Close()
	run := func(configuration string, latency time.Duration) sample {
		cli := tftest.New(b, configuration, "TF_CLI_CONFIG_FILE="+rc,
			"VIRUSTOTAL_BASE_URL="+server.URL+vttest.BasePath, "TF_VAR_base_url="+server.URL+vttest.BasePath,
			"VIRUSTOTAL_API_KEY="+fake.Key(vttest.SecurityHead), "TF_VAR_api_key="+fake.Key(vttest.SecurityHead))
		answers.latency = latency
		before := answers.requests.Load()
		start := time.Now()
		cli.Succeed("plan", "-input=false", "-lock=false", "-no-color")
		s := sample{wall: time.Since(start), requests: answers.requests.Load() - before}
		var err error
		if s.peak, err = recorded(filepath.Join(dir, peaks)); err != nil {
			b.Fatal(err)
		}
		return s
	}

	var measured []measurement
	for _, p := range plans() {
		measured = append(measured, measurement{plan: p})
		for _, configuration := range p.configurations {
			run(configuration, 0) // Fills the caches.
		}
	}
	for b.Loop() {
		for i, m := range measured {
			for j, configuration := range m.configurations {
				for k, latency := range latencies {
					s := run(configuration, latency)
					measured[i].samples[j][k] = append(measured[i].samples[j][k], s)
					_, _ = fmt.Fprintf(os.Stderr, "%s, by %s, at %v: %v\n", m.title, providers[j], latency, s.wall.Round(time.Millisecond))
				}
			}
		}
	}
	fmt.Fprintln(os.Stdout, table(measured))
}

// install installs the providers in a directory, with wrappers that record their memory. It returns the name of a CLI
// configuration that uses the wrappers.
func install(b *testing.B, dir string) string {
	b.Helper()
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	wrappers := filepath.Join(dir, "wrappers")
	if err := os.Mkdir(wrappers, 0o700); err != nil {
		b.Fatal(err)
	}
	for i, source := range providers {
		build := exec.CommandContext(b.Context(), "go", "install", "-trimpath", "-ldflags", "-s -w", packages[i])
		build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOBIN="+dir)
		if output, err := build.CombinedOutput(); err != nil {
			b.Fatalf("cannot build %s: %v\n%s", source, err, output)
		}
		if err := os.Symlink(self, filepath.Join(wrappers, "terraform-provider-"+filepath.Base(source))); err != nil {
			b.Fatal(err)
		}
	}
	return tftest.DevOverrides(b, wrappers, providers[:]...)
}

// A replay is a handler that caches the responses of another one, so that the work of the fake is not measured.
type replay struct {
	handler  http.Handler
	latency  time.Duration // Changes only between plans.
	requests atomic.Int64
	mu       sync.Mutex
	answers  map[string]*httptest.ResponseRecorder // By URL and encoding.
}

func (p *replay) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.requests.Add(1)
	select {
	case <-time.After(p.latency):
	case <-r.Context().Done():
	}
	key := r.URL.String() + r.Header.Get("Accept-Encoding")
	p.mu.Lock()
	answer, ok := p.answers[key]
	if !ok {
		answer = httptest.NewRecorder()
		p.handler.ServeHTTP(answer, r)
		p.answers[key] = answer
	}
	p.mu.Unlock()
	maps.Copy(w.Header(), answer.Header())
	w.WriteHeader(answer.Code)
	_, _ = io.Copy(w, bytes.NewReader(answer.Body.Bytes())) // The client may have gone.
}
