// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// TestMain sees to it that the acceptance tests run with a CLI that is here, and with nothing of the
// developer's own: neither a key nor a configuration of the CLI.
func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == providerBinary {
		os.Exit(serveAsProvider())
	}
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
	home, err := os.MkdirTemp("", "home")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Setenv("HOME", home)
	for _, name := range []string{
		"TF_CLI_CONFIG_FILE", "VIRUSTOTAL_API_KEY", "VT_API_KEY", "VTCLI_APIKEY", "VIRUSTOTAL_BASE_URL",
		"VIRUSTOTAL_REQUESTS_PER_MINUTE", "VIRUSTOTAL_MAX_RETRIES", "VIRUSTOTAL_MAX_RETRY_WAIT", "VIRUSTOTAL_REQUEST_TIMEOUT",
	} {
		os.Unsetenv(name)
	}
	code := m.Run()
	os.RemoveAll(home)
	os.Exit(code)
}

// factories serve the provider to the Terraform under test, from within the test's process.
var factories = map[string]func() (tfprotov6.ProviderServer, error){
	"virustotal": providerserver.NewProtocol6WithError(New("test")()),
}

// serve starts a fake VirusTotal and points the provider to it, with the key of one of its users.
func serve(t *testing.T, user string) *vttest.Server {
	t.Helper()
	fake := vttest.New()
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	t.Setenv("VIRUSTOTAL_BASE_URL", server.URL+vttest.BasePath)
	t.Setenv("VIRUSTOTAL_API_KEY", fake.Key(user))
	return fake
}

// apply runs the steps with the real Terraform, where it has what they use.
func apply(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	for _, step := range steps {
		needs(t, step.Config)
	}
	resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: steps})
}

// TestExamples applies the examples of every data source: one is there, it works, and its struct and schema agree.
func TestExamples(t *testing.T) {
	for _, s := range sources() {
		t.Run(s.name, func(t *testing.T) {
			examples, err := filepath.Glob(filepath.Join("..", "..", "examples", "data-sources", "virustotal_"+s.name, "data-source*.tf"))
			if err != nil || len(examples) == 0 {
				t.Fatal("there is no example", err)
			}
			fake := serve(t, vttest.Owner)
			for _, name := range examples {
				example, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				if !strings.Contains(string(example), `data "virustotal_`+s.name+`"`) {
					t.Errorf("%s is about something else", name)
				}
				if printed, exit := inDirectory(t, string(example)).run("apply", "-auto-approve", "-input=false", "-no-color"); exit != 0 {
					t.Errorf("%s: %s", name, printed)
				}
			}
			for _, request := range fake.Requests() {
				if request.Method != http.MethodGet {
					t.Errorf("sent %s %s", request.Method, request.Path)
				}
			}
		})
	}
}
