// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestNamesInDocsExist checks that the targets, tests and files that the documents name exist.
func TestNamesInDocsExist(t *testing.T) {
	t.Parallel()
	makefile, err := os.ReadFile(filepath.Join(repository, "GNUmakefile"))
	if err != nil {
		t.Fatal(err)
	}
	tests := ""
	for _, pattern := range []string{"internal/*/*_test.go", "internal/*/*/*_test.go"} {
		files, err := filepath.Glob(filepath.Join(repository, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			tests += string(content)
		}
	}
	var (
		target = regexp.MustCompile("`make ([a-z/.-]+)|(?m:^make ([a-z/.-]+))")
		test   = regexp.MustCompile(`\b((?:Test|Benchmark|Fuzz)[A-Z][A-Za-z0-9]+)\b`)
		path   = regexp.MustCompile("`((?:internal|examples|tools|templates|docs|\\.github|\\.ci)/[A-Za-z0-9_./-]+)`")
		code   = regexp.MustCompile("`[^`\n]+`")
		linked = regexp.MustCompile(`\]\(([^)#:]*)(?:#([^)]*))?\)`)
	)
	for _, document := range documents(t) {
		raw, err := os.ReadFile(filepath.Join(repository, document))
		if err != nil {
			t.Fatal(err)
		}
		content := string(raw)
		for _, found := range target.FindAllStringSubmatch(content, -1) {
			name := found[1] + found[2]
			if !regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(name) + `:`).Match(makefile) {
				t.Errorf("%s names the make target %s, which does not exist", document, name)
			}
		}
		for _, found := range test.FindAllStringSubmatch(content, -1) {
			if !strings.Contains(tests, "func "+found[1]) {
				t.Errorf("%s names the test %s, which does not exist", document, found[1])
			}
		}
		for _, found := range path.FindAllStringSubmatch(content, -1) {
			if _, err := os.Stat(filepath.Join(repository, found[1])); err != nil {
				t.Errorf("%s names the file %s, which does not exist", document, found[1])
			}
		}
		for _, found := range linked.FindAllStringSubmatch(code.ReplaceAllString(content, ""), -1) {
			// Links in a template are relative to the page that is generated from it.
			place := strings.Replace(filepath.Dir(document), "templates", "docs", 1)
			if document == "templates/data-sources.md.tmpl" || document == "templates/ephemeral-resources.md.tmpl" {
				place = "docs/data-sources"
			}
			target := filepath.Join(repository, place, found[1])
			if found[1] == "" {
				target = filepath.Join(repository, document)
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s links to %s, which does not exist", document, found[1])
			} else if found[2] != "" && !hasHeading(t, target, found[2]) {
				t.Errorf("%s links to %s, which has no heading #%s", document, target, found[2])
			}
		}
	}
}

// hasHeading reports whether a document has a heading with the given fragment, as GitHub and the registries derive
// fragments.
func hasHeading(t *testing.T, document, fragment string) bool {
	t.Helper()
	content, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	for _, heading := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(string(content), -1) {
		name := regexp.MustCompile(`[^a-z0-9 _-]`).ReplaceAllString(strings.ToLower(heading[1]), "")
		if strings.ReplaceAll(name, " ", "-") == fragment {
			return true
		}
	}
	return false
}

// TestActionsArePinned checks that workflows name each action by a full commit hash, with the version in a comment.
func TestActionsArePinned(t *testing.T) {
	t.Parallel()
	workflows, err := filepath.Glob(filepath.Join(repository, ".github", "workflows", "*.yml"))
	if err != nil {
		t.Fatal(err)
	}
	guides, err := filepath.Glob(filepath.Join(repository, "templates", "guides", "*"))
	if err != nil {
		t.Fatal(err)
	}
	pinned, seen := regexp.MustCompile(`^[a-z0-9./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`), map[string]string{}
	copied, err := filepath.Glob(filepath.Join(ciExample, "github", "*"))
	if err != nil || len(copied) == 0 {
		t.Fatal("there is no workflow to copy", err)
	}
	var dependabot struct {
		Updates []struct {
			Ecosystem   string `json:"package-ecosystem"`
			Directories []string
		}
	}
	read(t, &dependabot, "yaml", filepath.Join(repository, ".github", "dependabot.yml"))
	var updated []string
	for _, update := range dependabot.Updates {
		if update.Ecosystem == "github-actions" {
			updated = append(updated, update.Directories...)
		}
	}
	// For Dependabot, / is action.yml and .github/workflows.
	if !slices.Equal(updated, []string{"/", "/examples/ci/github"}) {
		t.Errorf("Dependabot updates the actions in %q only", updated)
	}
	for _, file := range slices.Concat(workflows, guides, copied, []string{filepath.Join(repository, "action.yml")}) {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(content)) {
			action, found := strings.CutPrefix(strings.TrimPrefix(strings.TrimSpace(line), "- "), "uses: ")
			if !found {
				continue
			}
			if !pinned.MatchString(action) && !strings.HasPrefix(action, ownAction) {
				t.Errorf("%s: %s is not pinned", file, action)
			}
			name, _, _ := strings.Cut(action, "@")
			if before := seen[name]; before != "" && before != action {
				t.Errorf("%s: %s, and elsewhere %s", file, action, before)
			}
			seen[name] = action
		}
	}
	if len(seen) == 0 {
		t.Error("no workflow uses an action")
	}
}
