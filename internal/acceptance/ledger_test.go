// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/virustotal/terraform-provider-virustotal/internal/tftest"
)

var ledgerModule = filepath.Join(modulesDir, "ledger")

// ledgerCLI returns a CLI for a copy of the module ledger.
func ledgerCLI(t *testing.T) *cli {
	t.Helper()
	tftest.Needs(t, `required_version = ">= 1.5"`)
	c := newCLI(t, "")
	if err := os.Remove(filepath.Join(c.Dir, "main.tf")); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(ledgerModule, "*.tf"))
	if err != nil || len(files) == 0 {
		t.Fatal("there is no ledger", err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		c.WriteFile(filepath.Base(file), string(content))
	}
	if err := os.CopyFS(filepath.Join(c.Dir, "tests"), os.DirFS(filepath.Join(ledgerModule, "tests"))); err != nil {
		t.Fatal(err)
	}
	c.Succeed("init", "-no-color")
	return c
}

// contains checks that a text contains want, and none of not.
func contains(t *testing.T, printed, want string, not ...string) {
	t.Helper()
	if !strings.Contains(printed, want) {
		t.Errorf("%q is not in %s", want, printed)
	}
	for _, words := range not {
		if strings.Contains(printed, words) {
			t.Errorf("%q is in %s", words, printed)
		}
	}
}

// A line is a result in a report: "high alarm", "medium waived" or, with the controls that it leaves undecided, "high
// error dormant,no_2fa".
type line string

// A night is the report of a night, by ID.
type night map[string]line

// A nightReport is a night with what it looked at.
type nightReport struct {
	night
	groups   map[string]string // Group to the digest of its policy. Defaults to {"g": "1"}.
	skipped  []string          // Controls that are skipped.
	scope    string
	controls []string // Further controls of the catalogue.
	spent    bool     // Whether the groups are those of modules/spend, rather than audits.
}

// clocks are the clocks of the controls in these reports.
var clocks = map[string]string{
	"no_2fa": "2fa", "administrator_without_2fa": "2fa", "quota_used_up": "quota", "quota_runs_out": "quota",
}

// json returns the report as modules/report writes it.
func (r nightReport) json(at string) map[string]any {
	if r.groups == nil {
		r.groups = map[string]string{"g": "1"}
	}
	catalogue := append([]string{"dormant", "no_2fa", "administrator_without_2fa", "quota_used_up", "quota_runs_out", "unknown", "incomplete"}, r.controls...)
	results, groups, controls := map[string]any{}, map[string]any{}, map[string]any{}
	for group, digest := range r.groups {
		groups[group] = map[string]any{"group": group, "policy_sha256": digest}
		all := map[string]any{}
		for _, control := range catalogue {
			status := "ok"
			if slices.Contains(r.skipped, control) {
				status = "skip"
			}
			all[control] = map[string]any{"title": strings.ReplaceAll(control, "_", " "), "clock": clocks[control], "status": status}
		}
		controls[group] = all
	}
	for id, text := range r.night {
		parts := append(strings.Split(id, "/"), "")
		words := append(strings.Fields(string(text)), "")
		blocks := []string{}
		if words[2] != "" {
			blocks = strings.Split(words[2], ",")
		}
		results[id] = map[string]any{
			"group": parts[0], "control": parts[1], "who": parts[2], "owner": "", "severity": words[0], "status": words[1], "blocks": blocks,
			"why": "joe@puffinferries.example was seen.", "what": "", "reason": "", "approved_by": "", "until": "", "ticket": "",
		}
	}
	spends := map[string]any{}
	if r.spent {
		for group, evidence := range groups {
			spends[group] = map[string]any{"evidence": evidence}
		}
		groups = map[string]any{}
	}
	return map[string]any{
		"at": at, "scope": r.scope, "run": map[string]string{}, "groups": groups, "results": results, "controls": controls, "spends": spends,
	}
}

