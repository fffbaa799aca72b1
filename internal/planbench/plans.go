// SPDX-License-Identifier: MPL-2.0

//go:build unix

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// A team is a configuration that reads so many users in one of the ways there are.
type team struct {
	title         string
	size          int
	configuration string
}

const noTeam = `
terraform {
  required_providers {
    virustotal = {
      source = "virustotal/virustotal"
    }
  }
}

provider "virustotal" {}
`

// teams are the rows of the table. Each plan asserts that it has read the whole team, and what an admin alone
// sees of it.
func teams(short bool) []team {
	sizes := []int{1, 10, 100, 500}
	if short {
		sizes = sizes[:2]
	}
	all := []team{
		{title: "empty configuration", configuration: noTeam},
		{title: "`virustotal_user` for none", configuration: nobody},
	}
	for _, size := range sizes {
		all = append(all, team{
			title:         fmt.Sprintf("`virustotal_user` for %d", size),
			size:          size,
			configuration: users(size) + assertion(size, "data.virustotal_user.team"),
		})
	}
	for _, size := range sizes {
		all = append(all, team{
			title: fmt.Sprintf("`virustotal_group_users` of %d", size),
			size:  size,
			configuration: noTeam + fmt.Sprintf(`
data "virustotal_group_users" "team" {
  group_id = %q
}
`, vttest.Company) + assertion(size, "data.virustotal_group_users.team.users"),
		})
	}
	return all
}

// nobody is a configuration that reads nothing, for which Terraform does all that it does for one that reads.
// For an empty one it does less: it starts the provider only once.
var nobody = users(0)

func users(size int) string {
	return noTeam + fmt.Sprintf(`
data "virustotal_user" "team" {
  for_each = toset([for i in range(%d) : format(%q, i)])
  id       = each.key
}
`, size, memberID)
}

func assertion(size int, users string) string {
	return fmt.Sprintf(`
output "size" {
  value = %[1]d
  precondition {
    condition     = length([for user in %[2]s : user if user.quotas != null]) == %[1]d
    error_message = "The team, or its quotas, are not all there."
  }
}
`, size, users)
}

// memberID is the format of the ids of a team's users.
const memberID = "member_%03d"

// comparePlans runs all plans as often as runs says and prints what they took.
func comparePlans(ctx context.Context, b *bench, teams []team, runs int, stdout, stderr io.Writer) error {
	latencies := []time.Duration{0, 100 * time.Millisecond}
	measured := make([][][]sample, len(teams)) // By team, latency and run.
	for i := range measured {
		measured[i] = make([][]sample, len(latencies))
	}
	// One run of all after the other, so that what else the machine does is spread over all of them.
	for run := range runs {
		for i, t := range teams {
			for j, latency := range latencies {
				fmt.Fprintf(stderr, "run %d of %d: %s, %s\n", run+1, runs, t.title, milliseconds(latency))
				s, err := planTeam(ctx, b, t, latency)
				if err != nil {
					return fmt.Errorf("%s: %w", t.title, err)
				}
				measured[i][j] = append(measured[i][j], s)
			}
		}
	}
	_, err := io.WriteString(stdout, plansTable(teams, latencies, measured))
	return err
}

// planTeam plans a team with a fake VirusTotal of its own.
func planTeam(ctx context.Context, b *bench, t team, latency time.Duration) (sample, error) {
	fake := vttest.New()
	addTeam(fake, t.size)
	server := httptest.NewServer(delayed(fake, latency))
	defer server.Close()
	s, err := b.plan(ctx, b.provider, t.configuration,
		"VIRUSTOTAL_BASE_URL="+server.URL+vttest.BasePath, "VIRUSTOTAL_API_KEY="+fake.Key(vttest.Owner))
	s.requests = len(fake.Requests())
	return s, err
}

// delayed answers after a while.
func delayed(h http.Handler, latency time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(latency):
			h.ServeHTTP(w, r)
		case <-r.Context().Done():
		}
	})
}

// addTeam makes so many generated users all the members of the company, whose admins see their quotas.
func addTeam(fake *vttest.Server, size int) {
	type dict = map[string]any
	references := []dict{}
	for i := range size {
		id := fmt.Sprintf(memberID, i)
		references = append(references, dict{"type": "user", "id": id})
		fake.Set("/users/"+id, asJSON(dict{"type": "user", "id": id, "attributes": dict{
			"apikey":         fmt.Sprintf("fa4e%060x", i+1),
			"email":          id + "@puffinferries.example",
			"first_name":     fmt.Sprintf("First %d", i),
			"last_name":      fmt.Sprintf("Last %d", i),
			"has_2fa":        i%2 == 0,
			"last_login":     1767225600 + i,
			"user_since":     1577836800 + i,
			"profile_phrase": "Over the sea and back by supper",
			"reputation":     i,
			"status":         "active",
			"preferences":    dict{"ui": dict{"theme": "sea"}},
			"privileges": dict{
				"intelligence": dict{"granted": true, "inherited_from": vttest.Company, "inherited_via": "api_quota_group"},
			},
			"quotas": dict{
				"api_requests_daily":             dict{"allowed": 30000, "used": i},
				"api_requests_hourly":            dict{"allowed": int64(60000000000), "used": i},
				"api_requests_monthly":           dict{"allowed": 900000, "used": i},
				"intelligence_downloads_monthly": dict{"allowed": 2000, "used": i},
				"intelligence_hunting_rules":     dict{"allowed": 500, "used": i},
				"intelligence_searches_monthly":  dict{"allowed": 3000, "used": i},
				"private_scans_monthly":          dict{"allowed": 200, "used": 0},
				"private_scans_per_minute":       dict{"allowed": 10, "used": 0},
			},
		}}))
	}
	fake.Set("/groups/"+vttest.Company+"/users", asJSON(references))
}

func asJSON(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func plansTable(teams []team, latencies []time.Duration, measured [][][]sample) string {
	var w strings.Builder
	w.WriteString("| Plan |")
	for _, latency := range latencies {
		fmt.Fprintf(&w, " Requests at %[1]s | Time at %[1]s | CPU at %[1]s | Memory at %[1]s |", milliseconds(latency))
	}
	w.WriteString("\n|---|" + strings.Repeat("--:|--:|--:|--:|", len(latencies)) + "\n")
	for i, t := range teams {
		fmt.Fprintf(&w, "| %s |", t.title)
		for j := range latencies {
			runs := measured[i][j]
			wall := runs[0].wall
			for _, run := range runs {
				wall = min(wall, run.wall)
			}
			fmt.Fprintf(&w, " %d | %s | %s | %s |",
				median(runs, func(s sample) int { return s.requests }),
				milliseconds(wall),
				milliseconds(median(runs, func(s sample) time.Duration { return s.cpu })),
				mebibytes(median(runs, func(s sample) int64 { return s.peak })))
		}
		w.WriteString("\n")
	}
	last := measured[len(teams)-1][0]
	fmt.Fprintf(&w, "\nTime is that of the whole plan, the least of %d runs. CPU is the sum over the processes of the provider, which a plan starts %d times"+
		" (the empty one: %d), memory that of the largest of them; both are medians.\n",
		len(last), last[0].starts, measured[0][0][0].starts)
	return w.String()
}
