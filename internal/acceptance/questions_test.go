// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestQuestions checks that the table of questions links every data source, in the README and on the provider's page.
func TestQuestions(t *testing.T) {
	t.Parallel()
	for document, prefix := range map[string]string{"README.md": "docs/", "docs/index.md": ""} {
		content, err := os.ReadFile(filepath.Join(repository, document))
		if err != nil {
			t.Fatal(err)
		}
		_, table, found := strings.Cut(string(content), "\n| Question | Data source |\n")
		if !found {
			t.Fatalf("%s has no table of questions", document)
		}
		table, _, _ = strings.Cut(table, "\n\n")
		for name := range dataSources(t) {
			if page := "](" + prefix + "data-sources/" + strings.TrimPrefix(name, "virustotal_") + ".md)"; !strings.Contains(table, page) {
				t.Errorf("%s: no question leads to %s", document, name)
			}
		}
	}
}
