// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// A source is a data source as a value: what sets it apart from the others. What all have in common is
// written once, in its methods.
type source struct {
	name    string // Behind "virustotal_".
	about   string // What the page says of it: full sentences, in Markdown.
	readers string // Who may read it: "the account's owner". The page says so, and a refusal does.
	cost    string // What a read costs in requests, a full sentence.
	trimmed bool   // Whether VirusTotal is asked to leave out the attributes that are not shown.
	filter  string // What its argument "filter" takes; "" where it has none.

	of   parent // Whom or what it is read of.
	what string // What it reads of that, in words: "the groups"; "" where it is the thing itself.

	attributes map[string]schema.Attribute
	read       reading

	session *session
}

// A session is what the provider's configuration comes to, and data sources read with.
type session struct {
	client  *virustotal.Client
	keyFrom string // Where the API key was set: "the argument api_key", "the environment variable VT_API_KEY".
}

var _ datasource.DataSourceWithConfigure = (*source)(nil)

func (s *source) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + s.name
}

func (s *source) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		Attributes: s.attributes,
		MarkdownDescription: s.about +
			"\n\n**Who can read it:** " + s.readers + "." +
			"\n\n**What it costs:** " + s.cost,
	}
}

func (s *source) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	s.session, _ = req.ProviderData.(*session) // Nothing is there yet when Terraform only validates.
}

func (s *source) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var configured *string
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root(s.of.argument), &configured)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, done := logged(ctx, "virustotal_"+s.name)
	defer done()
	found, err := s.find(ctx, configured, req.Config)
	if err == nil {
		err = store(ctx, &resp.State, found)
	}
	if err != nil {
		resp.Diagnostics.Append(s.diagnose(err, configured)...)
	}
}

// find reads all attributes. The id stays what was configured, whatever VirusTotal calls it.
func (s *source) find(ctx context.Context, configured *string, arguments tfsdk.Config) (attributes, error) {
	id, err := s.of.identify(ctx, s.session.client, configured)
	if err != nil {
		return nil, err
	}
	found, err := s.read(ctx, s.session.client, id, arguments)
	if err != nil {
		return nil, err
	}
	found[s.of.argument] = id
	return found, nil
}

// A reading is the read of a source, of the parent that an id names.
type reading func(ctx context.Context, client *virustotal.Client, id string, arguments tfsdk.Config) (attributes, error)

// single makes a data source whose attributes are an M's.
func single[M any](of parent, name string, read func(ctx context.Context, client *virustotal.Client, id string) (*M, error), s source) source {
	s.of = of
	s.name = name
	s.attributes = attributesOf[M]()
	s.attributes[of.argument] = of.schema()
	s.read = func(ctx context.Context, client *virustotal.Client, id string, _ tfsdk.Config) (attributes, error) {
		m, err := read(ctx, client, id)
		if err != nil {
			return nil, err
		}
		return attributesIn(m), nil
	}
	return s
}
