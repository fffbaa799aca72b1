// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/virustotal/terraform-provider-virustotal/internal/tftest"
)

// TestShellScripts checks scripts, and the code blocks of documents that are for the shell, with shellcheck.
func TestShellScripts(t *testing.T) {
	t.Parallel()
	shellcheck, dir := tool(t, "shellcheck"), t.TempDir()
	var files []string
	for _, root := range []string{"examples", "tools", ".ci"} {
		err := filepath.WalkDir(filepath.Join(repository, root), func(path string, entry fs.DirEntry, err error) error {
			if err == nil && entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == ".terraform") {
				return filepath.SkipDir
			}
			if filepath.Ext(path) == ".sh" || filepath.Base(path) == "run" {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, document := range documents(t) {
		for _, b := range blocksOf(t, document) {
			if b.language == "sh" {
				file := filepath.Join(dir, fmt.Sprintf("%s:%d", strings.ReplaceAll(document, "/", "_"), b.line))
				if err := os.WriteFile(file, []byte("#!/bin/bash\n"+b.text), 0o600); err != nil {
					t.Fatal(err)
				}
				files = append(files, file)
			}
		}
	}
	// A reader sees a cd that fails.
	arguments := append([]string{"--severity=warning", "--exclude=SC2164", "--format=gcc"}, files...)
	if output, err := exec.CommandContext(t.Context(), shellcheck, arguments...).CombinedOutput(); err != nil {
		t.Errorf("shellcheck: %v\n%s", err, output)
	}
}

// TestPin checks that the script for releases pins every module source and action in documents and examples.
func TestPin(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	git := func(arguments ...string) string {
		t.Helper()
		command := exec.CommandContext(t.Context(), "git", arguments...)
		command.Dir, command.Env = dir, tftest.Environ(t)
		output, err := command.CombinedOutput()
		if err != nil {
			t.Fatalf("git %s: %v\n%s", arguments[0], err, output)
		}
		return string(output)
	}
	for _, name := range []string{"docs", "examples", "modules", "templates", "README.md"} {
		copied := exec.CommandContext(t.Context(), "cp", "-R", filepath.Join(repository, name), dir)
		if output, err := copied.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, output)
		}
	}
	script, err := filepath.Abs(filepath.Join(repository, "tools", "pin.sh"))
	if err != nil {
		t.Fatal(err)
	}
	git("init", "-q")
	git("add", "-f", ".")
	uses := regexp.MustCompile(`terraform-provider-virustotal(?://modules/[^?\s]*\?ref=|@)([0-9A-Za-z.-]+)`)
	count := func(ref string) map[string]int {
		t.Helper()
		found := map[string]int{}
		for file := range strings.SplitSeq(strings.TrimSpace(git("ls-files")), "\n") {
			content, err := os.ReadFile(filepath.Join(dir, file))
			if err != nil {
				continue // A link.
			}
			for _, use := range uses.FindAllStringSubmatch(string(content), -1) {
				if use[1] == "COMMIT" {
					continue // The guide about pinning.
				}
				found[file]++
				if ref != "" && use[1] != ref {
					t.Errorf("%s uses %s, want %s", file, use[1], ref)
				}
			}
		}
		return found
	}
	before := count("")
	if before["examples/ci/README.md"] == 0 || before["examples/ci/github/virustotal-audit.yml"] == 0 || before["examples/audit/main.tf"] == 0 {
		t.Errorf("the test finds %v", before)
	}
	for _, ref := range []string{"v9.9.9-rc.1", strings.Repeat("0123456789", 4), "main", "v1.0.0"} {
		command := exec.CommandContext(t.Context(), "sh", script, ref)
		command.Dir, command.Env = dir, tftest.Environ(t)
		if output, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, output)
		}
		if after := count(ref); !maps.Equal(before, after) {
			t.Errorf("%s: from %v to %v", ref, before, after)
		}
	}
}
