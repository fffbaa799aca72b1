// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
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
//	<!-- test: fails no second factor -->
//
// The test of a block depends on its language, and on these words in the comment, separated by semicolons:
//
//	terraform  planned in a new directory; must succeed
//	sh         run in the document's directory; must succeed. Of a block with make commands only, the targets must exist
//	yaml       with "workflow": the run: lines are run in order, in the document's directory
//	text       each line must be in the output of the previous command
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
		"modules/ledger/README.md", "examples/rego/README.md", "examples/ci/README.md",
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
							if want := flat(line); !strings.Contains(flat(printed), want) {
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

// A shell runs the code blocks of a document in a directory.
type shell struct {
	dir       string
	env       []string
	overrides string // CLI configuration with dev_overrides, which needs no terraform init.
}

// newShell creates a directory with what the documents assume: the CLI under its usual names, which installs the
// provider as from a registry; a clone of the repository beside the configuration; and an API key of the fake.
func newShell(t *testing.T) *shell {
	t.Helper()
	dir, bin, mirror := t.TempDir(), t.TempDir(), t.TempDir()
	link := func(from, to string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(from, to); err != nil {
			t.Fatal(err)
		}
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	clone, err := filepath.Abs(repository)
	if err != nil {
		t.Fatal(err)
	}
	goCommand, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		link(self, filepath.Join(mirror, host, "virustotal", "virustotal", "0.1.0", runtime.GOOS+"_"+runtime.GOARCH, providerBinary))
	}
	for _, name := range []string{"terraform", "tofu"} {
		link(tftest.Path(), filepath.Join(bin, name))
	}
	link(clone, filepath.Join(dir, "terraform-provider-virustotal"))
	link(self, filepath.Join(bin, providerBinary))
	release(t, filepath.Join(dir, "terraform-provider-virustotal"), filepath.Join(mirror, "release"))
	r := &shell{dir: dir, overrides: filepath.Join(bin, "overrides.tfrc")}
	rc := filepath.Join(bin, "cli.tfrc")
	for name, content := range map[string]string{
		rc:                       fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", mirror),
		r.overrides:              fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"virustotal/virustotal\" = %q\n  }\n}\n", bin),
		filepath.Join(bin, "go"): fmt.Sprintf("#!/bin/sh\nHOME='%s' exec '%s' \"$@\"\n", os.Getenv("HOME"), goCommand),
	} {
		if err := os.WriteFile(name, []byte(content), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	r.env = append(tftest.Environ(t), "TF_CLI_CONFIG_FILE="+rc, "GORACE=atexit_sleep_ms=0", "TF_CLI_ARGS=-no-color",
		"GITHUB_STEP_SUMMARY="+filepath.Join(bin, "summary"),
		"PATH="+bin+string(filepath.ListSeparator)+os.Getenv("PATH"),
		"GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=url."+filepath.Join(mirror, "release")+".insteadOf",
		"GIT_CONFIG_VALUE_0=https://github.com/virustotal/terraform-provider-virustotal.git")
	return r
}

// release creates a Git repository with the modules, tagged with the version that the documents name. Module sources
// that begin with github.com lead to it.
func release(t *testing.T, clone, at string) {
	t.Helper()
	if err := os.CopyFS(filepath.Join(at, "modules"), os.DirFS(filepath.Join(clone, "modules"))); err != nil {
		t.Fatal(err)
	}
	for _, arguments := range [][]string{
		{"init", "-q"}, {"add", "."}, {"-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "-q", "-m", "x"}, {"tag", "v0.1.0"},
	} {
		command := exec.CommandContext(t.Context(), "git", append([]string{"-C", at}, arguments...)...)
		command.Env = tftest.Environ(t)
		if output, err := command.CombinedOutput(); err != nil {
			t.Fatalf("git %s: %v\n%s", arguments[0], err, output)
		}
	}
}

func (r *shell) write(t *testing.T, name, content string) {
	t.Helper()
	path := filepath.Join(r.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// plan plans a complete configuration. It adds required_providers if missing.
func (r *shell) plan(t *testing.T, b block) string {
	t.Helper()
	r.write(t, "main.tf", b.text)
	if !strings.Contains(b.text, "required_providers") {
		r.write(t, "versions.tf", "terraform {\n  required_providers {\n    virustotal = {\n      source = \"virustotal/virustotal\"\n    }\n  }\n}\n")
	}
	r.env = append(r.env, "TF_CLI_CONFIG_FILE="+r.overrides)
	return r.sh(t, b, "terraform get >/dev/null\nterraform plan -input=false")
}

// sh runs a script, with the API key on standard input.
func (r *shell) sh(t *testing.T, b block, script string) string {
	t.Helper()
	fake := serve(t)
	command := exec.CommandContext(t.Context(), "bash", "-eu", "-o", "pipefail", "-c", script)
	command.Dir = r.dir
	command.Stdin = strings.NewReader(fake.Key(b.user) + "\n")
	command.Env = append(slices.Concat(r.env, fake.env(b.user)), "PWD="+r.dir)
	output, err := command.CombinedOutput()
	if _, failed := errors.AsType[*exec.ExitError](err); err != nil && !failed {
		t.Fatal(err)
	}
	if (err != nil) != b.fails {
		t.Fatalf("%s\nfailed: %v, want %v\n%s", script, err != nil, b.fails, output)
	}
	if b.says != "" && !tftest.Pattern(b.says).MatchString(flat(string(output))) {
		t.Errorf("%s\ndid not say %q:\n%s", script, b.says, output)
	}
	return string(output)
}

// makeTargets returns the targets of a script that consists of make commands only, otherwise nil.
func makeTargets(script string) []string {
	var targets []string
	for line := range strings.Lines(script) {
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		switch {
		case len(words) == 0:
		case words[0] != "make" || len(words) < 2:
			return nil
		default:
			targets = append(targets, words[1])
		}
	}
	return targets
}

// stepsOf returns the scripts of a workflow's run: lines.
func stepsOf(t *testing.T, workflow string) []string {
	t.Helper()
	var steps []string
	inside := -1 // Indentation of the multi-line script that is being read, or -1.
	for line := range strings.Lines(workflow) {
		line = strings.TrimRight(line, "\n")
		depth := len(line) - len(strings.TrimLeft(line, " "))
		if inside >= 0 && (depth > inside || line == "") {
			steps[len(steps)-1] += strings.TrimSpace(line) + "\n"
			continue
		}
		inside = -1
		before, script, found := strings.Cut(line, "run: ")
		switch {
		case !found || strings.Trim(before, " -") != "":
		case script == "|":
			steps = append(steps, "")
			inside = len(before)
		default:
			steps = append(steps, script)
		}
	}
	if len(steps) == 0 {
		t.Fatal("the workflow runs nothing")
	}
	return steps
}

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
	for _, file := range slices.Concat(workflows, guides, copied) {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(content)) {
			action, found := strings.CutPrefix(strings.TrimPrefix(strings.TrimSpace(line), "- "), "uses: ")
			if !found {
				continue
			}
			if !pinned.MatchString(action) {
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
