// SPDX-License-Identifier: MPL-2.0

// Package planbench asks one question with this provider and with HashiCorp's http provider, and measures what each
// needs for the same answer. It runs the real Terraform or OpenTofu against a fake VirusTotal, and prints rows of the
// README's table. make bench runs it.
package planbench

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/virustotal/terraform-provider-virustotal/internal/tftest"
	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// A contender is a provider with a configuration that answers the question: who has not logged in since var.since, or
// has used 90 % of a quota? The configurations check their answer against var.answer, and var.group has var.members.
type contender struct {
	source        string // Without the host name.
	goPackage     string
	configuration func(members int) string
}

var contenders = [...]contender{
	{"virustotal/virustotal", "../..", byVirusTotal},
	// This provider is in no go.mod, because only the benchmark needs it. go install cannot build its later versions,
	// because of their module path.
	{"hashicorp/http", "github.com/terraform-providers/terraform-provider-http@v1.2.0", byHTTP},
}

// sizes are the sizes of the groups; 0 is a plan that reads nothing.
var sizes = [...]int{0, 100, 500, 5000}

// latencies are the delays of each response.
var latencies = [...]time.Duration{0, 100 * time.Millisecond}

const variables = `
variable "base_url" {}
variable "api_key" {}
variable "group" {}
variable "since" {}
variable "answer" { type = set(string) }
`

const answer = `
output "ids" {
  value = local.ids
  precondition {
    condition     = toset(local.ids) == var.answer
    error_message = "The answer is wrong: ${join(", ", local.ids)}"
  }
}
`

func byVirusTotal(members int) string {
	if members == 0 {
		return variables
	}
	return variables + `
data "virustotal_group_users" "members" {
  group_id   = var.group
  attributes = ["last_login", "quotas"]
}

locals {
  ids = [
    for member in data.virustotal_group_users.members.users : member.id
    if try(timecmp(member.last_login, var.since) < 0, true) || anytrue([for quota in member.quotas : quota.utilization >= 0.9])
  ]
}
` + answer
}

// byHTTP returns a configuration with a block for each page, since data "http" does not follow cursors.
func byHTTP(members int) string {
	if members == 0 {
		return variables
	}
	const block = `
data "http" "page_%d" {
  url             = %s
  request_headers = { x-apikey = var.api_key }
}
`
	const url = `"${var.base_url}/groups/${var.group}/users?limit=40&attributes=last_login,quotas`
	var w strings.Builder
	var bodies []string
	for page := range (members + 39) / 40 {
		address := url + `"`
		if page > 0 {
			address = fmt.Sprintf(url+`&cursor=${urlencode(jsondecode(data.http.page_%d.body).meta.cursor)}"`, page-1)
		}
		fmt.Fprintf(&w, block, page, address)
		bodies = append(bodies, fmt.Sprintf("    jsondecode(data.http.page_%d.body).data,\n", page))
	}
	return variables + w.String() + `
locals {
  members = concat(
` + strings.Join(bodies, "") + `  )
  ids = [
    for member in local.members : member.id
    if try(timecmp(timeadd("1970-01-01T00:00:00Z", "${member.attributes.last_login}s"), var.since) < 0, true) || anytrue([
      for quota in member.attributes.quotas : quota.allowed > 0 ? quota.used / quota.allowed >= 0.9 : quota.used > 0
    ])
  ]
}
` + answer
}

// A sample is the measurement of one plan.
type sample struct {
	requests int64
	wall     time.Duration
}

