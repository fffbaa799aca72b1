// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"io"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/prometheus/common/expfmt"
	"golang.org/x/text/unicode/norm"
)

// TestReportHostileSpends puts hostile texts into every field of spends, each text in a group of its own, and parses the reports.
func TestReportHostileSpends(t *testing.T) {
	t.Parallel()
	texts := append(composing(), hostile...)
	spends := []document{}
	for i, text := range texts {
		group := fmt.Sprintf("%d %s", i, text)
		spends = append(spends, document{
			"results": document{group + "/over_budget/" + text: document{
				"control": "over_budget", "group": group, "who": text, "owner": text, "severity": "high", "status": "alarm", "why": text, "what": text,
			}},
			"controls": document{"over_budget": document{"title": text, "severity": "high", "status": "alarm", "population": 1, "evaluated": 1}},
			"evidence": document{
				"group": group, "owner": text, "policy": ascii(t, document{"owner": text}), "weaker_than_default": []string{text}, "not_yet": []string{text},
			},
			"failing": []string{group + "/over_budget/" + text},
			"quotas": document{text: document{
				"allowed": 10, "used": 9, "budget": 8, "pace": 1.5, "projected": 12, "runs_out_on": "2026-11-21", "resets_on": "2026-12-01",
				"period_start": "2026-11-01", "days": 30, "elapsed": 11.5, "by_day": document{"2026-11-01": 9},
			}},
			"accounts": []document{{"id": text, "quota": text, "used": 9, "share": 1, "budget": 8, "projected": 12}},
		})
	}
	c := reportCLI(t, reportInput{}, `
module "report" {
  source          = "./report"
  audits          = []
  spends          = jsondecode(file("spends.json"))
  at              = "2026-11-12T12:00:00Z"
  markdown_limit  = 10000000
  account_metrics = true
}
output "report" {
  value = { for format, text in module.report : format => text if format != "failing" }
}
`)
	c.WriteFile("spends.json", ascii(t, spends))
	var outputs struct {
		Report struct{ Value map[string]string }
	}
	c.outputs(&outputs)
	reports := outputs.Report.Value

	var whole struct {
		Spends map[string]struct {
			Evidence struct{ Policy document }
			Accounts []struct{ ID string }
		}
	}
	if err := json.Unmarshal([]byte(reports["json"]), &whole); err != nil {
		t.Fatal(err)
	}
	for i, text := range texts {
		got, want := whole.Spends[norm.NFC.String(fmt.Sprintf("%d %s", i, text))], norm.NFC.String(text)
		owner := norm.NFC.String(fmt.Sprint(got.Evidence.Policy["owner"]))
		if len(got.Accounts) != 1 || norm.NFC.String(got.Accounts[0].ID) != want || owner != want {
			t.Errorf("of %q there is %+q", text, got)
		}
	}
	c.WriteFile("report.json", reports["json"])
	validJSON(t, filepath.Join(reportModule, "report.schema.json"), filepath.Join(c.Dir, "report.json"))
	for _, text := range append(strings.Split(strings.TrimSpace(reports["ocsf"]), "\n"), reports["sarif"]) {
		if !json.Valid([]byte(text)) {
			t.Errorf("not JSON: %q", text)
		}
	}
	var parser expfmt.TextParser
	families, err := parser.TextToMetricFamilies(strings.NewReader(reports["prometheus"]))
	if err != nil {
		t.Fatal(err)
	}
	labels := map[string]bool{}
	for _, metric := range families["virustotal_account_quota_used"].GetMetric() {
		for _, label := range metric.GetLabel() {
			labels[lineFeeds(label.GetValue())] = true
		}
	}
	for _, text := range texts {
		if !labels[norm.NFC.String(text)] {
			t.Errorf("no label is %q", text)
		}
	}
	for decoder := xml.NewDecoder(strings.NewReader(reports["junit"])); ; {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	for name, page := range map[string]string{"html": reports["html"], "markdown": reports["markdown"]} {
		for _, evil := range []string{"<script>a", "<img", "<!-- c"} {
			if strings.Contains(page, evil) {
				t.Errorf("%s has %q", name, evil)
			}
		}
	}
	c.WriteFile("report.md", reports["markdown"])
	for name, page := range renderings(t, c.Dir+"/report.md") {
		if got := strings.Count(page, "<details>"); got < 50 || strings.Count(page, "</details>") != got {
			t.Errorf("%s: %d folds", name, got)
		}
		for _, text := range regexp.MustCompile(`<[^>]*>`).Split(regexp.MustCompile(`(?s)<code>.*?</code>`).ReplaceAllString(page, ""), -1) {
			if text = html.UnescapeString(text); regexp.MustCompile(`[@#]\w`).MatchString(text) {
				t.Errorf("%s: %q", name, text)
			}
		}
	}
}
