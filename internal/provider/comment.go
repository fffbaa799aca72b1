// SPDX-License-Identifier: MPL-2.0

package provider

import "github.com/virustotal/terraform-provider-virustotal/internal/virustotal"

// comment is what somebody wrote in VirusTotal's community about a file, a URL, a domain, an IP address or a graph.
type comment struct {
	object
	Date  *date         `json:"date" tfsdk:"date" doc:"When it was written, in RFC 3339."`
	Text  *string       `json:"text" tfsdk:"text" doc:"What was written."`
	HTML  *string       `json:"html" tfsdk:"html" doc:"The same as HTML."`
	Tags  []*string     `json:"tags" tfsdk:"tags" doc:"The words of the text that begin with #."`
	Votes *commentVotes `json:"votes" tfsdk:"votes" doc:"What others think of it."`
}

type commentVotes struct {
	Positive *int64 `json:"positive" tfsdk:"positive" doc:"How many found it useful."`
	Negative *int64 `json:"negative" tfsdk:"negative" doc:"How many did not."`
	Abuse    *int64 `json:"abuse" tfsdk:"abuse" doc:"How many reported it as abuse."`
}

func (*comment) Kind() virustotal.Kind { return virustotal.Kind{Types: []string{"comment"}} }
