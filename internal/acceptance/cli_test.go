// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/virustotal/terraform-provider-virustotal/internal/provider"
	"github.com/virustotal/terraform-provider-virustotal/internal/tftest"
)

// A cli runs Terraform in a directory.
type cli struct {
	*tftest.CLI
	t *testing.T
}

// providerSource is the provider's source address, without the host name.
const providerSource = "virustotal/virustotal"

// newCLI returns a CLI for a configuration in a new directory. variables are added to its environment, which is the
// provider's too.
func newCLI(t *testing.T, config string, variables ...string) *cli {
	t.Helper()
	c := &cli{tftest.New(t, tftest.Require(providerSource)+config, variables...), t}
	c.Serve(t, providerSource, provider.NewServer("test", c.Getenv))
	return c
}

// newCLIWithPlugin is like newCLI, but Terraform starts the provider in a process of its own, as it does for users.
func newCLIWithPlugin(t *testing.T, config string, variables ...string) *cli {
	t.Helper()
	bin := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(self, filepath.Join(bin, providerBinary)); err != nil {
		t.Fatal(err)
	}
	// With -race a process sleeps a second before it exits, and each plan starts the provider several times.
	variables = append([]string{"TF_CLI_CONFIG_FILE=" + tftest.DevOverrides(t, bin, providerSource), "GORACE=atexit_sleep_ms=0"}, variables...)
	return &cli{tftest.New(t, tftest.Require(providerSource)+config, variables...), t}
}

// filesContaining returns the files in the directory that contain a text, including files in zip archives such as plans.
func (c *cli) filesContaining(text string) []string {
	c.t.Helper()
	var found []string
	err := filepath.WalkDir(c.Dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name := strings.TrimPrefix(path, c.Dir)
		if bytes.Contains(content, []byte(text)) {
			found = append(found, name)
		}
		archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
		if err != nil {
			return nil //nolint:nilerr // It is not a zip archive.
		}
		for _, member := range archive.File {
			file, err := member.Open()
			if err != nil {
				return err
			}
			content, err := io.ReadAll(file)
			if err != nil {
				return err
			}
			if bytes.Contains(content, []byte(text)) {
				found = append(found, name+"/"+member.Name)
			}
		}
		return nil
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return found
}