// write writes the report of a time and returns its name.
func (c *cli) write(at string, r nightReport) string {
	c.t.Helper()
	name := "report-" + strings.ReplaceAll(at, ":", "") + ".json"
	c.WriteFile(name, ascii(c.t, r.json(at)))
	return name
}

// A ledger applies reports, as ledger.sh does.
type ledger struct{ *cli }

// recorded is the output recorded.
type recorded struct {
	ChangedAt string `json:"changed_at"`
	Findings  map[string]struct {
		FirstSeen   string `json:"first_seen"`
		Severity    string
		Waived      bool
		NotLookedAt string `json:"not_looked_at"`
	}
	Policies map[string]string
	Last     struct {
		New, Gone, Worse, Eased []string
		PolicyChanged           []string `json:"policy_changed"`
	}
}

// recording has the outputs after a report.
type recording struct {
	recorded
	New, Gone, Worse, Eased []string
	PolicyChanged           []string
	Overdue, NotLookedAt    map[string]string
}

// plan plans a report and checks the detailed exit code. It returns the output on one line.
func (l *ledger) plan(want int, file string, variables ...string) string {
	l.t.Helper()
	arguments := []string{"plan", "-input=false", "-no-color", "-detailed-exitcode", "-out=plan", "-var=results=" + file}
	if _, err := os.Stat(filepath.Join(l.Dir, "recorded.tfvars.json")); err == nil {
		arguments = append(arguments, "-var-file=recorded.tfvars.json")
	} else {
		arguments = append(arguments, "-var=first=true")
	}
	for _, variable := range variables {
		arguments = append(arguments, "-var="+variable)
	}
	printed, exit := l.Run(arguments...)
	if exit != want {
		l.t.Fatalf("%s %q: exit code %d, want %d\n%s", file, variables, exit, want, printed)
	}
	return flat(printed)
}

// record applies the report of a time. changes says whether the plan has to have changes.
func (l *ledger) record(at string, r nightReport, changes bool, variables ...string) recording {
	l.t.Helper()
	want := 0
	if changes {
		want = 2
	}
	file := l.write(at, r)
	l.plan(want, file, variables...)
	l.Succeed("apply", "-no-color", "plan")
	var outputs map[string]struct{ Value json.RawMessage }
	if err := json.Unmarshal([]byte(l.Succeed("output", "-json")), &outputs); err != nil {
		l.t.Fatal(err)
	}
	l.WriteFile("recorded.tfvars.json", `{"recorded":`+string(outputs["recorded"].Value)+`}`)
	l.plan(0, file, variables...) // The same report again changes nothing.
	var o recording
	for name, into := range map[string]any{
		"recorded": &o.recorded, "new": &o.New, "gone": &o.Gone, "worse": &o.Worse, "eased": &o.Eased, "policy_changed": &o.PolicyChanged,
		"overdue": &o.Overdue, "not_looked_at": &o.NotLookedAt,
	} {
		if err := json.Unmarshal(outputs[name].Value, into); err != nil {
			l.t.Fatal(err)
		}
	}
	return o
}

// A step is a night of a sequence, and what the ledger says after it, as text.
type step struct {
	nightReport
	after   int // Days since the first night.
	quiet   bool
	says    string // "new a; gone b", in this order: new, gone, worse, eased, policy, overdue, unlooked.
	options []string
}

func (o recording) String() string {
	var parts []string
	for _, part := range []struct {
		name string
		ids  []string
	}{
		{"new", o.New},
		{"gone", o.Gone},
		{"worse", o.Worse},
		{"eased", o.Eased},
		{"policy", o.PolicyChanged},
		{"overdue", slices.Sorted(maps.Keys(o.Overdue))},
		{"unlooked", slices.Sorted(maps.Keys(o.NotLookedAt))},
	} {
		if len(part.ids) > 0 {
			parts = append(parts, part.name+" "+strings.Join(part.ids, ","))
		}
	}
	return strings.Join(parts, "; ")
}

