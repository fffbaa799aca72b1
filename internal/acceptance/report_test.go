// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/virustotal/terraform-provider-virustotal/internal/tftest"
)

// reportModule is the directory of the module report.
var reportModule = filepath.Join("..", "..", "modules", "report")

// A reportInput is the input of modules/report. Audits have the outputs of modules/audit.
type reportInput struct {
	At        string            `json:"at"`
	Title     string            `json:"title,omitempty"`
	Scope     string            `json:"scope"`
	Run       map[string]string `json:"run"`
	Client    map[string]string `json:"client"`
	Unaudited []string          `json:"unaudited"`
	Audits    []groupAudit      `json:"audits"`
}

type groupAudit struct {
	Results  map[string]result  `json:"results"`
	Controls map[string]control `json:"controls"`
	Accounts []judged           `json:"accounts"`
	Evidence evidence           `json:"evidence"`
	Failing  []string           `json:"failing"`
}

type result struct {
	Control    string   `json:"control"`
	Group      string   `json:"group"`
	Who        string   `json:"who"`
	Owner      string   `json:"owner"`
	Severity   string   `json:"severity"`
	Status     string   `json:"status"`
	Why        string   `json:"why"`
	What       string   `json:"what"`
	Blocks     []string `json:"blocks"`
	Reason     string   `json:"reason"`
	ApprovedBy string   `json:"approved_by"`
	Until      string   `json:"until"`
	Ticket     string   `json:"ticket"`
}

type control struct {
	Title           string              `json:"title"`
	Requirement     string              `json:"requirement"`
	Severity        string              `json:"severity"`
	DefaultSeverity string              `json:"default_severity"`
	Risk            string              `json:"risk"`
	Remedy          string              `json:"remedy"`
	MapsTo          map[string][]string `json:"maps_to"`
	Clock           string              `json:"clock"`
	Status          string              `json:"status"`
	Population      int                 `json:"population"`
	Evaluated       int                 `json:"evaluated"`
	Unknown         int                 `json:"unknown"`
	Alarms          int                 `json:"alarms"`
	Waived          int                 `json:"waived"`
	SkippedBecause  string              `json:"skipped_because"`
}

type judged struct {
	ID            string   `json:"id"`
	Kind          string   `json:"kind"`
	Administrator bool     `json:"administrator"`
	Roles         []string `json:"roles"`
	TwoFactor     string   `json:"two_factor"`
	LastLogin     string   `json:"last_login"`
	UserSince     string   `json:"user_since"`
	MailDomain    string   `json:"mail_domain"`
	DailyLimit    string   `json:"daily_limit"`
	InRoster      bool     `json:"in_roster"`
	Findings      []string `json:"findings"`
}

type evidence struct {
	At                string          `json:"at"`
	Group             string          `json:"group"`
	Owner             string          `json:"owner"`
	FailOn            string          `json:"fail_on"`
	Policy            string          `json:"policy"`
	PolicySHA256      string          `json:"policy_sha256"`
	WeakerThanDefault []string        `json:"weaker_than_default"`
	ReviewedOn        string          `json:"reviewed_on"`
	ReviewedBy        string          `json:"reviewed_by"`
	ReviewerInRoster  bool            `json:"reviewer_in_roster"`
	NextReview        string          `json:"next_review"`
	Lists             map[string]list `json:"lists"`
	RequestsAtLeast   int             `json:"requests_at_least"`
}

type list struct {
	Count      *int    `json:"count"`
	Complete   bool    `json:"complete"`
	Unreadable *string `json:"unreadable"`
}

// results returns the results of all audits.
func (a reportInput) results() map[string]result {
	all := map[string]result{}
	for _, audit := range a.Audits {
		maps.Copy(all, audit.Results)
	}
	return all
}

// failing reports whether a result fails the gate.
func (a reportInput) failing(id string) bool {
	return slices.ContainsFunc(a.Audits, func(audit groupAudit) bool { return slices.Contains(audit.Failing, id) })
}

// control returns a control of a group.
func (a reportInput) control(group, id string) control {
	for _, audit := range a.Audits {
		if audit.Evidence.Group == group {
			return audit.Controls[id]
		}
	}
	return control{}
}

