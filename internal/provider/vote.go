// SPDX-License-Identifier: MPL-2.0

package provider

import "github.com/virustotal/terraform-provider-virustotal/internal/virustotal"

// vote is a user's verdict on something.
type vote struct {
	object
	Date    *date   `json:"date" tfsdk:"date" doc:"When the vote was cast, in RFC 3339."`
	Value   *int64  `json:"value" tfsdk:"value" doc:"The vote's weight. It is negative where the verdict is malicious."`
	Verdict *string `json:"verdict" tfsdk:"verdict" doc:"harmless or malicious."`
}

func (*vote) Kind() virustotal.Kind { return virustotal.Kind{Types: []string{"vote"}} }
