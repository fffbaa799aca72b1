// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// TestMain sees to it that the tests run with a CLI that is installed, and without the developer's configuration
// of it. What the provider takes from its environment each test sets for itself.
func TestMain(m *testing.M) {
	cli := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if cli == "" {
		var err error
		cli, err = exec.LookPath("terraform")
		if err != nil {
			fmt.Fprintln(os.Stderr, "There is no terraform on the PATH. Run the tests by make test, which finds or installs one.")
			os.Exit(1)
		}
		os.Setenv("TF_ACC_TERRAFORM_PATH", cli)
	}
	if strings.HasPrefix(filepath.Base(cli), "tofu") {
		os.Setenv("TF_ACC_PROVIDER_HOST", "registry.opentofu.org")
	}
	os.Unsetenv("TF_CLI_CONFIG_FILE")
	os.Exit(m.Run())
}

// variables are an environment of the provider.
type variables map[string]string

func (v variables) get(name string) string { return v[name] }

// noVariables is an empty environment.
func noVariables(string) string { return "" }

// A served is a fake VirusTotal, and the environment in which the provider reads from it.
type served struct {
	*vttest.Server
	env variables
}

// serve starts a fake VirusTotal, for a provider with the key of one of its users.
func serve(t *testing.T, user string) *served {
	t.Helper()
	fake := vttest.New()
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	return &served{fake, variables{
		"VIRUSTOTAL_BASE_URL": server.URL + vttest.BasePath,
		"VIRUSTOTAL_API_KEY":  fake.Key(user),
	}}
}

// factories serve the provider to the Terraform under test, from within the test's process.
func (s *served) factories() map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		"virustotal": func() (tfprotov6.ProviderServer, error) { return NewServer("test", s.env.get), nil },
	}
}

// apply runs the steps with the real Terraform.
func (s *served) apply(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: s.factories(), Steps: steps})
}

// applyFrom is apply where the steps use what came with a version of Terraform: the test is skipped before it.
func (s *served) applyFrom(t *testing.T, check tfversion.TerraformVersionCheck, steps ...resource.TestStep) {
	t.Helper()
	resource.UnitTest(t, resource.TestCase{
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{check},
		ProtoV6ProviderFactories: s.factories(),
		Steps:                    steps,
	})
}
