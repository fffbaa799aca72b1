// SPDX-License-Identifier: MPL-2.0

package provider

import "github.com/virustotal/terraform-provider-virustotal/internal/virustotal"

// vote is a user's vote on a file, a URL, a domain or an IP address.
type vote struct {
	identified
	Date    *date   `json:"date" doc:"When the vote was cast."`
	Value   *int64  `json:"value" doc:"Weight of the vote. It is negative if the verdict is [malicious]."`
	Verdict *string `json:"verdict" doc:"Verdict of the vote: [harmless] or [malicious]."`
}

func (*vote) Kind() virustotal.Kind { return virustotal.Kind{Types: []string{"vote"}} }
