// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// readers is where the packages of npm are that read reports.
var readers = filepath.Join("..", "..", "tools", "report")

// tool returns where the first of some programs is. Where there is none, the test is skipped, and fails in CI.
func tool(t *testing.T, names ...string) string {
	t.Helper()
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
		if path, err := filepath.Abs(filepath.Join(repository, "build", "bin", name)); err == nil {
			if _, err := exec.LookPath(path); err == nil {
				return path
			}
		}
	}
	without(t, names[0])
	return ""
}

func without(t *testing.T, name string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is not installed: tools/report/install.sh or tools/linters.sh installs it", name)
	}
	t.Skipf("%s is not installed", name)
}

// read has tools/report/read.js read files, and decodes what it found.
func read(t *testing.T, into any, what string, files ...string) {
	t.Helper()
	node := tool(t, "node")
	if _, err := os.Stat(filepath.Join(readers, "node_modules")); err != nil {
		without(t, "node_modules of tools/report")
	}
	command := exec.CommandContext(t.Context(), node, append([]string{filepath.Join(readers, "read.js"), what}, files...)...)
	command.Stderr = os.Stderr
	output, err := command.Output()
	if err != nil {
		t.Fatalf("read.js %s: %v", what, err)
	}
	if err := json.Unmarshal(output, into); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
}

// valid fails the test where a document breaks a JSON Schema.
func valid(t *testing.T, schema, document string) {
	t.Helper()
	var faults []string
	read(t, &faults, "validate", schema, document)
	for _, fault := range faults {
		t.Error(fault)
	}
}

// A view is a page as Chromium shows it.
type view struct {
	Title, Text, Background           string
	Width, Tables, Captions, Scripts  int
	Duplicates, Overflow              int
	Findings, Waived                  [][]string
	Elements, Dangling, Requested     []string
	Complaints, Accessibility, Passes []string
}

// views opens a page at the width of a desk in the light, and at that of a phone in the dark. axe-core looks at it
// where it is asked to.
func views(t *testing.T, page string, audit ...string) []view {
	t.Helper()
	var found []view
	read(t, &found, "page", append([]string{page, tool(t, "chromium", "google-chrome", "chromium-browser")}, audit...)...)
	return found
}

// wellFormed fails the test where XML is not what the schema says.
func wellFormed(t *testing.T, schema, document string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), tool(t, "xmllint"), "--nonet", "--noout", "--schema", schema, document)
	if output, err := command.CombinedOutput(); err != nil {
		t.Errorf("xmllint: %v\n%s", err, output)
	}
}

// renderings returns the HTML that renderers of GitHub Flavored Markdown make of a file. cmark-gfm is GitHub's own; it is asked
// to leave HTML as it is, since what a name smuggles in must not be there in the first place.
func renderings(t *testing.T, file string) map[string]string {
	t.Helper()
	found := map[string]string{}
	read(t, &found, "render", file)
	command := exec.CommandContext(t.Context(), tool(t, "cmark-gfm"), "--unsafe", "-e", "table", "-e", "autolink", "-e", "strikethrough", file)
	output, err := command.Output()
	if err != nil {
		t.Fatalf("cmark-gfm: %v", err)
	}
	found["cmark-gfm"] = string(output)
	return found
}
