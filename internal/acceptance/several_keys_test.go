// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/virustotal/terraform-provider-virustotal/internal/tftest"
	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// TestSeveralKeys audits two groups, each with the API key of an administrator of this group only.
func TestSeveralKeys(t *testing.T) {
	t.Parallel()
	fake := serve(t)
	// Tobias is no administrator of puffin_soc, and Marit's key is not that of puffin_ferries here.
	keys := fmt.Sprintf(`TF_VAR_api_keys={"emea": %q, "apac": %q}`, fake.Key(vttest.Admin), fake.Key(vttest.SecurityHead))
	c := severalKeys(t, "VIRUSTOTAL_BASE_URL="+fake.url, keys)
	got, printed := c.audit(1)
	contains(t, printed, "Group puffin_ferries: ", "not be read or judged")
	contains(t, printed, "Group puffin_soc: ", "incomplete")
	contains(t, printed, "Not audited: puffin-ci, puffin_harbour, puffin_research")
	if len(got.Controls) != 2 || len(got.Controls["puffin_soc"]) == 0 {
		t.Errorf("controls of %d groups", len(got.Controls))
	}
	for _, key := range []string{fake.Key(vttest.Admin), fake.Key(vttest.SecurityHead)} {
		if found := c.filesContaining(key); found != nil {
			t.Errorf("a key is in %q", found)
		}
	}

	// With the keys the other way round, each key is refused the group that its owner does not administrate.
	keys = fmt.Sprintf(`TF_VAR_api_keys={"emea": %q, "apac": %q}`, fake.Key(vttest.SecurityHead), fake.Key(vttest.Admin))
	c = severalKeys(t, "VIRUSTOTAL_BASE_URL="+fake.url, keys)
	got, _ = c.audit(1)
	if refused, ok := got.Results["puffin_soc/incomplete"]; !ok {
		t.Errorf("Tobias' key reads puffin_soc: %+v", refused)
	}
	if refused, ok := got.Results["puffin_ferries/incomplete"]; ok {
		t.Errorf("Marit's key does not read puffin_ferries: %+v", refused)
	}

	for groups, want := range map[string]string{
		`{"puffin_ferries": {"dorment_days": 45}, "puffin_soc": {}}`:        "Others: dorment_days.",
		`{"puffin_ferries": {}, "puffin_soc": {}, "greendale_library": {}}`: "Not so: greendale_library.",
		`{"puffin_ferries": {}}`: "Not so: puffin_soc.",
	} {
		_, printed = c.audit(2, "-var=groups="+groups)
		contains(t, flat(strings.ReplaceAll(printed, "|", "")), want)
	}
}

// severalKeys returns a CLI for examples/several-keys. Each provider configuration has a process of its own, as for users.
func severalKeys(t *testing.T, variables ...string) *cli {
	t.Helper()
	tftest.Needs(t, `check "`)
	c := newCLIWithPlugin(t, "", variables...)
	for _, name := range []string{"modules", "examples/audit", "examples/several-keys"} {
		if err := os.CopyFS(filepath.Join(c.Dir, name), os.DirFS(filepath.Join(repository, name))); err != nil {
			t.Fatal(err)
		}
	}
	script := filepath.Join(c.Dir, "examples", "audit", "audit.sh")
	c.Dir = filepath.Join(c.Dir, "examples", "several-keys")
	if err := errors.Join(os.RemoveAll(filepath.Join(c.Dir, ".terraform")), os.Rename(script, filepath.Join(c.Dir, "audit.sh"))); err != nil {
		t.Fatal(err)
	}
	c.Succeed("get")
	return c
}
