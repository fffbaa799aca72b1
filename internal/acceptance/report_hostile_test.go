// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"encoding/csv"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// hostile are texts that some format or parser would interpret.
var hostile = []string{
	"</td><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<!-- comment", "</details>", "</code>", "]]>", "&lt;b&gt;", `"quoted" 'too'`,
	"a|b", "two\nlines", "carriage\r\nreturn", "\rmiddle\rend\r", "tab\there", "  spaces  ",
	"back`tick``", "```\ncode\n```", "**bold** _it_ ~~no~~ ==mark==", "# heading", "- item", "[ref]: https://evil.test", "\\", `\[x\]`, "{+ins+} [-del-] [^1]",
	"@team", "bob@evil.test", "https://evil.test/x", "www.evil.test", "mailto:bob@evil.test", "xmpp:bob@evil.test", "ftp://evil.test", "evil.test",
	"[link](https://evil.test)", "![image](https://evil.test/x.png)", "<https://evil.test>", "#1 GH-1", ":tada:", "$x^2$", "$$x$$", "$`x`$",
	"=cmd()", "+1", "-1", "@SUM(1)", "＝1", "＋1", "－1", "＠x", "'=1", "'", "\t=1", "\n=1", "\r=1", "  =1", "\u00a0=1", "\ufeff=1", `=HYPERLINK("https://evil.test")`,
	"\u202ertl\u202c", "\u200eltr\u200f", "\u2066isolate\u2069", "\u061c", "\x01\x08\x0b\x0c\x1f", "\ufffe\uffff", "\x7f\u0085", "line\u2028paragraph\u2029",
	"😀👩‍👩‍👧", strings.Repeat("x", 10_000), strings.Repeat("é", 200), strings.Repeat("é", 201), strings.Repeat("<", 300), ";=1+cmd|' /C calc'!A0", "x; ;-1", strings.Repeat("😀 ", 150),
	"{0} {{x}}", "%s %0A ::error::", "${path.module} %{ if true }", "שלום", "../../etc/passwd", "%2e%2e",
}

// printable replaces the characters that XML 1.0 does not allow, and those that change the direction of text.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r < 0x20 && r != '\t' && r != '\n' && r != '\r', r == 0xfffe, r == 0xffff,
			r == 0x61c, r == 0x200e, r == 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			return 0xfffd
		}
		return r
	}, text)
}

// marks are combining marks of every class, and all that compose with an ASCII character: behind markup or an escape, Terraform
// makes one character of the two.
func marks() []rune {
	var found []rune
	classes := map[uint8]bool{}
	for r := rune(0x80); r <= unicode.MaxRune; r++ {
		class := norm.NFC.PropertiesString(string(r)).CCC()
		if class == 0 || norm.NFC.String(string(r)) != string(r) {
			continue
		}
		composes := false
		for ascii := range rune(0x80) {
			composes = composes || !strings.ContainsRune(norm.NFC.String(string(ascii)+string(r)), r)
		}
		if composes || !classes[class] {
			found = append(found, r)
		}
		classes[class] = true
	}
	return found
}

// composing returns texts with marks at the beginning and at the end, and behind every character that a format escapes.
func composing() []string {
	var texts []string
	for _, mark := range marks() {
		text := string(mark)
		for _, escaped := range "<>&\"'\\\n\r\t\b\f\u2028[]@#_*|=.;,:+-!$`~{}^" {
			text += " x" + string(escaped) + string(mark)
		}
		// Behind a mark of a lower class, which a mark that composes goes around.
		texts = append(texts, text+" <\u0334\u0316"+string(mark)+" \n\u0323"+string(mark)+string(mark))
	}
	texts = append(texts, "\u0338 style=position:fixed;inset:0;background:#fff;z-index:9 x", "b3<\u0301", "c\u0323\u0301", strings.Repeat("\u0301", 100))
	for i, text := range texts {
		texts[i] = norm.NFC.String(text)
	}
	return texts
}

