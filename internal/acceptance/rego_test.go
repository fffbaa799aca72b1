// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/virustotal/terraform-provider-virustotal/internal/tftest"
	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// TestRego runs the policy's tests, and evaluates the policy on a plan.
func TestRego(t *testing.T) {
	t.Parallel()
	path := tool(t, "opa")
	regoExample, err := filepath.Abs(filepath.Join(repository, "examples", "rego"))
	if err != nil {
		t.Fatal(err)
	}
	opa := func(want int, arguments ...string) string {
		t.Helper()
		command := exec.CommandContext(t.Context(), path, arguments...)
		command.Dir = regoExample
		output, _ := command.Output()
		if got := command.ProcessState.ExitCode(); got != want {
			t.Fatalf("opa %q: exit code %d, want %d\n%s", arguments, got, want, output)
		}
		return string(output)
	}
	opa(0, "check", "--strict", ".")
	if unformatted := opa(0, "fmt", "--list", "."); unformatted != "" {
		t.Errorf("not formatted: %s", unformatted)
	}
	opa(0, "test", "--fail-on-empty", ".")

	config, err := os.ReadFile(filepath.Join(regoExample, "main.tf"))
	if err != nil {
		t.Fatal(err)
	}
	tftest.Needs(t, string(config))
	// newCLI adds its own terraform block.
	_, resources, found := strings.Cut(string(config), "\n}\n")
	if !found {
		t.Fatal("main.tf does not begin with the block terraform")
	}
	fake := serve(t)
	c := newCLI(t, resources, fake.env(vttest.SecurityHead)...)
	c.Succeed("plan", "-out=plan", "-var=group_id=puffin_ferries")
	c.WriteFile("plan.json", c.Succeed("show", "-json", "plan"))
	plan := filepath.Join(c.Dir, "plan.json")
	var denied []string
	if err := json.Unmarshal([]byte(opa(0, "eval", "-d", "access.rego", "-i", plan, "-f", "raw", "data.virustotal.access.deny")), &denied); err != nil {
		t.Fatal(err)
	}
	if want := []string{"puffin_ferries: anne-lise.moreau does not have 2FA enabled", "puffin_ferries: yuki does not have 2FA enabled"}; !slices.Equal(denied, want) {
		t.Errorf("denied %q, want %q", denied, want)
	}
	opa(1, "eval", "-d", "access.rego", "-i", plan, "--fail", "-f", "discard", "data.virustotal.access.allow")
}
