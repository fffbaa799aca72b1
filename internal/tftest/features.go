// SPDX-License-Identifier: MPL-2.0

package tftest

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// never is the minor version for a feature that OpenTofu does not support.
const never = 1000

// features are features that older CLIs lack, with the pattern that finds their use, and the first versions of Terraform
// and OpenTofu that support them.
var features = []struct {
	pattern, name   string
	terraform, tofu int // N of version 1.N.
}{
	{`(?m)^\s*check "`, "check blocks", 5, 6},
	{`source = "./tests/mocks"`, "mocks in a separate file", 7, never},
	{`plantimestamp\(`, "the function plantimestamp", 5, 6},
	{`(?m)^\s*ephemeral "|ephemeral\s*= true`, "ephemeral resources", 10, 11},
	{`_wo\s*=`, "write-only arguments", 11, 11},
	{`(?m)^(terraform|tofu) test`, "the test command", 6, 6},
	{`console -plan`, "console -plan", 7, never},
	{`mock_provider|mock_data`, "mocks", 7, 8},
	{`override_data`, "overrides in mocks", 7, 9},
	{`"terraform_data"`, "terraform_data", 4, 6},
	{`endswith\(|timecmp\(|startswith\(`, "endswith, startswith and timecmp", 3, 6},
	{`precondition \{|postcondition \{`, "preconditions and postconditions", 2, 6},
	{`required_version = ">= 1.6"`, "the field errored in the JSON of a plan", 6, 6},
	{`required_version = ">= 1.5"|terraform-provider-virustotal/(modules|examples)`, "the modules", 5, 6},
}

// cliVersion returns the version of the CLI under test.
var cliVersion = sync.OnceValues(func() (string, error) {
	command := exec.Command(Path(), "version", "-json")
	command.Env = withoutSettings(os.Environ()) // OpenTofu would print warnings about a missing CLI configuration before the JSON.
	output, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("%s: %w", command, err)
	}
	var cli struct {
		Version string `json:"terraform_version"`
	}
	err = json.Unmarshal(output, &cli)
	return cli.Version, err
})

// Unsupported returns a message about a feature that a text uses and the CLI under test does not support, or "".
func Unsupported(t testing.TB, text string) string {
	t.Helper()
	version, err := cliVersion()
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(version, ".")
	minor, err := strconv.Atoi(parts[min(1, len(parts)-1)])
	if err != nil || parts[0] != "1" {
		t.Fatalf("cannot parse the CLI's version %q", version)
	}
	for _, feature := range features {
		first, name := feature.terraform, "Terraform"
		if IsOpenTofu() {
			first, name = feature.tofu, "OpenTofu"
		}
		if minor < first && regexp.MustCompile(feature.pattern).MatchString(text) {
			return fmt.Sprintf("%s %s does not support %s", name, version, feature.name)
		}
	}
	return ""
}

// Needs skips the test if the CLI under test does not support a feature that a text uses.
func Needs(t testing.TB, text string) {
	t.Helper()
	if reason := Unsupported(t, text); reason != "" {
		t.Skip(reason)
	}
}
