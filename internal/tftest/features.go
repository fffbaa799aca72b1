// SPDX-License-Identifier: MPL-2.0

package tftest

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// never is the minor version of a feature that OpenTofu does not have.
const never = 1000

// features are features that older CLIs lack, with the pattern that shows their use, and the first versions of
// Terraform and OpenTofu that have them.
var features = []struct {
	pattern, name   string
	terraform, tofu int // Minor versions of 1.
}{
	{`(?m)^\s*check "`, "check blocks", 5, 6},
	{`source = "./tests/mocks"`, "mocks in a separate file", 7, never},
	{`plantimestamp\(`, "the function plantimestamp", 5, 6},
	{`(?m)^\s*ephemeral "|ephemeral\s*= true`, "ephemeral resources", 10, 11},
	{`_wo\s*=`, "write-only arguments", 11, 11},
	{`(?m)^(terraform|tofu) test`, "the command test", 6, 6},
	{`mock_provider|override_data|mock_data`, "mocks", 7, 8},
	{`"terraform_data"`, "terraform_data", 4, 6},
	{`endswith\(|timecmp\(|startswith\(`, "functions of Terraform 1.3", 3, 6},
	{`precondition \{|postcondition \{`, "conditions", 2, 6},
	{`required_version = ">= 1.5"`, "the required version", 5, 6},
}

// cliVersion returns the version of the CLI under test.
var cliVersion = sync.OnceValues(func() (string, error) {
	output, err := exec.Command(Path(), "version", "-json").Output()
	if err != nil {
		return "", err
	}
	var cli struct {
		Version string `json:"terraform_version"`
	}
	err = json.Unmarshal(output, &cli)
	return cli.Version, err
})

// Lacks returns which feature in a text the CLI under test lacks, or "".
func Lacks(t *testing.T, text string) string {
	t.Helper()
	version, err := cliVersion()
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(version, ".")
	minor, err := strconv.Atoi(parts[min(1, len(parts)-1)])
	if err != nil || parts[0] != "1" {
		t.Fatalf("the CLI has the version %q", version)
	}
	for _, feature := range features {
		first, name := feature.terraform, "Terraform"
		if IsOpenTofu() {
			first, name = feature.tofu, "OpenTofu"
		}
		if minor < first && regexp.MustCompile(feature.pattern).MatchString(text) {
			if first == never {
				return feature.name + " are not in " + name
			}
			return fmt.Sprintf("%s: require %s 1.%d, and this is %s", feature.name, name, first, version)
		}
	}
	return ""
}

// Needs skips the test if the CLI under test lacks a feature in a text.
func Needs(t *testing.T, text string) {
	t.Helper()
	if reason := Lacks(t, text); reason != "" {
		t.Skip(reason)
	}
}
