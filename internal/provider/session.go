// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// A session is what Configure passes to data sources and ephemeral resources.
type session struct {
	client *virustotal.Client

	// Where the API key and the base URL were set, for messages: "the environment variable VT_API_KEY". "" for the
	// default.
	keyOrigin, baseURLOrigin string

	version string // Of the provider.

	keyRejected atomic.Bool // Whether an error has said that VirusTotal does not accept the API key.
}

// keySource returns where the API key was set, in one word: an argument, a variable or a file.
func (s *session) keySource() string {
	return s.keyOrigin[strings.LastIndex(s.keyOrigin, " ")+1:]
}

// tool is the name of the provider in requests.
const tool = "terraform-provider-virustotal"

// userAgent returns the User-Agent header. It contains "gzip" because App Engine, which serves the API, compresses
// responses to programs only then. suffix is appended: the value of TF_APPEND_USER_AGENT.
func userAgent(terraformVersion, version, suffix string) string {
	agent := fmt.Sprintf("Terraform/%s (+https://www.terraform.io) %s/%s (gzip)", terraformVersion, tool, version)
	return strings.Join(append([]string{agent}, strings.Fields(suffix)...), " ")
}

// transport returns the default transport, which takes proxies from the environment, but with an idle connection for
// each of the ten reads that Terraform runs in parallel.
func transport() http.RoundTripper {
	t, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return readOnly{http.DefaultTransport}
	}
	t = t.Clone()
	t.MaxIdleConnsPerHost = 10
	return readOnly{t}
}

// readOnly rejects all requests but GET, as a second line of defense.
type readOnly struct{ http.RoundTripper }

func (t readOnly) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Method != http.MethodGet {
		return nil, fmt.Errorf("the provider is read-only and does not send %s requests", req.Method)
	}
	return t.RoundTripper.RoundTrip(req)
}
