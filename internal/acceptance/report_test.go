// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/virustotal/terraform-provider-virustotal/internal/tftest"
)

// reportModule is the directory of the module report.
var reportModule = filepath.Join("..", "..", "modules", "report")

// A result and a control have the attributes that modules/report uses.
type result struct {
	Control    string `json:"control"`
	Group      string `json:"group"`
	Who        string `json:"who"`
	Owner      string `json:"owner"`
	Severity   string `json:"severity"`
	Status     string `json:"status"`
	Why        string `json:"why"`
	Reason     string `json:"reason"`
	ApprovedBy string `json:"approved_by"`
	Until      string `json:"until"`
}

type control struct {
	Title          string              `json:"title"`
	Severity       string              `json:"severity"`
	Risk           string              `json:"risk"`
	Remedy         string              `json:"remedy"`
	MapsTo         map[string][]string `json:"maps_to"`
	Status         string              `json:"status"`
	Evaluated      int                 `json:"evaluated"`
	Alarms         int                 `json:"alarms"`
	Waived         int                 `json:"waived"`
	Errors         int                 `json:"errors"`
	SkippedBecause string              `json:"skipped_because"`
}

// A reportInput is the input of modules/report.
type reportInput struct {
	At       string                        `json:"at"`
	Title    string                        `json:"title,omitempty"`
	Results  map[string]result             `json:"results"`
	Controls map[string]map[string]control `json:"controls"`
	Evidence map[string]any                `json:"evidence,omitempty"`
	Barring  []string                      `json:"failing"`
}

// ordered returns the ids of the results, most severe first, then by control, group and name.
func (a reportInput) ordered() []string {
	severities := []string{"critical", "high", "medium", "low"}
	return slices.SortedFunc(maps.Keys(a.Results), func(x, y string) int {
		r, s := a.Results[x], a.Results[y]
		return cmp.Or(
			slices.Index(severities, r.Severity)-slices.Index(severities, s.Severity),
			strings.Compare(r.Control, s.Control), strings.Compare(r.Group, s.Group), strings.Compare(r.Who, s.Who),
		)
	})
}

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
	content, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	c.WriteFile("audit.json", string(content))
	c.Succeed("get")
	return c
}

const arguments = `
  source   = "./report"
  results  = local.audit.results
  controls = local.audit.controls
  evidence = try(local.audit.evidence, {})
  failing  = local.audit.failing
`

func render(t *testing.T, a reportInput) rendered {
	t.Helper()
	c := reportCLI(t, a, `
module "report" {`+arguments+`
  at    = local.audit.at
  title = try(local.audit.title, "VirusTotal access audit")
}
output "report" {
  value = module.report
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
		want := [][]string{strings.Split("id,control,group,who,status,severity,why,owner,reason,approved_by,until", ",")}
		for _, id := range a.ordered() {
			f := a.Results[id]
			want = append(want, []string{id, f.Control, f.Group, f.Who, f.Status, f.Severity, f.Why, f.Owner, f.Reason, f.ApprovedBy, f.Until})
		}
		if !reflect.DeepEqual(rows, want) {
			t.Errorf("got  %q\nwant %q", rows, want)
		}
		if lines := strings.Count(r.reports["csv"], "\r\n"); lines != len(want) || strings.Count(r.reports["csv"], "\n") != lines {
			t.Errorf("%d lines end with CRLF, and there are %d rows", lines, len(want))
		}
	})

	t.Run("json", func(t *testing.T) {
		var got struct {
			reportInput
			Summary map[string]any `json:"summary"`
		}
		if err := json.Unmarshal([]byte(r.reports["json"]), &got); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got.Results, a.Results) || !reflect.DeepEqual(got.Controls, a.Controls) || got.At != a.At {
			t.Error("results, controls or the time are not those of the input")
		}
		want := map[string]any{
			"alarm": 14.0, "error": 2.0, "waived": 2.0,
			"by_severity": map[string]any{"critical": 1.0, "high": 5.0, "medium": 7.0, "low": 3.0},
		}
		if !reflect.DeepEqual(got.Summary, want) {
			t.Errorf("summary: got %v, want %v", got.Summary, want)
		}
		validJSON(t, filepath.Join(reportModule, "report.schema.json"), r.file("report.json"))
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
			"**Gate failed: 6 of 16 findings.** 14 alarms, 2 not evaluated, 2 waived in 2 groups", "| High | 4 | 1 | 1 |",
			"<summary>2 waived</summary>", "<summary>3 skipped</summary>", "Freight uses its agents’ own addresses", "h&#46;lindqvist",
		} {
			if !strings.Contains(markdown, words) {
				t.Errorf("%q is not in\n%s", words, markdown)
			}
		}
		for name, html := range renderings(t, r.file("report.markdown")) {
			// One row per result and skipped control, 4 of totals, 2 of evidence and 16 table heads.
			if got, want := strings.Count(html, "<tr>"), len(a.Results)+3+4+2+16; got != want {
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
		}
	})
}
