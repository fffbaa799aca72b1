// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/virustotal/terraform-provider-virustotal/internal/tftest"
	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// TestModules runs the tests of the modules and of the example.
func TestModules(t *testing.T) {
	t.Parallel()
	tftest.Needs(t, "override_data")
	for _, directory := range []string{"modules/audit", "modules/spend", "examples/audit"} {
		t.Run(directory, func(t *testing.T) {
			t.Parallel()
			auditCLI(t, directory).Succeed("test", "-no-color")
		})
	}
	t.Run("modules/ledger", func(t *testing.T) {
		t.Parallel()
		ledgerCLI(t).Succeed("test", "-no-color")
	})
}

// TestAuditReadme compares a module's README and validations with the catalogue of controls, and with the module's
// variables and outputs.
func TestAuditReadme(t *testing.T) {
	t.Parallel()
	for _, module := range []string{"audit", "spend"} {
		t.Run(module, func(t *testing.T) {
			t.Parallel()
			checkReadme(t, module)
		})
	}
}

func checkReadme(t *testing.T, module string) {
	t.Helper()
	read := func(name string) string {
		content, err := os.ReadFile(filepath.Join(modulesDir, module, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(content)
	}
	var catalogue map[string]struct {
		Severity, Title, Requirement, Risk, Remedy string
		MapsTo                                     map[string][]string `json:"maps_to"`
	}
	if err := json.Unmarshal([]byte(read("controls.json")), &catalogue); err != nil {
		t.Fatal(err)
	}
	readme, variables := read("README.md"), read("variables.tf")
	for id, control := range catalogue {
		row := "| `" + id + "` |"
		for _, framework := range []string{"CIS Controls 8.1", "NIST SP 800-53 r5", "PCI DSS 4.0.1", "ISO/IEC 27001:2022", "SOC 2"} {
			row += strings.TrimRight(" "+strings.Join(control.MapsTo[framework], ", "), " ") + " |"
			delete(control.MapsTo, framework)
		}
		for _, want := range []string{row + "\n", fmt.Sprintf("| %#q | %s | ", id, control.Severity)} {
			if !strings.Contains(readme, want) {
				t.Errorf("README.md lacks %q", want)
			}
		}
		if len(control.MapsTo) > 0 || control.Title == "" || control.Requirement == "" || control.Risk == "" || control.Remedy == "" {
			t.Errorf("%s is %+v", id, control)
		}
	}
	for kind, content := range map[string]string{"variable": variables, "output": read("outputs.tf")} {
		for _, block := range regexp.MustCompile(`(?m)^`+kind+` "(\w+)"`).FindAllStringSubmatch(content, -1) {
			if !strings.Contains(readme, "\n| `"+block[1]+"` | ") {
				t.Errorf("README.md lacks the %s %s", kind, block[1])
			}
		}
	}
}

// TestPolicyInputs checks that the example accepts the module's inputs in a policy, except for the group's ID.
func TestPolicyInputs(t *testing.T) {
	t.Parallel()
	content := func(file string) string {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	names := func(pattern, text string) []string {
		var found []string
		for _, match := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
			found = append(found, match[1])
		}
		slices.Sort(found)
		return found
	}
	inputs := names(`(?m)^variable "(\w+)"`, content(filepath.Join(modulesDir, "audit", "variables.tf")))
	inputs = slices.DeleteFunc(inputs, func(name string) bool { return name == "group_id" || name == "at" })
	// One list decides, and the other one names the inputs that are not in it.
	lists := regexp.MustCompile(`(?s)\[\s+"allowed_domains".*?\]`).FindAllString(content(filepath.Join(auditExample, "variables.tf")), -1)
	if len(lists) != 2 {
		t.Fatalf("there are %d lists of inputs, want 2", len(lists))
	}
	for _, list := range lists {
		if got := names(`"(\w+)"`, list); !slices.Equal(got, inputs) {
			t.Errorf("a policy accepts %q, want %q", got, inputs)
		}
	}
	if got := names(`each\.value\.(\w+)`, content(filepath.Join(repository, "examples", "several-keys", "groups", "main.tf"))); !slices.Equal(got, inputs) {
		t.Errorf("examples/several-keys passes %q, want %q", got, inputs)
	}
}

// TestAuditDefaults checks that the default policy of the example is the one of the module.
func TestAuditDefaults(t *testing.T) {
	t.Parallel()
	fake := serve(t)
	fake.AddTeam(vttest.Crew, vttest.SmallestTeam)
	example := auditCLI(t, "examples/audit", fake.env(vttest.SecurityHead)...)
	example.audit(1, groupsVariable(map[string]any{vttest.Crew: defaultPolicy()}))
	report, err := os.ReadFile(filepath.Join(example.Dir, "out", "report.md"))
	if err != nil {
		t.Fatal(err)
	}
	module := auditCLI(t, "modules/audit", append(fake.env(vttest.SecurityHead), "TF_VAR_group_id="+vttest.Crew)...)
	var outputs struct {
		Evidence struct {
			Value struct {
				Policy string `json:"policy_sha256"`
			}
		}
	}
	module.outputs(&outputs)
	if outputs.Evidence.Value.Policy == "" {
		t.Fatal("the module has no evidence of its policy")
	}
	contains(t, string(report), outputs.Evidence.Value.Policy)
}
