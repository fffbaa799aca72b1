// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"cmp"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"maps"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	"github.com/prometheus/common/expfmt"
)

type suites struct {
	XMLName  xml.Name `xml:"testsuites"`
	Tests    int      `xml:"tests,attr"`
	Failures int      `xml:"failures,attr"`
	Errors   int      `xml:"errors,attr"`
	Suites   []struct {
		Name    string `xml:"name,attr"`
		Tests   int    `xml:"tests,attr"`
		Skipped int    `xml:"skipped,attr"`
		Cases   []struct {
			Class   string   `xml:"classname,attr"`
			Name    string   `xml:"name,attr"`
			Failure *outcome `xml:"failure"`
			Error   *outcome `xml:"error"`
			Skipped *outcome `xml:"skipped"`
		} `xml:"testcase"`
	} `xml:"testsuite"`
}

type outcome struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// checkJUnit checks that there is a test case for each result, and for each control without results.
func checkJUnit(t *testing.T, a reportInput, r rendered) {
	t.Helper()
	var got suites
	if err := xml.Unmarshal([]byte(r.reports["junit"]), &got); err != nil {
		t.Fatal(err)
	}
	cases := map[string]string{}
	skipped := 0
	for _, suite := range got.Suites {
		for _, c := range suite.Cases {
			outcome := "passed"
			switch {
			case c.Failure != nil:
				outcome = "failure: " + c.Failure.Message
			case c.Error != nil:
				outcome = "error: " + c.Error.Message
			case c.Skipped != nil:
				outcome = "skipped: " + c.Skipped.Message
				skipped--
			}
			cases[suite.Name+"/"+c.Class+"/"+c.Name] = outcome
		}
		skipped += suite.Skipped
	}
	want := map[string]string{}
	for _, f := range a.results() {
		outcome := map[string]string{"alarm": "failure: " + shown(f.Why), "error": "error: " + shown(f.Why), "waived": "skipped: " + shown(f.Reason)}[f.Status]
		want[shown(f.Group)+"/"+shown(f.Group)+"."+shown(f.Control)+"/"+shown(f.or())] = outcome
	}
	for _, audit := range a.Audits {
		group := audit.Evidence.Group
		for id, c := range audit.Controls {
			results, errors := 0, 0
			for _, f := range audit.Results {
				if f.Group == group && f.Control == id {
					results++
					if f.Status == "error" {
						errors++
					}
				}
			}
			name := shown(group) + "/" + shown(group) + "." + shown(id) + "/" + shown(cmp.Or(c.Requirement, c.Title))
			switch {
			case c.Status == "error" && errors == 0:
				want[name] = fmt.Sprintf("error: This control could not be evaluated completely. Evaluated: %d of %d.", c.Evaluated, c.Population)
			case results > 0:
			case c.Status == "skip":
				want[name] = "skipped: " + shown(c.SkippedBecause)
			case c.Status == "ok":
				want[name] = "passed"
			}
		}
	}
	for name, outcome := range want {
		if cases[name] != outcome {
			t.Errorf("%s: got %q, want %q", name, cases[name], outcome)
		}
	}
	if len(cases) != len(want) || got.Tests != len(want) || skipped != 0 || len(got.Suites) != len(a.Audits) {
		t.Errorf("%d cases, %d counted, %d wanted; %d skipped miscounted; %d suites", len(cases), got.Tests, len(want), skipped, len(got.Suites))
	}
	validXML(t, filepath.Join("testdata", "report", "junit.xsd"), r.file("report.junit"))
}

// unescaped matches an unescaped bracket, which would begin or end an embedded link in SARIF.
var unescaped = regexp.MustCompile(`(^|[^\\])(\\\\)*[\[\]]`)

