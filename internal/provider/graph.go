// SPDX-License-Identifier: MPL-2.0

package provider

import "encoding/json"

// graph is a VT Graph. Its nodes and links, most of its bytes, are counted and let go.
type graph struct {
	object
	Description      *string `json:"-" tfsdk:"description" doc:"What its author says of it."`
	Version          *string `json:"-" tfsdk:"version" doc:"Version of the graph's format."`
	Private          *bool   `json:"private" tfsdk:"private" doc:"Whether only its owners, editors and viewers see it. Null where VirusTotal does not say."`
	CreationDate     *date   `json:"creation_date" tfsdk:"creation_date" doc:"When it was made, in RFC 3339."`
	LastModifiedDate *date   `json:"last_modified_date" tfsdk:"last_modified_date" doc:"When it was last changed, in RFC 3339."`
	ViewsCount       *int64  `json:"views_count" tfsdk:"views_count" doc:"How often it was looked at."`
	CommentsCount    *int64  `json:"comments_count" tfsdk:"comments_count" doc:"How many comments it has."`
	NodesCount       *int64  `json:"-" tfsdk:"nodes_count" doc:"How many nodes it has. Counted by the provider."`
	LinksCount       *int64  `json:"-" tfsdk:"links_count" doc:"How many links between nodes it has. Counted by the provider."`

	Data struct {
		Description *string `json:"description"`
		Version     *string `json:"version"`
	} `json:"graph_data" tfsdk:"-"`
	Nodes []passed `json:"nodes" tfsdk:"-"`
	Links []passed `json:"links" tfsdk:"-"`
}

func (g *graph) Derive(id string, context json.RawMessage) error {
	g.Description, g.Version = g.Data.Description, g.Data.Version
	g.NodesCount, g.LinksCount = count(g.Nodes), count(g.Links)
	return g.object.Derive(id, context)
}

// passed is an element that is let pass, whatever it holds, and takes no memory.
type passed struct{}

// UnmarshalJSON takes anything.
func (*passed) UnmarshalJSON([]byte) error { return nil }

// count is the length of a list; nil where there is none.
func count(elements []passed) *int64 {
	if elements == nil {
		return nil
	}
	n := int64(len(elements))
	return &n
}
