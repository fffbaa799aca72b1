// SPDX-License-Identifier: MPL-2.0

// Package acceptance tests the repository rather than its code: the documentation, the examples and the modules, each as
// a user runs them, with the real CLI and with the provider as a process of its own.
package acceptance

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/virustotal/terraform-provider-virustotal/internal/provider"
	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// TestMain sees to it that the tests run with a CLI that is installed, and with nothing of the developer's own: neither
// a key nor a configuration of the CLI.
func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == providerBinary {
		os.Exit(serveAsProvider())
	}
	if os.Getenv("TF_ACC_TERRAFORM_PATH") == "" {
		cli, err := exec.LookPath("terraform")
		if err != nil {
			fmt.Fprintln(os.Stderr, "There is no terraform on the PATH. Run the tests by make test, which finds or installs one.")
			os.Exit(1)
		}
		os.Setenv("TF_ACC_TERRAFORM_PATH", cli)
	}
	if strings.HasPrefix(filepath.Base(os.Getenv("TF_ACC_TERRAFORM_PATH")), "tofu") {
		os.Setenv("TF_ACC_PROVIDER_HOST", "registry.opentofu.org")
	}
	home, err := os.MkdirTemp("", "home")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Setenv("HOME", home)
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		if strings.HasPrefix(name, "VIRUSTOTAL_") || name == "VT_API_KEY" || name == "VTCLI_APIKEY" || name == "TF_CLI_CONFIG_FILE" {
			os.Unsetenv(name)
		}
	}
	code := m.Run()
	os.RemoveAll(home)
	os.Exit(code)
}

// providerBinary is the name under which Terraform starts a provider. The test's own binary has it too, as a
// link, and is the provider then.
const providerBinary = "terraform-provider-virustotal"

// panicking makes that provider panic where it decodes its first answer.
const panicking = "VIRUSTOTAL_TEST_PANIC"

// serveAsProvider is what TestMain does where Terraform has started the test's binary.
func serveAsProvider() int {
	if os.Getenv(panicking) != "" {
		http.DefaultTransport = panicTransport{http.DefaultTransport}
	}
	if err := provider.Serve("test", false); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// panicTransport answers with bodies that panic when they are read.
type panicTransport struct{ http.RoundTripper }

func (t panicTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.RoundTripper.RoundTrip(req)
	if err == nil {
		resp.Body = panicBody{resp.Body}
	}
	return resp, err
}

type panicBody struct{ io.ReadCloser }

func (panicBody) Read([]byte) (int, error) { panic("the decoder panics") }

// A served is a fake VirusTotal at a URL of the loopback.
type served struct {
	*vttest.Server
	url string
}

func serve(t *testing.T) *served {
	t.Helper()
	fake := vttest.New()
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	return &served{fake, server.URL + vttest.BasePath}
}

// env is what points the provider to the fake, with the key of one of its users.
func (s *served) env(user string) []string {
	return []string{"VIRUSTOTAL_BASE_URL=" + s.url, "VIRUSTOTAL_API_KEY=" + s.Key(user)}
}

// said matches words as Terraform shows them: "…" stands for any words between, a space for any white space.
func said(words string) *regexp.Regexp {
	pattern := strings.ReplaceAll(regexp.QuoteMeta(words), "…", `(.|\n)*`)
	return regexp.MustCompile(strings.ReplaceAll(pattern, " ", `\s+`))
}
