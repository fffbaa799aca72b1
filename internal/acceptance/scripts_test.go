// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
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
	// A failed cd ends the shell of a test. What a block assigns, its reader uses.
	arguments := append([]string{"--severity=warning", "--exclude=SC2164,SC2034", "--format=gcc"}, files...)
	if output, err := exec.CommandContext(t.Context(), shellcheck, arguments...).CombinedOutput(); err != nil {
		t.Errorf("shellcheck: %v\n%s", err, output)
	}
}