// day returns a time some days after the first night.
func day(after int) string {
	return time.Date(2026, 11, 1, 3, 0, 0, 0, time.UTC).AddDate(0, 0, after).Format(time.RFC3339)
}

// TestLedgerSequences records sequences of nights.
func TestLedgerSequences(t *testing.T) {
	t.Parallel()
	const joe, admin = "g/no_2fa/joe", "g/administrator_without_2fa/joe"
	for name, test := range map[string]struct {
		steps []step
		since map[string]int // Days since the first night at which each finding was first seen, at the end.
	}{
		"found, quiet, gone, back": {
			steps: []step{
				{nightReport: nightReport{night: night{joe: "high alarm"}}, says: "new " + joe},
				{after: 1, nightReport: nightReport{night: night{joe: "high alarm"}}, quiet: true, says: "new " + joe},
				{after: 2, nightReport: nightReport{night: night{}}, says: "gone " + joe},
				{after: 3, nightReport: nightReport{night: night{joe: "high alarm"}}, says: "new " + joe},
			},
			since: map[string]int{joe: 3},
		},
		"unknown for a night": {
			steps: []step{
				{nightReport: nightReport{night: night{joe: "high alarm"}}, says: "new " + joe},
				{after: 1, nightReport: nightReport{night: night{"g/unknown/joe": "high error no_2fa"}}, says: "new g/unknown/joe; unlooked " + joe},
				{after: 2, nightReport: nightReport{night: night{"g/unknown/joe": "high error no_2fa"}}, quiet: true, says: "new g/unknown/joe; unlooked " + joe},
				{after: 3, nightReport: nightReport{night: night{joe: "high alarm"}}, says: "gone g/unknown/joe"},
			},
			since: map[string]int{joe: 0},
		},
		"unknown, and the unknown is waived": {
			steps: []step{
				{nightReport: nightReport{night: night{joe: "high alarm"}}, says: "new " + joe},
				{after: 1, nightReport: nightReport{night: night{"g/unknown/joe": "high waived no_2fa"}}, says: "unlooked " + joe},
			},
			since: map[string]int{joe: 0, "g/unknown/joe": 1},
		},
		"unknown of another account keeps nothing": {
			steps: []step{
				{nightReport: nightReport{night: night{joe: "high alarm"}}, says: "new " + joe},
				{after: 1, nightReport: nightReport{night: night{"g/unknown/ann": "high error no_2fa"}}, says: "new g/unknown/ann; gone " + joe},
			},
			since: map[string]int{"g/unknown/ann": 1},
		},
		"nobody's login is shown": {
			steps: []step{
				{nightReport: nightReport{night: night{"g/dormant/joe": "medium alarm"}}, says: "new g/dormant/joe"},
				{after: 1, nightReport: nightReport{night: night{"g/unknown": "medium error dormant"}}, says: "new g/unknown; unlooked g/dormant/joe"},
			},
			since: map[string]int{"g/dormant/joe": 0, "g/unknown": 1},
		},
		"a list is cut": {
			steps: []step{
				{nightReport: nightReport{night: night{joe: "high alarm", "g/dormant/ann": "medium alarm"}}, says: "new g/dormant/ann," + joe},
				{
					after: 1, nightReport: nightReport{night: night{"g/incomplete": "high error no_2fa,dormant"}},
					says: "new g/incomplete; unlooked g/dormant/ann," + joe,
				},
			},
			since: map[string]int{joe: 0, "g/dormant/ann": 0, "g/incomplete": 1},
		},
		"a group leaves the policy": {
			steps: []step{
				{
					nightReport: nightReport{night: night{joe: "high alarm", "h/dormant/ann": "medium alarm"}, groups: map[string]string{"g": "1", "h": "2"}},
					says:        "new " + joe + ",h/dormant/ann",
				},
				{after: 1, nightReport: nightReport{night: night{joe: "high alarm"}}, says: "unlooked h/dormant/ann"},
				{after: 2, nightReport: nightReport{night: night{joe: "high alarm"}}, says: "", options: []string{`forget=["h"]`}},
			},
			since: map[string]int{joe: 0},
		},
		"a control is skipped": {
			steps: []step{
				{nightReport: nightReport{night: night{joe: "high alarm"}}, says: "new " + joe},
				{after: 1, nightReport: nightReport{night: night{}, skipped: []string{"no_2fa"}, groups: map[string]string{"g": "2"}}, says: "policy g; unlooked " + joe},
			},
			since: map[string]int{joe: 0},
		},
		"a control of a later version": {
			steps: []step{
				{nightReport: nightReport{night: night{"g/later/joe": "high alarm"}, controls: []string{"later"}}, says: "new g/later/joe"},
				{after: 1, nightReport: nightReport{night: night{}}, says: "unlooked g/later/joe"},
			},
			since: map[string]int{"g/later/joe": 0},
		},
		"a threshold is loosened": {
			steps: []step{
				{nightReport: nightReport{night: night{"g/dormant/joe": "medium alarm"}}, says: "new g/dormant/joe"},
				{after: 1, nightReport: nightReport{night: night{}, groups: map[string]string{"g": "2"}}, says: "gone g/dormant/joe; policy g"},
			},
			since: map[string]int{},
		},
		"an ID in another case": {
			steps: []step{
				{nightReport: nightReport{night: night{"g/no_2fa/Joe": "high alarm"}}, says: "new " + joe},
				{after: 1, nightReport: nightReport{night: night{"G/no_2fa/JOE": "high alarm"}, groups: map[string]string{"G": "1"}}, quiet: true, says: "new " + joe},
			},
			since: map[string]int{joe: 0},
		},
		"becomes an administrator, and is demoted": {
			steps: []step{
				{nightReport: nightReport{night: night{joe: "high alarm"}}, says: "new " + joe},
				{after: 1, nightReport: nightReport{night: night{admin: "critical alarm"}}, says: "worse " + admin},
				{after: 2, nightReport: nightReport{night: night{joe: "high alarm"}}, says: "eased " + joe},
			},
			since: map[string]int{joe: 0},
		},
		"unknown, then an administrator": {
			steps: []step{
				{nightReport: nightReport{night: night{joe: "high alarm"}}, says: "new " + joe},
				{
					after: 1, nightReport: nightReport{night: night{"g/unknown/joe": "critical error administrator_without_2fa"}},
					says: "new g/unknown/joe; unlooked " + joe,
				},
				{after: 2, nightReport: nightReport{night: night{admin: "critical alarm"}}, says: "gone g/unknown/joe; worse " + admin},
			},
			since: map[string]int{admin: 0},
		},
		"waived for a day": {
			steps: []step{
				{nightReport: nightReport{night: night{joe: "high alarm"}}, says: "new " + joe},
				{after: 1, nightReport: nightReport{night: night{joe: "high waived"}}, says: "eased " + joe},
				{after: 8, nightReport: nightReport{night: night{joe: "high waived"}}, quiet: true, says: "eased " + joe},
				{after: 9, nightReport: nightReport{night: night{joe: "high alarm"}}, says: "worse " + joe + "; overdue " + joe},
			},
			since: map[string]int{joe: 0},
		},
		"a severity rises and falls": {
			steps: []step{
				{nightReport: nightReport{night: night{"g/dormant/joe": "low alarm"}}, says: "new g/dormant/joe"},
				{after: 1, nightReport: nightReport{night: night{"g/dormant/joe": "medium alarm"}}, says: ""},
				{after: 2, nightReport: nightReport{night: night{"g/dormant/joe": "critical alarm"}}, says: "worse g/dormant/joe"},
				{after: 4, nightReport: nightReport{night: night{"g/dormant/joe": "critical alarm"}}, says: "worse g/dormant/joe; overdue g/dormant/joe"},
				{after: 5, nightReport: nightReport{night: night{"g/dormant/joe": "low alarm"}}, says: "eased g/dormant/joe"},
			},
			since: map[string]int{"g/dormant/joe": 0},
		},
		"a quota runs out and is used up": {
			steps: []step{
				{nightReport: nightReport{night: night{"g/quota_runs_out": "medium alarm"}}, says: "new g/quota_runs_out"},
				{after: 1, nightReport: nightReport{night: night{"g/quota_used_up": "high alarm"}}, says: "worse g/quota_used_up"},
			},
			since: map[string]int{"g/quota_used_up": 0},
		},
		"a group of which only the spending is watched": {
			steps: []step{
				{nightReport: nightReport{night: night{"g/quota_used_up": "high alarm"}, spent: true}, says: "new g/quota_used_up"},
				{after: 1, nightReport: nightReport{night: night{}, spent: true, groups: map[string]string{"g": "2"}}, says: "gone g/quota_used_up; policy g"},
			},
			since: map[string]int{},
		},
		"days of one's own": {
			steps: []step{
				{nightReport: nightReport{night: night{joe: "high alarm", "g/dormant/ann": "medium alarm"}}, says: "new g/dormant/ann," + joe},
				{
					after: 8, nightReport: nightReport{night: night{joe: "high alarm", "g/dormant/ann": "medium alarm"}},
					options: []string{"overdue_days={high=null,medium=7}"}, says: "new g/dormant/ann," + joe + "; overdue g/dormant/ann",
				},
			},
			since: map[string]int{joe: 0, "g/dormant/ann": 0},
		},
		"two spellings in one report": {
			steps: []step{
				{nightReport: nightReport{night: night{"g/dormant/Joe": "low waived", "g/dormant/joe": "medium alarm"}}, says: "new g/dormant/joe"},
			},
			since: map[string]int{"g/dormant/joe": 0},
		},
		"names with slashes and markup": {
			steps: []step{
				{nightReport: nightReport{night: night{"g/dormant/a%2Fb": "low alarm", "g/dormant/${x} %{if}": "low alarm"}}, says: "new g/dormant/${x} %{if},g/dormant/a%2fb"},
				{after: 1, nightReport: nightReport{night: night{}}, says: "gone g/dormant/${x} %{if},g/dormant/a%2fb"},
			},
			since: map[string]int{},
		},
		"groups that differ only in case": {
			steps: []step{
				{
					nightReport: nightReport{night: night{"g/dormant/ann": "medium alarm", "G/no_2fa/joe": "high alarm"}, groups: map[string]string{"g": "1", "G": "2"}},
					says:        "new g/dormant/ann," + joe,
				},
				{after: 1, nightReport: nightReport{night: night{}, groups: map[string]string{"g": "1", "G": "3"}}, says: "gone g/dormant/ann," + joe + "; policy g"},
			},
			since: map[string]int{},
		},
		"a name that melts in JSON": {
			steps: []step{
				{nightReport: nightReport{night: night{"g/dormant/b<\u0301": "low alarm"}}, says: "new g/dormant/b<\u0301"},
				{after: 1, nightReport: nightReport{night: night{}}, says: "gone g/dormant/b<\u0301"},
			},
			since: map[string]int{},
		},
		"a group with a slash in its ID": {
			steps: []step{
				{
					nightReport: nightReport{
						night:  night{"A%2Fb%25c/no_2fa/joe": "high alarm", "A%2Fb%25c/dormant/joe": "medium alarm"},
						groups: map[string]string{"A/b%c": "1"},
					},
					says: "new a%2fb%25c/dormant/joe,a%2fb%25c/no_2fa/joe",
				},
				{
					after: 1, nightReport: nightReport{
						night: night{"A%2Fb%25c/administrator_without_2fa/joe": "critical alarm"}, groups: map[string]string{"A/b%c": "1"},
					},
					says: "gone a%2fb%25c/dormant/joe; worse a%2fb%25c/administrator_without_2fa/joe",
				},
				{
					after: 2, nightReport: nightReport{night: night{"A%2Fb%25c/incomplete": "high error administrator_without_2fa"}, groups: map[string]string{"A/b%c": "1"}},
					says: "new a%2fb%25c/incomplete; unlooked a%2fb%25c/administrator_without_2fa/joe",
				},
				{after: 3, nightReport: nightReport{night: night{}}, says: "", options: []string{`forget=["a/B%c"]`}},
			},
			since: map[string]int{},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := &ledger{cli: ledgerCLI(t)}
			var last recording
			for i, s := range test.steps {
				overdueIsNew := strings.Contains(s.says, "overdue")
				last = l.record(day(s.after), s.nightReport, !s.quiet || overdueIsNew, s.options...)
				if got := last.String(); got != s.says {
					t.Errorf("night %d: %q, want %q", i+1, got, s.says)
				}
			}
			since := map[string]int{}
			for id, f := range last.Findings {
				at, err := time.Parse(time.RFC3339, f.FirstSeen)
				if err != nil {
					t.Fatal(err)
				}
				since[id] = int(at.Sub(time.Date(2026, 11, 1, 3, 0, 0, 0, time.UTC)).Hours() / 24)
			}
			if !maps.Equal(since, test.since) {
				t.Errorf("first seen on days %v, want %v", since, test.since)
			}
			state, err := os.ReadFile(filepath.Join(l.Dir, "terraform.tfstate"))
			if err != nil {
				t.Fatal(err)
			}
			contains(t, string(state), `"resources": []`, "@")
		})
	}
}

