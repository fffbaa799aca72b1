// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/virustotal/terraform-provider-virustotal/internal/tftest"
	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// repository is the root of the repository, relative to the directory of the tests.
const repository = "../.."

// A block is a fenced code block of a document. A comment before it can say how to test it:
//
//	<!-- test: fails no 2FA -->
//
// The test of a block depends on its language, and on these words in the comment, separated by semicolons:
//
//	terraform  planned in a new directory; must succeed
//	sh         run in the document's directory; must succeed. Of a block with make commands only, the targets must exist
//	yaml       with "workflow": the run: lines are run in order, in the document's directory
//	text       each line must be in the output of the previous command, except for "…", which stands for more lines
//
//	file NAME      write the block to a file in the document's directory instead
//	fails WORDS    the plan, the command or the last step must fail, and print the words ("…" stands for any text)
//	says WORDS     it must print the words
//	as USER        use the API key of another user of the fake
//	not run: WHY   skip the block, for a reason that the test logs
type block struct {
	line            int
	language, text  string
	file, says, why string
	fails, workflow bool
	user            string
}

var (
	fence  = regexp.MustCompile("^```([a-z]*)$")
	marker = regexp.MustCompile(`^<!-- test: (.*) -->$`)
)

// blocksOf parses a document. It fails on comments that it does not understand.
func blocksOf(t *testing.T, document string) []block {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(repository, document))
	if err != nil {
		t.Fatal(err)
	}
	var blocks []block
	var open, marked *block
	for i, line := range strings.Split(string(content), "\n") {
		at := fmt.Sprintf("%s:%d", document, i+1)
		switch found := fence.FindStringSubmatch(line); {
		case open != nil && line == "```":
			blocks = append(blocks, *open)
			open = nil
		case open != nil:
			open.text += line + "\n"
		case found != nil:
			open, marked = marked, nil
			if open == nil {
				open = &block{user: vttest.SecurityHead}
			}
			open.line, open.language = i+1, found[1]
			if !slices.Contains([]string{"terraform", "sh", "yaml", "text"}, open.language) {
				t.Fatalf("%s: unknown language %q", at, open.language)
			}
		case strings.HasPrefix(strings.TrimSpace(line), "```"), strings.HasPrefix(line, "~~~"):
			t.Fatalf("%s: unsupported code fence: %s", at, line)
		case marked != nil && line != "":
			t.Fatalf("%s: no code block follows this test comment", at)
		case strings.HasPrefix(line, "<!-- test"):
			words := marker.FindStringSubmatch(line)
			if words == nil {
				t.Fatalf("%s: invalid test comment: %s", at, line)
			}
			marked = parseMarker(t, at, words[1])
		}
	}
	if open != nil || marked != nil {
		t.Fatalf("%s: a block that does not end", document)
	}
	return blocks
}

func parseMarker(t *testing.T, at, words string) *block {
	t.Helper()
	b := &block{user: vttest.SecurityHead}
	for clause := range strings.SplitSeq(words, "; ") {
		switch verb, rest, _ := strings.Cut(clause, " "); {
		case verb == "file" && filepath.IsLocal(rest):
			b.file = rest
		case verb == "fails" && rest != "":
			b.fails, b.says = true, rest
		case verb == "says" && rest != "":
			b.says = rest
		case verb == "as" && rest != "":
			b.user = rest
		case clause == "workflow":
			b.workflow = true
		case strings.HasPrefix(clause, "not run: "):
			b.why = strings.TrimPrefix(clause, "not run: ")
		default:
			t.Fatalf("%s: the test does not understand %q", at, clause)
		}
	}
	return b
}

// documents returns the handwritten documents that have code blocks, or that name parts of the repository. Pages with
// nothing but examples are covered by TestExamples.
func documents(t *testing.T) []string {
	t.Helper()
	found := []string{
		"README.md", "CONTRIBUTING.md", "DESIGN.md", "SECURITY.md", "CHANGELOG.md", "examples/audit/README.md", "modules/audit/README.md", "modules/report/README.md",
		"modules/ledger/README.md", "modules/spend/README.md", "examples/rego/README.md", "examples/ci/README.md",
	}
	err := filepath.WalkDir(filepath.Join(repository, "templates"), func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			path, err = filepath.Rel(repository, path)
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestDocs runs every code block of the README and the guides, from top to bottom, with the real CLI and the fake
// VirusTotal.
func TestDocs(t *testing.T) {
	t.Parallel()
	for _, document := range documents(t) {
		t.Run(document, func(t *testing.T) {
			t.Parallel()
			blocks := blocksOf(t, document)
			if len(blocks) == 0 {
				return
			}
			r, printed := newShell(t), ""
			missing := "" // Feature that the CLI lacks for a block, and so for all later ones in the document's directory.
			skipped := "" // Feature that the CLI lacks for the last block with its own directory, and so for its output.
			for _, b := range blocks {
				t.Run(fmt.Sprintf("line %d", b.line), func(t *testing.T) {
					alone := b.language == "terraform" && b.file == ""
					if !alone && missing == "" {
						missing = tftest.Unsupported(t, b.text)
						if _, err := exec.LookPath("jq"); err != nil && strings.Contains(b.text, "jq ") {
							missing = "there is no jq on the PATH"
						}
					}
					switch {
					case b.why != "":
						t.Skip("not run: " + b.why)
					case alone && tftest.Unsupported(t, b.text) != "":
						skipped = tftest.Unsupported(t, b.text)
						t.Skip(skipped)
					case b.language == "text" && skipped != "":
						t.Skip(skipped)
					case len(makeTargets(b.text)) > 0:
						if b.language != "sh" {
							t.Fatal("make is for the shell")
						}
					case !alone && missing != "":
						t.Skip(missing)
					case b.file != "":
						r.write(t, b.file, b.text)
					case alone:
						skipped = ""
						printed = newShell(t).plan(t, b)
					case b.language == "sh":
						skipped = ""
						printed = r.sh(t, b, b.text)
					case b.workflow:
						steps := stepsOf(t, b.text)
						for i, step := range steps {
							last := b
							if i < len(steps)-1 {
								last.fails, last.says = false, ""
							}
							printed = r.sh(t, last, step)
						}
					case b.language == "text":
						for line := range strings.Lines(b.text) {
							if want := flat(line); want != "…" && !strings.Contains(flat(printed), want) {
								t.Errorf("%q is not in what the command before has printed:\n%s", want, printed)
							}
						}
					default:
						t.Errorf("a block of the language %s needs a comment that says what to do with it", b.language)
					}
				})
			}
		})
	}
}

// flat removes the frame that Terraform draws around its messages, and collapses white space.
func flat(s string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("│", "", "╷", "", "╵", "").Replace(s)), " ")
}
