// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// graph is a VT Graph. Its nodes and links, which make up most of its size, are counted but not stored.
type graph struct {
	identified
	Description      *string `json:"-" tfsdk:"description" doc:"Description by its author."`
	Version          *string `json:"-" tfsdk:"version" doc:"Version of the graph's format."`
	Private          *bool   `json:"private" doc:"Whether only the graph's owners, editors and viewers can see it. Null if VirusTotal does not say."`
	CreationDate     *date   `json:"creation_date" doc:"When the graph was created."`
	LastModifiedDate *date   `json:"last_modified_date" doc:"When the graph was last modified."`
	ViewsCount       *int64  `json:"views_count" doc:"Number of views."`
	CommentsCount    *int64  `json:"comments_count" doc:"Number of comments on the graph."`
	NodesCount       *int64  `json:"-" tfsdk:"nodes_count" doc:"Number of nodes. Counted by the provider."`
	LinksCount       *int64  `json:"-" tfsdk:"links_count" doc:"Number of links between nodes. Counted by the provider."`

	Data struct {
		Description *string `json:"description"`
		Version     *string `json:"version"`
	} `json:"graph_data" tfsdk:"-"`
	Nodes []counted `json:"nodes" tfsdk:"-"`
	Links []counted `json:"links" tfsdk:"-"`
}

func (g *graph) Derive(identity virustotal.Identity) error {
	g.Description, g.Version = g.Data.Description, g.Data.Version
	g.NodesCount, g.LinksCount = count(g.Nodes), count(g.Links)
	return g.identified.Derive(identity)
}

// counted is an element that is counted but not decoded.
type counted struct{}

// UnmarshalJSONFrom skips any value.
func (*counted) UnmarshalJSONFrom(dec *jsontext.Decoder) error { return dec.SkipValue() }

// count returns the length of a list, or nil for nil.
func count(elements []counted) *int64 {
	if elements == nil {
		return nil
	}
	n := int64(len(elements))
	return &n
}

func (*graph) Kind() virustotal.Kind { return virustotal.Kind{Types: []string{"graph"}} }