// TestLedgerHolds checks that hold fails on what is new, worse or overdue, compared with what is recorded.
func TestLedgerHolds(t *testing.T) {
	t.Parallel()
	l := &ledger{cli: ledgerCLI(t)}
	low := nightReport{night: night{"g/dormant/joe": "low alarm"}}
	contains(t, l.plan(1, l.write(day(0), low), "hold=true"), "New, worse or overdue: - g/dormant/joe")
	l.record(day(0), low, true)
	l.plan(0, l.write(day(1), low), "hold=true")
	critical := nightReport{night: night{"g/dormant/joe": "critical alarm"}}
	contains(t, l.plan(1, l.write(day(1), critical), "hold=true"), "New, worse or overdue: - g/dormant/joe")
	contains(t, l.plan(1, l.write(day(91), low), "hold=true"), "New, worse or overdue: - g/dormant/joe")
	many := nightReport{night: night{}}
	for i := range 30 {
		many.night[fmt.Sprintf("g/dormant/%02d\x1b[2J", i)] = "low alarm"
	}
	contains(t, l.plan(1, l.write(day(1), many), "hold=true"), "… and 10 more", "\x1b")
}

// TestLedgerRefuses checks which reports are refused, and that the ledger keeps what it has.
func TestLedgerRefuses(t *testing.T) {
	t.Parallel()
	l := &ledger{cli: ledgerCLI(t)}
	found := nightReport{night: night{"g/dormant/joe": "low alarm"}}
	file := l.write(day(9), found)
	if printed, exit := l.Run("plan", "-input=false", "-no-color", "-var=results="+file); exit != 1 || !strings.Contains(flat(printed), "recorded is null") {
		t.Errorf("without the ledger: exit code %d, %s", exit, printed)
	}
	l.record(day(9), found, true)
	contains(t, l.plan(1, l.write(day(0), found)), "is older than the ledger")
	contains(t, l.plan(1, l.write(day(0), nightReport{night: night{}})), "is older than the ledger")
	contains(t, l.plan(1, l.write(day(10), nightReport{night: night{}, scope: "staging"})), `of the scope "staging", and the ledger of ""`)
	contains(t, l.plan(1, l.write(day(10), found), "scope=staging"), `of the scope "", and the ledger of "staging"`)
	l.plan(0, l.write(day(9), found))

	const at = `"at":"2026-11-24T03:00:00Z"`
	const rest = `,"scope":"","groups":{},"controls":{}`
	for content, want := range map[string]string{
		"":                                     "is not JSON",
		`{` + at + `,"res`:                     "is not JSON",
		"\xff\xfe":                             "does not exist, or cannot be read as text",
		`{"results":{}` + rest + `}`:           `whose "at" is a time`,
		`{"at":null,"results":{}` + rest + `}`: `whose "at" is a time`,
		`{"at":"today","results":{}` + rest + `}`:                                                     `whose "at" is a time`,
		`{` + at + rest + `}`:                                                                         `must have "results", "groups" and "controls"`,
		`{` + at + rest + `,"results":null}`:                                                          `must have "results", "groups" and "controls"`,
		`{` + at + rest + `,"results":[]}`:                                                            `must have "results", "groups" and "controls"`,
		`{` + at + `,"results":{},"groups":{}}`:                                                       `must have "results", "groups" and "controls"`,
		`{` + at + `,"results":{},"controls":{}}`:                                                     `must have "results", "groups" and "controls"`,
		`{` + at + rest + `,"results":{"g/c":null}}`:                                                  "has a result without",
		`{` + at + rest + `,"results":{"x":{"severity":"low","status":"alarm"}}}`:                     "has a result without",
		`{` + at + rest + `,"results":{"g/c/x":{"severity":"grave","status":"alarm"}}}`:               "has a result without",
		`{` + at + rest + `,"results":{"g/c/x":{"severity":"low","status":"Waived"}}}`:                "has a result without",
		`{` + at + rest + `,"results":{"g/c/x":{"severity":"low"}}}`:                                  "has a result without",
		`{` + at + rest + `,"results":{"g/c/x":{"severity":"low","status":"alarm","blocks":[null]}}}`: "has a result without",
	} {
		l.WriteFile("report.json", content)
		printed := l.plan(1, "report.json")
		contains(t, printed, want)
		if got := strings.Count(printed, "Error: "); got != 1 {
			t.Errorf("%s: %d errors, want 1\n%s", content, got, printed)
		}
	}
	contains(t, l.plan(1, "missing.json"), "The report missing.json does not exist")
	for variable, want := range map[string]string{
		"overdue_days={critcal=3}": "The keys of overdue_days must be", "overdue_days={low=-1}": "whole numbers", "overdue_days={low=1.5}": "whole numbers",
		`recorded={changed_at="x",findings={},policies={},last={new=[],gone=[],worse=[],eased=[],policy_changed=[]}}`: "not the output",
	} {
		contains(t, l.plan(1, file, variable), want)
	}
}

// TestLedgerReadme checks that the README has the descriptions of all variables and outputs.
func TestLedgerReadme(t *testing.T) {
	t.Parallel()
	read := func(name string) string {
		content, err := os.ReadFile(filepath.Join(ledgerModule, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(content)
	}
	readme, described := read("README.md"), map[string]string{}
	block := regexp.MustCompile(`(?s)(?:variable|output) "(\w+)" \{\n  description = ("[^\n]*")`)
	for _, found := range block.FindAllStringSubmatch(read("variables.tf")+read("outputs.tf"), -1) {
		description := ""
		if err := json.Unmarshal([]byte(found[2]), &description); err != nil {
			t.Fatal(err)
		}
		described[found[1]] = description
	}
	if len(described) < 10 {
		t.Errorf("found %d descriptions: %v", len(described), described)
	}
	for name, description := range described {
		if !regexp.MustCompile("(?m)^\\| `" + name + "` \\|.* " + regexp.QuoteMeta(description) + " \\|$").MatchString(readme) {
			t.Errorf("README.md does not say of %s: %s", name, description)
		}
	}
}