// ordered returns the IDs of the results, most severe first, then by control, group and name.
func (a reportInput) ordered() []string {
	severities, results := []string{"critical", "high", "medium", "low"}, a.results()
	return slices.SortedFunc(maps.Keys(results), func(x, y string) int {
		r, s := results[x], results[y]
		return cmp.Or(
			slices.Index(severities, r.Severity)-slices.Index(severities, s.Severity),
			strings.Compare(r.Control, s.Control), strings.Compare(r.Group, s.Group), strings.Compare(r.Who, s.Who),
		)
	})
}

// or returns the group's ID for a result of the group itself.
func (r result) or() string { return cmp.Or(r.Who, r.Group) }

// sampleAudit returns an audit of two groups, which is also the one on the screenshot in the module's README.
func sampleAudit(t *testing.T) reportInput {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", "report", "audit.json"))
	if err != nil {
		t.Fatal(err)
	}
	var a reportInput
	if err := json.Unmarshal(content, &a); err != nil {
		t.Fatal(err)
	}
	return a
}

// A rendered is an audit's reports, also written to one file each.
type rendered struct {
	dir     string
	reports map[string]string
	decoded []map[string]string // The CSV, decoded by csvdecode.
}

func (r rendered) file(name string) string { return filepath.Join(r.dir, name) }

// reportCLI returns a CLI for a root module with a copy of the module report, and with the audit in audit.json.
func reportCLI(t *testing.T, a reportInput, config string) *cli {
	t.Helper()
	c := newCLI(t, "# required_version = \">= 1.5\"\nlocals {\n audit = jsondecode(file(\"audit.json\"))\n}\n"+config)
	if err := os.CopyFS(filepath.Join(c.Dir, "report"), os.DirFS(reportModule)); err != nil {
		t.Fatal(err)
	}
	c.WriteFile("audit.json", ascii(t, a))
	c.Succeed("get")
	return c
}

// ascii returns JSON in ASCII: otherwise Terraform composes an escape and the mark behind it when it reads the file.
func ascii(t *testing.T, value any) string {
	t.Helper()
	content, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, unit := range utf16.Encode([]rune(string(content))) {
		if unit < 0x80 {
			b.WriteByte(byte(unit))
		} else {
			fmt.Fprintf(&b, "\\u%04x", unit)
		}
	}
	return b.String()
}

const arguments = `
  source    = "./report"
  audits    = local.audit.audits
  scope     = local.audit.scope
  run       = coalesce(local.audit.run, {})
  client    = local.audit.client
  unaudited = local.audit.unaudited
`

func render(t *testing.T, a reportInput) rendered {
	t.Helper()
	c := reportCLI(t, a, `
module "report" {`+arguments+`
  at    = local.audit.at
  title = try(local.audit.title, "VirusTotal access audit")
}
output "report" {
  value = { for format, text in module.report : format => text if format != "failing" }
}
output "decoded" {
  value = csvdecode(module.report.csv)
}
`)
	var outputs struct {
		Report  struct{ Value map[string]string }
		Decoded struct{ Value []map[string]string }
	}
	c.outputs(&outputs)
	for name, report := range outputs.Report.Value {
		c.WriteFile("report."+name, report)
	}
	return rendered{c.Dir, outputs.Report.Value, outputs.Decoded.Value}
}

// cells returns the result as a row of the CSV.
func (r result) cells(id string) []string {
	return []string{id, r.Control, r.Group, r.Who, r.Status, r.Severity, r.Why, r.What, r.Owner, r.Reason, r.ApprovedBy, r.Until, r.Ticket}
}

// TestReportModule runs the module's tests.
func TestReportModule(t *testing.T) {
	t.Parallel()
	tftest.Needs(t, "terraform test")
	c := reportCLI(t, sampleAudit(t), "")
	c.Dir = filepath.Join(c.Dir, "report")
	c.Succeed("init", "-input=false")
	c.Succeed("test", "-no-color")
}

