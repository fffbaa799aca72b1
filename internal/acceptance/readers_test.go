// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// reportTools is the directory of the npm packages that parse reports.
var reportTools = filepath.Join("..", "..", "tools", "report")

// tool returns the path of the first program that is installed. Without one, the test is skipped; in CI it fails.
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
	missing(t, names[0])
	return ""
}

func missing(t *testing.T, name string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is not installed: tools/report/install.sh or tools/linters.sh installs it", name)
	}
	t.Skipf("%s is not installed", name)
}

// read runs tools/report/read.js on files and decodes its output.
func read(t *testing.T, into any, what string, files ...string) {
	t.Helper()
	node := tool(t, "node")
	if _, err := os.Stat(filepath.Join(reportTools, "node_modules")); err != nil {
		missing(t, "node_modules of tools/report")
	}
	command := exec.CommandContext(t.Context(), node, append([]string{filepath.Join(reportTools, "read.js"), what}, files...)...)
	command.Stderr = os.Stderr
	output, err := command.Output()
	if err != nil {
		t.Fatalf("read.js %s: %v", what, err)
	}
	if err := json.Unmarshal(output, into); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
}

// validJSON validates a document against a JSON Schema.
func validJSON(t *testing.T, schema, document string) {
	t.Helper()
	var faults []string
	read(t, &faults, "validate", schema, document)
	for _, fault := range faults {
		t.Error(fault)
	}
}

// A view is a page as rendered by Chromium.
type view struct {
	Title, Text, Background           string
	Width, Tables, Captions, Scripts  int
	Duplicates, Overflow              int
	Invisible, Pages                  int
	Findings, Waived                  [][]string
	Elements, Dangling, Requested     []string
	Complaints, Accessibility, Passes []string
}

// views renders a page at the width of a desktop in light mode, and of a phone in dark mode. audit may be "axe", to
// check the page's accessibility with axe-core.
func views(t *testing.T, page string, audit ...string) []view {
	t.Helper()
	var found []view
	read(t, &found, "page", append([]string{page, tool(t, "chromium", "google-chrome", "chromium-browser")}, audit...)...)
	return found
}

// validXML validates XML against a schema.
func validXML(t *testing.T, schema, document string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), tool(t, "xmllint"), "--nonet", "--noout", "--schema", schema, document)
	if output, err := command.CombinedOutput(); err != nil {
		t.Errorf("xmllint: %v\n%s", err, output)
	}
}

// renderings renders a file of GitHub Flavored Markdown with several renderers and returns the HTML of each. cmark-gfm,
// which is GitHub's, runs without its HTML filter, so that unescaped HTML is found.
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
