// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// A webhook is a server that records the messages posted to it, and answers with a given status.
type webhook struct {
	*httptest.Server
	mu     sync.Mutex
	posted []string
	status int
}

const secretPath = "/services/T0/B0/fa4esecret"

func newWebhook(t *testing.T) *webhook {
	t.Helper()
	w := &webhook{status: http.StatusOK}
	w.Server = httptest.NewServer(http.HandlerFunc(func(answer http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.mu.Lock()
		defer w.mu.Unlock()
		var message struct{ Text string }
		decoder := json.NewDecoder(strings.NewReader(string(body)))
		decoder.DisallowUnknownFields()
		err := decoder.Decode(&message)
		if err != nil || r.Method != http.MethodPost || r.URL.Path != secretPath || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s %s, %q: %v, %s", r.Method, r.URL, r.Header, err, body)
		}
		w.posted = append(w.posted, message.Text)
		answer.WriteHeader(w.status)
	}))
	t.Cleanup(w.Close)
	return w
}

// answers sets the status, and returns the messages posted since the last call.
func (w *webhook) answers(status int) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	posted := w.posted
	w.status, w.posted = status, nil
	return posted
}

func (w *webhook) env() []string { return []string{"NOTIFY_URL=" + w.URL + secretPath} }

// TestNotify checks that new findings are posted once, and that the webhook's URL is not printed.
func TestNotify(t *testing.T) {
	t.Parallel()
	c, hook := teamCLI(t), newWebhook(t)
	c.Succeed("-chdir=examples/ci/ledger", "init", "-no-color")
	c.audits("monday", "2026-11-23T03:00:00Z", func(*served) {})
	c.audits("tuesday", "2026-11-24T03:00:00Z", func(fake *served) { fake.Day(2) })
	printed := c.script(0, nil, ledgerScript, "--first", "monday/report.json")
	contains(t, printed, "NOTIFY_URL is not set: nothing is posted.")
	printed = c.script(0, hook.env(), ledgerScript, "monday/report.json")
	contains(t, printed, "Nothing is new, worse or overdue: nothing is posted.", "fa4esecret")
	if posted := hook.answers(http.StatusForbidden); posted != nil {
		t.Errorf("posted %q", posted)
	}

	// Findings that could not be posted are not applied, so they are new the next time.
	printed = c.script(2, hook.env(), ledgerScript, "tuesday/report.json")
	contains(t, printed, "notify.sh: the webhook responded with 403", "fa4esecret")
	first := hook.answers(http.StatusFound)
	printed = c.script(2, hook.env(), ledgerScript, "tuesday/report.json")
	contains(t, printed, "notify.sh: the webhook responded with 302", "fa4esecret")
	if again := hook.answers(http.StatusNoContent); !slices.Equal(first, again) || len(again) != 1 {
		t.Errorf("posted %q, then %q", first, again)
	}
	printed = c.script(0, hook.env(), ledgerScript, "tuesday/report.json")
	contains(t, printed, "Posted the changes.", "fa4esecret")
	posted := strings.Join(hook.answers(http.StatusOK), "\n")
	for _, b := range blocksOf(t, "templates/guides/what-changed.md") {
		if strings.Contains(b.why, "TestNotify") {
			for line := range strings.Lines(b.text) {
				contains(t, posted, strings.Trim(line, "\n"), "yuki@", "puffinferries.example")
			}
			contains(t, b.text, "critical: ")
		}
	}
	printed = c.script(0, hook.env(), ledgerScript, "tuesday/report.json")
	contains(t, printed, "Nothing is new, worse or overdue: nothing is posted.", "fa4esecret")

	// A webhook that does not answer, and invalid URLs.
	url := hook.URL
	hook.Close()
	for address, want := range map[string]string{
		url + secretPath:                           "the webhook cannot be reached: curl exited with 7",
		"http://hooks.example/fa4esecret":          "must begin with https://",
		"file:///fa4esecret":                       "must begin with https://",
		"https://hooks.example/\"fa4esecret":       "a character that is not allowed in the URL of a webhook",
		"https://h.example/\noutput=/fa4esecret":   "a character that is not allowed in the URL of a webhook",
		"http://127.0.0.1:80@h.example/fa4esecret": "a character that is not allowed in the URL of a webhook",
		"http://127.0.0.1:x/fa4esecret":            "must begin with https://",
	} {
		printed := c.script(2, []string{"NOTIFY_URL=" + address}, ledgerScript, c.hostile())
		contains(t, printed, want, "fa4esecret")
	}
}

