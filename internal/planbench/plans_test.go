// SPDX-License-Identifier: MPL-2.0

//go:build unix

package planbench

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// A plan is a row of the table. It has one configuration per provider; both read the same data.
type plan struct {
	title          string
	configurations [len(providers)]string
}

const comments = 10_000

// sizes are the sizes of the groups. The users who are read one by one are members of the largest.
var sizes = [...]int{100, 500, 5000}

// group returns the id of the group with the given size.
func group(size int) string { return fmt.Sprintf("%s_%d", vttest.Crew, size) }

// populate adds the groups and comments that the plans read to the fake.
func populate(fake *vttest.Server) {
	for _, size := range sizes {
		fake.AddTeam(group(size), size)
	}
	all := make([]map[string]any, comments)
	for i := range all {
		text := fmt.Sprintf("Seen in the harbour for the %dth time, and no gull has flown since. #puffin", i)
		all[i] = map[string]any{"type": "comment", "id": fmt.Sprintf("u-%064x-%08x", i, i), "attributes": map[string]any{
			"date": 1767225600 + i, "text": text, "html": text, "tags": []string{"puffin"},
			"votes": map[string]int{"positive": i % 7, "negative": 0, "abuse": 0},
		}}
	}
	list, err := json.Marshal(all)
	if err != nil {
		panic(err)
	}
	fake.Set("/users/"+vttest.SecurityHead+"/comments", string(list))
}

// plans returns the rows of the table. Each plan has a precondition that fails if it did not read all objects.
func plans() []plan {
	all := []plan{
		byID("nothing", 0),
		byID("`virustotal_user` for 1 user", 1),
		byID("`virustotal_user` for 100, by `for_each`", 100),
		byID("`virustotal_user` for 500, by `for_each`", 500),
	}
	for _, size := range sizes {
		all = append(all, list(fmt.Sprintf("`virustotal_group_users` of %d", size), "virustotal_group_users", "group_id = "+fmt.Sprintf("%q", group(size)),
			"users", "groups/"+group(size)+"/users", size))
	}
	return append(all, list(fmt.Sprintf("`virustotal_user_comments` of %d", comments), "virustotal_user_comments", "",
		"comments", "users/"+vttest.SecurityHead+"/comments", comments))
}

// byID returns a plan that reads users one by one.
func byID(title string, users int) plan {
	block := `
data %q "user" {
  for_each = toset([for i in range(%d) : format("` + group(slices.Max(sizes[:])) + `_%%03d", i + 1)])
  %s
  lifecycle {
    postcondition {
      condition     = %s.quotas != null
      error_message = "The quotas are hidden."
    }
  }
}
`
	return plan{title, [...]string{
		header(0) + fmt.Sprintf(block, "virustotal_user", users, "id = each.key", "self") + whole("data.virustotal_user.user", users),
		header(1) + fmt.Sprintf(block, "http", users, request(`"users/${each.key}"`), "jsondecode(self.body).data.attributes") + whole("data.http.user", users),
	}}
}

// list returns a plan that reads a list. The http provider needs a block per page.
func list(title, source, argument, attribute, path string, size int) plan {
	var pages strings.Builder
	var names []string
	for page := range (size + 39) / 40 {
		url := `"` + path + `?limit=40"`
		if page > 0 {
			url = fmt.Sprintf(`"%s?limit=40&cursor=${urlencode(jsondecode(%s.body).meta.cursor)}"`, path, names[page-1])
		}
		fmt.Fprintf(&pages, "data \"http\" \"page_%d\" {\n  %s\n}\n", page, request(url))
		names = append(names, fmt.Sprintf("data.http.page_%d", page))
	}
	items := "concat([for page in [" + strings.Join(names, ", ") + "] : jsondecode(page.body).data]...)"
	return plan{title, [...]string{
		header(0) + fmt.Sprintf("data %q \"list\" {\n  %s\n}\n", source, argument) + whole("data."+source+".list."+attribute, size),
		header(1) + pages.String() + whole(items, size),
	}}
}

// header returns the beginning of a configuration for a provider.
func header(provider int) string {
	_, name, _ := strings.Cut(providers[provider], "/")
	return fmt.Sprintf("terraform {\n  required_providers {\n    %s = { source = %q }\n  }\n}\n", name, providers[provider]) +
		"variable \"base_url\" {}\nvariable \"api_key\" {}\n"
}

// request returns the arguments of a block of the http provider.
func request(url string) string {
	return fmt.Sprintf("url             = \"${var.base_url}/${%s}\"\n  request_headers = { x-apikey = var.api_key }", url)
}

// whole returns an output with a precondition that fails unless items has the given size.
func whole(items string, size int) string {
	return fmt.Sprintf(`
output "size" {
  value = length(%s)
  precondition {
    condition     = length(%[1]s) == %d
    error_message = "Not all were read."
  }
}
`, items, size)
}

const columns = "| A plan that reads | Requests | Time | Time, `data \"http\"` | Time at 100 ms | Time at 100 ms, `data \"http\"` | " +
	"Memory | Memory, `data \"http\"` |\n|---|--:|--:|--:|--:|--:|--:|--:|\n"

// table returns the table in Markdown. Times are relative to the first row's time without latency in the same run.
func table(measured []measurement) string {
	var w strings.Builder
	w.WriteString(columns)
	base := measured[0].samples[0][0]
	for _, m := range measured {
		fmt.Fprintf(&w, "| %s | %d", m.title, median(m.samples[0][0], func(_ int, s sample) int64 { return s.requests }))
		for latency := range latencies {
			for provider := range providers {
				ratio := median(m.samples[provider][latency], func(run int, s sample) float64 { return float64(s.wall) / float64(base[run].wall) })
				fmt.Fprintf(&w, " | %.1f", ratio)
			}
		}
		for provider := range providers {
			fmt.Fprintf(&w, " | %d MiB", median(m.samples[provider][0], func(_ int, s sample) int64 { return s.peak })>>20)
		}
		w.WriteString(" |\n")
	}
	fmt.Fprintf(&w, "\nTimes are for the whole plan, as a multiple of an empty plan (%d ms here). Memory is the provider's peak.\n"+
		"Each figure is the median of %d runs.\n",
		median(base, func(_ int, s sample) int64 { return s.wall.Milliseconds() }), len(base))
	return w.String()
}

// median returns the median of a figure of the samples. For an even number of samples it is the lower of the middle
// two.
func median[N cmp.Ordered](samples []sample, figure func(run int, s sample) N) N {
	figures := make([]N, len(samples))
	for run, s := range samples {
		figures[run] = figure(run, s)
	}
	slices.Sort(figures)
	return figures[(len(figures)-1)/2]
}
