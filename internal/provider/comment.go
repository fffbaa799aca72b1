// SPDX-License-Identifier: MPL-2.0

package provider

import "github.com/virustotal/terraform-provider-virustotal/internal/virustotal"

// comment is a comment on a file, a URL, a domain, an IP address or a graph.
type comment struct {
	identified
	Date  *date         `json:"date" doc:"When the comment was posted."`
	Text  *string       `json:"text" doc:"Text of the comment."`
	HTML  *string       `json:"html" doc:"Text of the comment as HTML."`
	Tags  []*string     `json:"tags" doc:"Tags of the comment: the words in it that begin with [#]."`
	Votes *commentVotes `json:"votes" doc:"Votes on the comment."`
}

type commentVotes struct {
	Positive *int64 `json:"positive" doc:"Number of users who found the comment useful."`
	Negative *int64 `json:"negative" doc:"Number of users who found the comment not useful."`
	Abuse    *int64 `json:"abuse" doc:"Number of users who reported the comment as abuse."`
}

func (*comment) Kind() virustotal.Kind { return virustotal.Kind{Types: []string{"comment"}} }