func TestReport(t *testing.T) {
	t.Parallel()
	a := sampleAudit(t)
	r := render(t, a)

	t.Run("deterministic", func(t *testing.T) {
		if again := render(t, a); !reflect.DeepEqual(r.reports, again.reports) {
			t.Error("the same input gave different reports")
		}
	})

	t.Run("csv", func(t *testing.T) {
		rows, err := csv.NewReader(strings.NewReader(r.reports["csv"])).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		want := [][]string{strings.Split("id,control,group,who,status,severity,why,what,owner,reason,approved_by,until,ticket", ",")}
		for _, id := range a.ordered() {
			want = append(want, a.results()[id].cells(id))
		}
		if !reflect.DeepEqual(rows, want) {
			t.Errorf("got  %q\nwant %q", rows, want)
		}
		if lines := strings.Count(r.reports["csv"], "\r\n"); lines != len(want) || strings.Count(r.reports["csv"], "\n") != lines {
			t.Errorf("%d lines end with CRLF, and there are %d rows", lines, len(want))
		}
	})

	t.Run("accounts_csv", func(t *testing.T) {
		rows, err := csv.NewReader(strings.NewReader(r.reports["accounts_csv"])).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		want := [][]string{strings.Split(
			"group,id,kind,administrator,roles,two_factor,last_login,user_since,mail_domain,daily_limit,in_roster,findings", ",")}
		for _, audit := range a.Audits {
			for _, x := range audit.Accounts {
				want = append(want, []string{
					audit.Evidence.Group, x.ID, x.Kind, strconv.FormatBool(x.Administrator), strings.Join(x.Roles, " "), x.TwoFactor, x.LastLogin,
					x.UserSince, x.MailDomain, x.DailyLimit, strconv.FormatBool(x.InRoster), strings.Join(x.Findings, " "),
				})
			}
		}
		if !reflect.DeepEqual(rows, want) {
			t.Errorf("got  %q\nwant %q", rows, want)
		}
	})

	t.Run("json", func(t *testing.T) {
		checkJSON(t, a, r)
		var got struct {
			Verdict string
			Failing []string
			Summary map[string]any
		}
		if err := json.Unmarshal([]byte(r.reports["json"]), &got); err != nil {
			t.Fatal(err)
		}
		want := map[string]any{
			"alarm": 14.0, "error": 2.0, "waived": 2.0, "skipped": 1.0, "unsure": 5.0,
			"by_severity": map[string]any{"critical": 3.0, "high": 3.0, "medium": 8.0, "low": 2.0},
		}
		if !reflect.DeepEqual(got.Summary, want) || got.Verdict != "failed" || len(got.Failing) != 5 {
			t.Errorf("%s, %d failing, summary %v, want %v", got.Verdict, len(got.Failing), got.Summary, want)
		}
	})

	t.Run("prometheus", func(t *testing.T) {
		checkPrometheus(t, a, r)
	})

	t.Run("junit", func(t *testing.T) {
		checkJUnit(t, a, r)
	})

	t.Run("sarif", func(t *testing.T) {
		checkSARIF(t, a, r)
	})

	t.Run("ocsf", func(t *testing.T) {
		checkOCSF(t, a, r)
	})

	t.Run("markdown", func(t *testing.T) {
		markdown := r.reports["markdown"]
		for _, words := range []string{
			"**Gate failed: 5 of 16 findings.**", "| High | 2 | 1 | 1 |", "<summary>2 waived</summary>", "<summary>1 skipped</summary>",
			"Freight uses its agents’ own addresses", "anne-lise.moreau", "puffin_ferries", "34 of 35", "dormant_days&#58; 365 instead of 90",
			"<https://github.com/puffin/access/actions/runs/218>\n",
		} {
			contains(t, markdown, words)
		}
		for name, html := range renderings(t, r.file("report.markdown")) {
			// A row per result, skipped control, control evaluated in part and group, 4 of totals; heads of the tables of totals, of
			// 14 controls by severity and of four folds.
			if got, want := strings.Count(html, "<tr>"), len(a.results())+1+3+2+4+1+14+4; got != want {
				t.Errorf("%s: got %d rows, want %d", name, got, want)
			}
		}
	})

	t.Run("html", func(t *testing.T) {
		for _, v := range checkPage(t, a, r, "axe") {
			for _, violation := range v.Accessibility {
				t.Errorf("at %d: %s", v.Width, violation)
			}
			if !slices.Contains(v.Passes, "color-contrast") {
				t.Errorf("at %d: the contrast was not checked", v.Width)
			}
			if v.Invisible > 0 {
				t.Errorf("at %d: %d rows are invisible", v.Width, v.Invisible)
			}
			if v.Pages < 1 || v.Pages > 5 {
				t.Errorf("the page has %d pages in print", v.Pages)
			}
		}
	})
}
