// SPDX-License-Identifier: MPL-2.0

// Package acceptance tests the documentation, examples and modules as a user runs them, with the real CLI.
package acceptance

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/virustotal/terraform-provider-virustotal/internal/provider"
	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// TestMain lets the test binary act as the provider.
func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == providerBinary {
		os.Exit(serveAsProvider())
	}
	os.Exit(m.Run())
}

// providerBinary is the file name by which Terraform finds the provider. It is a link to the test binary, which serves
// the provider when it is started by this name.
const providerBinary = "terraform-provider-virustotal"

// panicVariable is the environment variable that makes the provider panic when it reads a response.
const panicVariable = "VIRUSTOTAL_TEST_PANIC"

// serveAsProvider serves the provider until Terraform ends it, and returns the exit code.
func serveAsProvider() int {
	if os.Getenv(panicVariable) != "" {
		http.DefaultTransport = panicTransport{http.DefaultTransport}
	}
	if err := provider.Serve("test", false); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// panicTransport replaces response bodies with ones that panic when read.
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

// A served is a fake VirusTotal with its URL on localhost.
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

// env returns the environment variables that point the provider to the fake, with the API key of the given user.
func (s *served) env(user string) []string {
	return []string{"VIRUSTOTAL_BASE_URL=" + s.url, "VIRUSTOTAL_API_KEY=" + s.Key(user)}
}