// everywhere returns audits that have each text in every field, in each status, in a group of its own.
func everywhere(t *testing.T, texts []string) reportInput {
	t.Helper()
	a := reportInput{
		At: "2026-11-24T03:00:00Z", Title: texts[0] + "</title><script>@team www.evil.test | bob@evil.test", Scope: texts[0],
		Run: map[string]string{}, Client: map[string]string{"username": texts[0], "base_url": texts[0]}, Unaudited: texts,
	}
	for i, cell := range texts {
		a.Run[cell] = cell
		policy := ascii(t, map[string]any{"owner": cell, "allowed_domains": []string{cell}, "skip": map[string]string{cell: cell}})
		audit := groupAudit{
			Results: map[string]result{},
			Controls: map[string]control{
				cell: {
					Title: cell, Requirement: cell, Severity: "high", DefaultSeverity: "low", Risk: cell, Remedy: cell, Clock: cell,
					MapsTo: map[string][]string{cell: {cell, cell}}, Status: "error", Population: 2, Evaluated: 1,
				},
				"skipped":  {Title: cell, Severity: "low", DefaultSeverity: "low", MapsTo: map[string][]string{}, Status: "skip", SkippedBecause: cell},
				"switched": {Title: cell, Severity: "low", DefaultSeverity: "low", MapsTo: map[string][]string{}, Status: "skip", SkippedBecause: "switched off by the policy"},
			},
			Accounts: []judged{{
				ID: cell, Kind: cell, Roles: []string{cell}, TwoFactor: cell, LastLogin: cell, UserSince: cell, MailDomain: cell, DailyLimit: cell,
				Findings: []string{cell},
			}},
			Evidence: evidence{
				At: cell, Group: cell, Owner: cell, FailOn: "high", Policy: policy, PolicySHA256: cell, WeakerThanDefault: []string{cell},
				ReviewedOn: cell, ReviewedBy: cell, NextReview: cell, Lists: map[string]list{cell: {Unreadable: &cell}},
			},
			Failing: []string{fmt.Sprintf("%s/%s/%d alarm", cell, cell, i)},
		}
		for _, status := range []string{"alarm", "waived", "error"} {
			audit.Results[fmt.Sprintf("%s/%s/%d %s", cell, cell, i, status)] = result{
				Control: cell, Group: cell, Who: status + " " + cell, Owner: cell, Severity: "high", Status: status, What: cell,
				Why: cell, Blocks: []string{cell}, Reason: cell, ApprovedBy: cell, Until: cell,
			}
		}
		a.Audits = append(a.Audits, audit)
	}
	return a
}

// shown returns a text as pages and XML show it: printable, and cut where it is longer than any name or reason.
func shown(text string) string {
	if runes := []rune(printable(text)); len(runes) > 1000 {
		return string(runes[:1000]) + "…"
	}
	return printable(text)
}

// TestReportHostileCells puts hostile texts into every field, and parses the reports of all formats.
func TestReportHostileCells(t *testing.T) {
	t.Parallel()
	for name, texts := range map[string][]string{"hostile": hostile, "composing": composing()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkHostile(t, everywhere(t, texts))
		})
	}
}

