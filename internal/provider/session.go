// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// A session is what Configure passes to data sources and ephemeral resources.
type session struct {
	client *virustotal.Client

	keyOrigin, baseURLOrigin origin

	version string // Of the provider.

	keyRejected atomic.Bool // Whether an error has said that VirusTotal does not accept the API key.
}

// An origin is where a setting was set. It is empty for the default.
type origin struct {
	kind string // What the name is, such as "the environment variable ".
	name string // Such as VT_API_KEY.
}

// String returns the origin for messages: "the environment variable VT_API_KEY".
func (o origin) String() string { return o.kind + o.name }

// tool is the name of the provider in requests.
const tool = "terraform-provider-virustotal"

// userAgent returns the User-Agent header. It contains "gzip" because App Engine, which serves the API, compresses
// responses to programs only then. suffix is appended: the value of TF_APPEND_USER_AGENT.
func userAgent(terraformVersion, version, suffix string) string {
	agent := fmt.Sprintf("Terraform/%s (+https://www.terraform.io) %s/%s (gzip)", terraformVersion, tool, version)
	return strings.Join(append([]string{agent}, strings.Fields(suffix)...), " ")
}

// argumentOrigin returns the origin of a value that an argument sets.
func argumentOrigin(name string) origin { return origin{"the argument ", name} }
