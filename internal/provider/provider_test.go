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

// TestMain makes the tests use an installed CLI, without the developer's CLI configuration. Each test sets the
// environment variables of its own provider.
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

// variables is an environment for the provider.
type variables map[string]string

func (v variables) get(name string) string { return v[name] }

// noVariables is an empty environment.
func noVariables(string) string { return "" }

// A served is a fake VirusTotal on a port, with the provider's environment for it.
type served struct {
	*vttest.Server
	env variables
}

// serve starts a fake VirusTotal, for a provider with the API key of the given user.
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

// factories returns the provider's factory for resource.TestCase. The provider runs in the test's process.
func (s *served) factories() map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		"virustotal": func() (tfprotov6.ProviderServer, error) { return NewServer("test", s.env.get), nil },
	}
}

// apply runs steps with the real Terraform.
func (s *served) apply(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: s.factories(), Steps: steps})
}

// applyFrom is like apply, but skips the test on versions of Terraform that the check excludes.
func (s *served) applyFrom(t *testing.T, check tfversion.TerraformVersionCheck, steps ...resource.TestStep) {
	t.Helper()
	resource.UnitTest(t, resource.TestCase{
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{check},
		ProtoV6ProviderFactories: s.factories(),
		Steps:                    steps,
	})
}