func checkHostile(t *testing.T, a reportInput) {
	t.Helper()
	// More numbers than SARIF allows tags per rule.
	many := map[string][]string{"CIS Controls 8.1": strings.Split("1 2 3 4 5 6 7 8 9 10 11 12", " ")}
	a.Audits[0].Controls["many"] = control{
		Title: "Many", Severity: "low", DefaultSeverity: "low", MapsTo: many, Status: "ok", Population: 1, Evaluated: 1,
	}
	r := render(t, a)

	t.Run("csv", func(t *testing.T) {
		rows, err := csv.NewReader(strings.NewReader(r.reports["csv"])).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		text := func(cell string) string {
			if regexp.MustCompile(`(^|;)([\s\x{a0}\x{feff}]*[=+@＝＋－＠-])|^[\t\r\n]`).MatchString(cell) {
				t.Errorf("a spreadsheet takes %q for a formula", cell)
			}
			return regexp.MustCompile(`(;['\s\x{a0}\x{feff}]*)'([=+@＝＋－＠-])`).ReplaceAllString(strings.TrimPrefix(cell, "'"), "$1$2")
		}
		for i, id := range a.ordered() {
			want := a.results()[id].cells(id)
			for j, cell := range rows[i+1] {
				if got, want := text(cell), strings.ReplaceAll(want[j], "\r\n", "\n"); got != want {
					t.Errorf("got %q, want %q", got, want)
				}
				if decoded := r.decoded[i][rows[0][j]]; decoded != cell {
					t.Errorf("csvdecode: got %q, want %q", decoded, cell)
				}
			}
		}
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

	t.Run("json", func(t *testing.T) {
		checkJSON(t, a, r)
	})

	t.Run("prometheus", func(t *testing.T) {
		checkPrometheus(t, a, r)
	})

	t.Run("html", func(t *testing.T) {
		checkPage(t, a, r)
	})
}

// TestReportHostileMarkdown puts hostile texts into a Markdown report that is long enough to show all of them.
func TestReportHostileMarkdown(t *testing.T) {
	t.Parallel()
	texts := append(composing(), hostile...)
	a := everywhere(t, texts)
	c := reportCLI(t, a, `
module "report" {`+arguments+`
  at             = local.audit.at
  title          = "</h1><script> @team #1 https://evil.test $x$"
  markdown_limit = 10000000
}
output "report" {
  value = module.report.markdown
}
`)
	var outputs struct {
		Report struct{ Value string }
	}
	c.outputs(&outputs)
	c.WriteFile("report.md", outputs.Report.Value)
	if strings.Contains(outputs.Report.Value, "$") {
		t.Error("there is a $ that may begin a formula")
	}

	plain := regexp.MustCompile(`^</?(h1|h2|p|strong|table|thead|tbody|tr|td|th|code|wbr|details|summary|ul|li)( align="right"| style="text-align:right")?>$`)
	for name, page := range renderings(t, c.Dir+"/report.md") {
		for _, tag := range regexp.MustCompile(`<[^>]*>`).FindAllString(page, -1) {
			if !plain.MatchString(tag) {
				t.Errorf("%s: %s", name, tag)
			}
		}
		if got := strings.Count(page, "<details>"); got != 4 || strings.Count(page, "</details>") != got {
			t.Errorf("%s: %d folds", name, got)
		}
		// In two open rows: group, owner and why. In a waived one: the title, group, owner, why, reason, approver and end. In those
		// of a skipped control and of one evaluated in part: title, group and why. In that of a group: five.
		cells := map[string]int{}
		for _, match := range regexp.MustCompile(`(?s)<td><code>(.*?)</code></td>`).FindAllStringSubmatch(page, -1) {
			cells[strings.TrimSpace(html.UnescapeString(strings.ReplaceAll(match[1], "<wbr>", "")))]++
		}
		for _, cell := range texts {
			runes := []rune(printable(cell))
			if len(runes) > 200 {
				runes = append(runes[:200], '…')
			}
			text := strings.TrimSpace(regexp.MustCompile(`[ \t\n\f\r\x{85}\x{2028}\x{2029}]+`).ReplaceAllString(string(runes), " "))
			if cells[text] < 24 {
				t.Errorf("%s: %q is there %d times, want 24", name, text, cells[text])
			}
		}
		// A mention or a reference would be a sign and a name in one text node, outside <code>.
		for _, text := range regexp.MustCompile(`<[^>]*>`).Split(regexp.MustCompile(`(?s)<code>.*?</code>`).ReplaceAllString(page, ""), -1) {
			if text = html.UnescapeString(text); regexp.MustCompile(`[@#]\w`).MatchString(text) {
				t.Errorf("%s: %q", name, text)
			}
		}
	}
}

// TestReportMarkdownLimit renders a report with many limits on its length.
func TestReportMarkdownLimit(t *testing.T) {
	t.Parallel()
	a := sampleAudit(t)
	var limits []string
	for limit := 200; limit < 10000; limit += 450 {
		limits = append(limits, strconv.Quote(strconv.Itoa(limit)))
	}
	c := reportCLI(t, a, `
module "report" {`+arguments+`
  for_each       = toset([`+strings.Join(limits, ", ")+`])
  at             = local.audit.at
  markdown_limit = tonumber(each.key)
}
output "reports" {
  value = { for limit, report in module.report : limit => report.markdown }
}
`)
	var outputs struct {
		Reports struct{ Value map[string]string }
	}
	c.outputs(&outputs)
	whole, cut := 0, 0
	for key, report := range outputs.Reports.Value {
		limit, err := strconv.Atoi(key)
		if err != nil {
			t.Fatal(err)
		}
		if len(report) > limit {
			t.Errorf("%d bytes, and the limit is %d", len(report), limit)
		}
		if strings.Count(report, "<details>") != strings.Count(report, "</details>") {
			t.Errorf("at %d a fold is open:\n%s", limit, report)
		}
		// The tables that the last line counts. What follows is not counted.
		counted, _, _ := strings.Cut(report, " evaluated in part</summary>")
		shown := strings.Count(counted, "\n| <code>") + strings.Count(counted, "\n| the group")
		more := 0
		match := regexp.MustCompile(`\n… and (\d+) more\n`).FindStringSubmatch(report)
		if match != nil {
			cut++
			more, _ = strconv.Atoi(match[1])
		} else {
			whole++
		}
		if want := len(a.results()) + 1; shown+more != want {
			t.Errorf("at %d: %d shown and %d more are not %d", limit, shown, more, want)
		}
		if limit > 400 && !strings.HasSuffix(report, "\n<https://github.com/puffin/access/actions/runs/218>\n") {
			t.Errorf("at %d: the report does not end with the link of the run", limit)
		}
	}
	if whole == 0 || cut < 10 {
		t.Errorf("%d whole, %d cut", whole, cut)
	}
}

// TestReportTime compares the module's Unix milliseconds with Go's.
func TestReportTime(t *testing.T) {
	t.Parallel()
	times := []string{
		"1970-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "1999-12-31T23:59:59Z", "2000-02-29T12:30:00Z", "2000-03-01T00:00:00Z", "2024-02-29T23:59:59.999Z",
		"2026-11-24T03:04:05+00:00", "2026-12-31T23:59:59.25Z", "2100-02-28T00:00:00Z", "2100-03-01T00:00:00Z", "2400-02-29T01:02:03Z",
	}
	a := sampleAudit(t)
	c := reportCLI(t, a, `
module "report" {`+arguments+`
  for_each = toset(["`+strings.Join(times, `", "`)+`"])
  at       = each.key
}
output "times" {
  value = { for at, report in module.report : at => [for line in split("\n", trimspace(report.ocsf)) : jsondecode(line).time] }
}
`)
	var outputs struct {
		Times struct{ Value map[string][]int64 }
	}
	c.outputs(&outputs)
	for _, at := range times {
		want, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := slices.Compact(outputs.Times.Value[at]); !slices.Equal(got, []int64{want.UnixMilli()}) {
			t.Errorf("%s: got %d, want %d", at, got, want.UnixMilli())
		}
	}
}