// checkSARIF checks the log against the standard's schema and the requirements of GitHub code scanning.
func checkSARIF(t *testing.T, a reportInput, r rendered) {
	t.Helper()
	var log struct {
		Runs []struct {
			Tool struct {
				Driver struct {
					Rules []struct {
						ID         string
						Properties struct {
							Tags     []string
							Severity string `json:"security-severity"`
						}
					}
				}
			}
			Results []struct {
				RuleID    string
				RuleIndex int
				Level     string
				Message   struct{ Text string }
				Locations []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ URI string }
						Region           map[string]int
					}
				}
				PartialFingerprints map[string]string
			}
		}
	}
	if err := json.Unmarshal([]byte(r.reports["sarif"]), &log); err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, id := range a.ordered() {
		if a.results()[id].Status != "waived" {
			want = append(want, id)
		}
	}
	run, seen := log.Runs[0], map[string]bool{}
	if len(run.Results) != len(want) {
		t.Fatalf("got %d results, want %d", len(run.Results), len(want))
	}
	for i, got := range run.Results {
		f := a.results()[want[i]]
		if got.RuleID != f.Control || run.Tool.Driver.Rules[got.RuleIndex].ID != f.Control {
			t.Errorf("%s: its rule is %q, at the index of another", want[i], got.RuleID)
		}
		if text := strings.NewReplacer(`\[`, "[", `\]`, "]", `\\`, `\`).Replace(got.Message.Text); !strings.Contains(text, f.Who) || !strings.Contains(text, f.Why) {
			t.Errorf("%s: its message is %q", want[i], got.Message.Text)
		}
		if unescaped.MatchString(got.Message.Text) {
			t.Errorf("%s: a bracket of %q is not escaped", want[i], got.Message.Text)
		}
		if len(got.Locations) != 1 || got.Locations[0].PhysicalLocation.ArtifactLocation.URI != "terraform.tfvars" ||
			!reflect.DeepEqual(got.Locations[0].PhysicalLocation.Region, map[string]int{"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1}) {
			t.Errorf("%s: its location is %v", want[i], got.Locations)
		}
		fingerprint := got.PartialFingerprints["primaryLocationLineHash"]
		if fingerprint == "" || seen[fingerprint] {
			t.Errorf("%s: its fingerprint is %q", want[i], fingerprint)
		}
		seen[fingerprint] = true
	}
	for _, rule := range run.Tool.Driver.Rules {
		if n := len(rule.Properties.Tags); n < 1 || n > 10 || rule.Properties.Severity == "" {
			t.Errorf("%s: %d tags, severity %q", rule.ID, n, rule.Properties.Severity)
		}
	}
	validJSON(t, filepath.Join("testdata", "report", "sarif-schema-2.1.0.json"), r.file("report.sarif"))
}

// checkOCSF checks that each line has the attributes that its class requires.
func checkOCSF(t *testing.T, a reportInput, r rendered) {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(r.reports["ocsf"], "\n"), "\n")
	if len(lines) != len(a.results()) {
		t.Fatalf("got %d lines, want %d", len(lines), len(a.results()))
	}
	at, err := time.Parse(time.RFC3339, a.At)
	if err != nil {
		t.Fatal(err)
	}
	for i, id := range a.ordered() {
		var got map[string]any
		if err := json.Unmarshal([]byte(lines[i]), &got); err != nil {
			t.Fatal(err)
		}
		f := a.results()[id]
		compliance := map[string]float64{"alarm": 3, "waived": 3, "error": 2}[f.Status]
		status := map[string]float64{"alarm": 1, "waived": 3, "error": 1}[f.Status]
		for field, want := range map[string]any{
			"class_uid": 2003.0, "category_uid": 2.0, "activity_id": 1.0, "type_uid": 200301.0, "time": float64(at.UnixMilli()),
			"severity_id":  map[string]float64{"low": 2, "medium": 3, "high": 4, "critical": 5}[f.Severity],
			"status_id":    status,
			"metadata":     map[string]any{"version": "1.4.0", "product": map[string]any{"name": "VirusTotal access audit", "vendor_name": "VirusTotal"}},
			"finding_info": map[string]any{"uid": id, "title": a.control(f.Group, f.Control).Title, "desc": f.Why, "types": []any{f.Control}},
		} {
			if !reflect.DeepEqual(got[field], want) {
				t.Errorf("%s: %s: got %v, want %v", id, field, got[field], want)
			}
		}
		object, _ := got["compliance"].(map[string]any)
		if standards, _ := object["standards"].([]any); object["status_id"] != compliance || object["control"] != f.Control || len(standards) == 0 {
			t.Errorf("%s: compliance: %v", id, object)
		}
		if (f.Status == "waived") != (got["comment"] != nil) {
			t.Errorf("%s: comment: %v", id, got["comment"])
		}
	}
}

// checkJSON checks that the report has the input as data, and that it is valid according to its schema.
func checkJSON(t *testing.T, a reportInput, r rendered) {
	t.Helper()
	var got struct {
		At, Scope string
		Run       map[string]string
		Client    map[string]string
		Results   map[string]result
		Controls  map[string]map[string]control
		Accounts  map[string][]judged
		Groups    map[string]map[string]any
	}
	if err := json.Unmarshal([]byte(r.reports["json"]), &got); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got.Results, a.results()) || got.At != a.At || got.Scope != a.Scope || !maps.Equal(got.Run, a.Run) {
		t.Error("results, the time, the scope or the run are not those of the input")
	}
	for _, audit := range a.Audits {
		group := audit.Evidence.Group
		if !reflect.DeepEqual(got.Controls[group], audit.Controls) || !reflect.DeepEqual(got.Accounts[group], audit.Accounts) {
			t.Errorf("%q: controls or accounts are not those of the input", group)
		}
		var policy any
		if err := json.Unmarshal([]byte(audit.Evidence.Policy), &policy); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got.Groups[group]["policy"], policy) {
			t.Errorf("%q: the policy is %v, want %v", group, got.Groups[group]["policy"], policy)
		}
	}
	validJSON(t, filepath.Join(reportModule, "report.schema.json"), r.file("report.json"))
}

// checkPrometheus checks the metrics with the linter and the parser of Prometheus.
func checkPrometheus(t *testing.T, a reportInput, r rendered) {
	t.Helper()
	problems, err := promlint.New(strings.NewReader(r.reports["prometheus"])).Lint()
	if err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
	var parser expfmt.TextParser
	families, err := parser.TextToMetricFamilies(strings.NewReader(r.reports["prometheus"]))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]float64{}
	for name, family := range families {
		for _, metric := range family.GetMetric() {
			labels := name
			for _, label := range metric.GetLabel() {
				labels += " " + label.GetName() + "=" + lineFeeds(label.GetValue())
			}
			got[labels] = metric.GetGauge().GetValue()
		}
	}
	at, err := time.Parse(time.RFC3339, a.At)
	if err != nil {
		t.Fatal(err)
	}
	for _, audit := range a.Audits {
		group := audit.Evidence.Group
		want := map[string]float64{"virustotal_audit_timestamp_seconds group=" + group: float64(at.Unix())}
		for id, c := range audit.Controls {
			if c.Status != "skip" {
				want["virustotal_audit_population group="+group+" control="+id] = float64(c.Population)
				want["virustotal_audit_evaluated group="+group+" control="+id] = float64(c.Evaluated)
			}
		}
		for _, f := range audit.Results {
			want["virustotal_audit_findings group="+group+" control="+f.Control+" severity="+f.Severity+" status="+f.Status]++
		}
		for series, value := range want {
			found, ok := got[series]
			if !ok || found != value {
				t.Errorf("%s: got %v, want %v", series, found, value)
			}
		}
	}
}

// lineFeeds returns a label with line feeds for the pictures of them that stand before marks.
func lineFeeds(label string) string {
	return regexp.MustCompile(`␊(\pM)`).ReplaceAllString(label, "\n$1")
}
