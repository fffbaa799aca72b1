// SPDX-License-Identifier: MPL-2.0

//go:build unix

package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// providers are the providers to compare, as source addresses without the host name.
var providers = [...]string{"virustotal/virustotal", "hashicorp/http"}

// latencies are the delays of each response.
var latencies = [...]time.Duration{0, 100 * time.Millisecond}

// A bench runs plans in a directory with the providers, without the user's CLI configuration.
type bench struct {
	dir, cli string
}

func newBench(dir string) (*bench, error) {
	cli, err := exec.LookPath(cmp.Or(os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform"))
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	b := &bench{dir, cli}
	wrappers := filepath.Join(dir, "wrappers")
	err = os.Mkdir(wrappers, 0o700)
	settings := "provider_installation {\n  dev_overrides {\n"
	for _, source := range providers {
		err = errors.Join(err, os.Symlink(self, filepath.Join(wrappers, wrapperPrefix+filepath.Base(source))))
		settings += fmt.Sprintf("    %q = %q\n", source, wrappers)
	}
	return b, errors.Join(err, os.WriteFile(filepath.Join(dir, "dev.tfrc"), []byte(settings+"  }\n}\n"), 0o600))
}

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

// measure runs all plans in each run, rather than one plan several times in a row, so that other load on the machine
// affects all plans alike.
func (b *bench) measure(ctx context.Context, plans []plan, runs int, progress io.Writer) ([]measurement, error) {
	measured := make([]measurement, len(plans))
	for i, p := range plans {
		measured[i].plan = p
	}
	fake := vttest.New()
	populate(fake)
	answers := &replay{handler: fake, answers: map[string]*httptest.ResponseRecorder{}}
	server := httptest.NewServer(answers)
	defer server.Close()
	variables := []string{
		"VIRUSTOTAL_BASE_URL=" + server.URL + vttest.BasePath, "TF_VAR_base_url=" + server.URL + vttest.BasePath,
		"VIRUSTOTAL_API_KEY=" + fake.Key(vttest.Owner), "TF_VAR_api_key=" + fake.Key(vttest.Owner),
	}
	for run := range runs + 1 { // Run 0 fills the caches and is not measured.
		for i := range measured {
			for j, configuration := range measured[i].configurations {
				for k, latency := range latencies {
					if run == 0 && k > 0 {
						continue
					}
					answers.latency = latency
					before := answers.requests.Load()
					s, err := b.plan(ctx, configuration, variables)
					if err != nil {
						return nil, fmt.Errorf("%s, by %s: %w", measured[i].title, providers[j], err)
					}
					s.requests = answers.requests.Load() - before
					_, _ = fmt.Fprintf(progress, "run %d of %d: %s, by %s, %v: %v\n",
						run, runs, measured[i].title, providers[j], latency, s.wall.Round(time.Millisecond))
					if run > 0 {
						measured[i].samples[j][k] = append(measured[i].samples[j][k], s)
					}
				}
			}
		}
	}
	return measured, nil
}

// plan plans a configuration, with additional environment variables.
func (b *bench) plan(ctx context.Context, configuration string, variables []string) (sample, error) {
	dir := filepath.Join(b.dir, "configuration")
	if err := errors.Join(os.MkdirAll(dir, 0o700), os.WriteFile(filepath.Join(dir, "main.tf"), []byte(configuration), 0o600)); err != nil {
		return sample{}, err
	}
	cmd := exec.CommandContext(ctx, b.cli, "-chdir="+dir, "plan", "-input=false", "-lock=false", "-no-color") //nolint:gosec // The caller selects the CLI.
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	cmd.Env = slices.DeleteFunc(os.Environ(), func(variable string) bool { // These change how plans run.
		return strings.HasPrefix(variable, "TF_") || strings.HasPrefix(variable, "VIRUSTOTAL_")
	})
	cmd.Env = append(cmd.Env, "TF_CLI_CONFIG_FILE="+filepath.Join(b.dir, "dev.tfrc"), "TF_IN_AUTOMATION=1", "CHECKPOINT_DISABLE=1", "TMPDIR="+b.dir)
	cmd.Env = append(cmd.Env, variables...)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output

	start := time.Now()
	err := cmd.Run()
	s := sample{wall: time.Since(start)}
	if err != nil {
		return s, fmt.Errorf("%w\n%s", err, output.String())
	}
	s.peak, err = recorded(filepath.Join(b.dir, peaks))
	return s, err
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