// hostile writes a report with names that could be taken for markup, and with 30 more findings.
func (c *cli) hostile() string {
	c.t.Helper()
	found := nightReport{night: night{}}
	for i, who := range append([]string{
		"@channel", "<!here>", "<@U012>", "[x](https:evil.test)", "```\n@all", `"},"channel":"#general","x":{"`, `\u0040here`, "$(id)`id`",
		"a&lt;!here&gt;", "\u202e\x1b[2J", strings.Repeat("x", 9999), strings.Repeat("\u200b", 40_000),
	}, strings.Split(strings.Repeat("joe ", 30), " ")...) {
		found.night[fmt.Sprintf("g/dormant/%02d %s", i, who)] = "high alarm"
	}
	return c.write("2026-11-27T03:00:00Z", found)
}

// TestNotifyOfHostileNames checks that a name in a message is not a mention, a link or the end of a code fence.
func TestNotifyOfHostileNames(t *testing.T) {
	t.Parallel()
	c, hook := mondayCLI(t), newWebhook(t)
	c.script(0, hook.env(), ledgerScript, c.hostile())
	posted := hook.answers(http.StatusOK)
	if len(posted) != 1 {
		t.Fatalf("posted %q", posted)
	}
	head, fenced, _ := strings.Cut(posted[0], "\n```\n")
	fenced, after, closed := strings.Cut(fenced, "\n```")
	if head != "43 new, 0 worse and 0 overdue findings in the access audit of 2026-11-27T03:00:00Z" || after != "\nNot looked at: 5 recorded findings." || !closed {
		t.Errorf("posted %q", posted[0])
	}
	if strings.ContainsAny(fenced, "`@<>&\x1b\u202e\u200b") || len(posted[0]) > 6000 {
		t.Errorf("posted %q", fenced)
	}
	lines := strings.Split(fenced, "\n")
	if len(lines) != 21 || lines[20] != "… and 23 more" {
		t.Errorf("%d lines, the last is %q", len(lines), lines[len(lines)-1])
	}
	for _, want := range []string{"new high: dormant: 00 ＠channel (g)", "‹!here›", `"},"channel":"#general","x":{"`, `\u0040here`, "$(id)ˋidˋ"} {
		contains(t, fenced, want)
	}
}

// TestNotifyOfFailures checks the message for an audit without a report, that for the first report, and the link.
func TestNotifyOfFailures(t *testing.T) {
	t.Parallel()
	c, hook := mondayCLI(t), newWebhook(t)
	c.script(0, append(hook.env(), "RUN_URL=https://ci.example/runs/7"), notifyScript, "--failed", "audit.sh: the plan failed: @all")
	posted := hook.answers(http.StatusOK)
	if want := "The access audit failed, so there is no report.\n```\naudit.sh: the plan failed: ＠all\n```\nhttps://ci.example/runs/7"; !slices.Equal(posted, []string{want}) {
		t.Errorf("posted %q", posted)
	}
	if err := os.Remove(filepath.Join(c.Dir, "examples", "ci", "ledger", "terraform.tfstate")); err != nil {
		t.Fatal(err)
	}
	c.script(0, hook.env(), ledgerScript, "--first", "modules/ledger/tests/monday.json")
	if posted := hook.answers(http.StatusOK); len(posted) != 1 || posted[0] != "The ledger of the access audit begins with 5 findings: 1 critical, 3 medium." {
		t.Errorf("posted %q", posted)
	}
}

// TestNotifyShowsNoProcess checks that no process has the webhook's URL in its arguments or environment.
func TestNotifyShowsNoProcess(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/proc/self/cmdline"); err != nil {
		t.Skip("there is no /proc")
	}
	c, bin := mondayCLI(t), t.TempDir()
	curl := "#!/bin/sh\ncat >\"$SEEN/config\"\nprintf '%s\\n' \"$@\" >\"$SEEN/arguments\"\nenv >\"$SEEN/environment\"\n" +
		"cat /proc/*/cmdline 2>/dev/null | tr '\\0' ' ' >\"$SEEN/processes\"\nprintf 200\n"
	if err := os.WriteFile(filepath.Join(bin, "curl"), []byte(curl), 0o700); err != nil {
		t.Fatal(err)
	}
	c.script(0, []string{
		"NOTIFY_URL=https://hooks.example" + secretPath, "SEEN=" + bin, "PATH=" + bin + string(filepath.ListSeparator) + os.Getenv("PATH"),
	}, ledgerScript, c.hostile())
	seen := map[string]string{}
	for _, name := range []string{"config", "arguments", "environment", "processes"} {
		content, err := os.ReadFile(filepath.Join(bin, name))
		if err != nil {
			t.Fatal(err)
		}
		seen[name] = string(content)
	}
	contains(t, seen["config"], "url = \"https://hooks.example"+secretPath+"\"\n")
	delete(seen, "config")
	for _, name := range slices.Sorted(maps.Keys(seen)) {
		if strings.Contains(seen[name], "fa4esecret") || seen[name] == "" {
			t.Errorf("%s: %s", name, seen[name])
		}
	}
}
