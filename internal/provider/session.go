// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// A session is what the provider's configuration comes to, and data sources read with.
type session struct {
	client  *virustotal.Client
	keyFrom string // Where the API key was set: "the argument api_key", "the environment variable VT_API_KEY".
}

// userAgent names who asks. VirusTotal's servers compress their answers to a program only where it says gzip.
// further is what the user adds, by TF_APPEND_USER_AGENT.
func userAgent(terraform, version, further string) string {
	agent := fmt.Sprintf("Terraform/%s (+https://www.terraform.io) terraform-provider-virustotal/%s (gzip)", terraform, version)
	return strings.Join(append([]string{agent}, strings.Fields(further)...), " ")
}

// transport is net/http's, with its proxies by the environment, and with a connection kept for each of the ten reads
// that Terraform makes at the same time.
func transport() http.RoundTripper {
	t, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return readOnly{http.DefaultTransport}
	}
	t = t.Clone()
	t.MaxIdleConnsPerHost = 10
	return readOnly{t}
}

// readOnly sends nothing but GET, whatever is above it.
type readOnly struct{ http.RoundTripper }

func (t readOnly) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Method != http.MethodGet {
		return nil, fmt.Errorf("the provider only reads: %s is not sent", req.Method)
	}
	return t.RoundTripper.RoundTrip(req)
}