// BenchmarkPlans runs all plans in each run, rather than one plan several times in a row, so that other load on the
// machine affects all plans alike.
func BenchmarkPlans(b *testing.B) {
	rc := install(b)
	fake := vttest.New()
	answers := &replay{handler: fake, answers: map[string]*httptest.ResponseRecorder{}}
	server := httptest.NewServer(answers)
	defer server.Close()

	// prepare returns a CLI with the contender's plan for a group.
	prepare := func(c contender, members int) *tftest.CLI {
		group, expected := fmt.Sprintf("%s_%d", vttest.Crew, members), "[]"
		if members > 0 {
			team := fake.AddTeam(group, members)
			ids, err := json.Marshal(slices.Concat(team.Dormant, team.NeverLoggedIn, team.NearlyUsedUp))
			if err != nil {
				b.Fatal(err)
			}
			expected = string(ids)
		}
		return tftest.New(b, tftest.Require(c.source)+c.configuration(members), "TF_CLI_CONFIG_FILE="+rc,
			"VIRUSTOTAL_BASE_URL="+server.URL+vttest.BasePath, "TF_VAR_base_url="+server.URL+vttest.BasePath,
			"VIRUSTOTAL_API_KEY="+fake.Key(vttest.SecurityHead), "TF_VAR_api_key="+fake.Key(vttest.SecurityHead),
			"TF_VAR_group="+group, "TF_VAR_answer="+expected,
			"TF_VAR_since="+time.Now().AddDate(0, 0, -90).UTC().Format(time.RFC3339))
	}
	run := func(cli *tftest.CLI, latency time.Duration) sample {
		answers.latency = latency
		before, start := answers.requests.Load(), time.Now()
		cli.Succeed("plan", "-input=false", "-lock=false", "-no-color", "-out=plan")
		return sample{answers.requests.Load() - before, time.Since(start)}
	}

	var plans [len(sizes)][len(contenders)]*tftest.CLI
	var samples [len(sizes)][len(contenders)][len(latencies)][]sample
	for i, members := range sizes {
		for j, c := range contenders {
			plans[i][j] = prepare(c, members)
			run(plans[i][j], 0) // Fills the caches.
			leaks := strings.Contains(plans[i][j].Succeed("show", "-json", "plan"), `"x-apikey":"`+fake.Key(vttest.SecurityHead))
			b.Logf("%d members, %s: %d lines, API key in the state: %t", members, c.source, lines(c.configuration(members)), leaks)
		}
	}
	for b.Loop() {
		for i := range sizes {
			for j := range contenders {
				for k, latency := range latencies {
					samples[i][j][k] = append(samples[i][j][k], run(plans[i][j], latency))
				}
			}
		}
	}

	base := samples[0][0][0]
	for i, members := range sizes {
		row := fmt.Sprintf("| %d |", members)
		for j, c := range contenders {
			row += fmt.Sprintf(" %d | %d |", lines(c.configuration(members)), samples[i][j][0][0].requests)
			for k := range latencies {
				row += fmt.Sprintf(" %.1f |", median(samples[i][j][k], base))
			}
		}
		fmt.Fprintln(os.Stdout, row)
	}
	fmt.Fprintf(os.Stdout, "%d runs; an empty plan takes %v\n", len(base), base[len(base)/2].wall.Round(time.Millisecond))
}

// lines returns the number of lines that somebody has to write: without blank ones, and without those that pass and
// compare the benchmark's variables.
func lines(configuration string) int {
	own, _, _ := strings.Cut(strings.TrimPrefix(configuration, variables), answer)
	return len(slices.DeleteFunc(strings.Split(own, "\n"), func(line string) bool { return strings.TrimSpace(line) == "" }))
}

// median returns the median of the samples' times, each as a multiple of the base of the same run. For an even number of
// samples it is the lower of the middle two.
func median(samples, base []sample) float64 {
	ratios := make([]float64, len(samples))
	for run := range samples {
		ratios[run] = float64(samples[run].wall) / float64(base[run].wall)
	}
	slices.SortFunc(ratios, cmp.Compare)
	return ratios[(len(ratios)-1)/2]
}

// install installs the providers, and returns the name of a CLI configuration that uses them.
func install(b *testing.B) string {
	b.Helper()
	dir := b.TempDir()
	var sources []string
	for _, c := range contenders {
		build := exec.CommandContext(b.Context(), "go", "install", "-trimpath", "-ldflags", "-s -w", c.goPackage)
		build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOBIN="+dir)
		if output, err := build.CombinedOutput(); err != nil {
			b.Fatalf("cannot build %s: %v\n%s", c.source, err, output)
		}
		sources = append(sources, c.source)
	}
	return tftest.DevOverrides(b, dir, sources...)
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
