// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"testing"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// TestClientConfig checks that the data source says who reads, and that it shares the request for the owner.
func TestClientConfig(t *testing.T) {
	t.Parallel()
	const current = "data.virustotal_client_config.current"
	fake := serve(t, vttest.Admin)
	fake.apply(t, `
			data "virustotal_client_config" "current" {}
			data "virustotal_user" "me" { depends_on = [data.virustotal_client_config.current] }`,
		has(current, words(vttest.Admin), "username"),
		has(current, words(fake.env["VIRUSTOTAL_BASE_URL"]), "base_url"),
		has(current, words("VIRUSTOTAL_API_KEY"), "api_key_source"),
		has(current, words("test"), "provider_version"),
	)
	if got := len(fake.Requests()); got != 1 {
		t.Errorf("%d requests, want 1", got)
	}
	fake = serve(t, vttest.Admin)
	fake.fails(t, `
			provider "virustotal" { api_key = "`+aKey+`" }
			data "virustotal_client_config" "current" {}`,
		`Cannot read the VirusTotal user that the API key belongs to … from the argument api_key`)
}
