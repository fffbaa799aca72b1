// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"maps"
	"net/url"
	"reflect"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// A row of the table of data sources says what sets one apart from the others of its kind.
type row struct {
	doc      string // Description, in Markdown.
	subject  string // What it reads, for messages: "the groups". Defaults to the relationship's name.
	audience string // Who may read it: "the account's owner". Shown in the documentation and on a 403.
	cost     string // Number of requests per read, for the documentation. Only for single.

	page Documentation // What its page says beyond the schema.

	list      string     // Attribute that holds the items. Defaults to the relationship's name.
	trimmed   bool       // Whether to request only the attributes that are shown.
	query     url.Values // Additional query parameters.
	arguments []argument // Without the ID, attributes and limit.
}

// A source is what all instances of a data source share. It is derived from its row.
type source struct {
	target
	name       string // Without the prefix "virustotal_".
	doc, cost  string
	page       Documentation
	query      url.Values
	arguments  []argument                  // All but the ID and limit.
	attributes map[string]schema.Attribute // Computed attributes, and limit.
	read       readFunc
}

// A readFunc reads a source's attributes.
type readFunc func(ctx context.Context, client *virustotal.Client, in input) (attributes, error)

// An input is the input of a readFunc.
type input struct {
	encodedArguments
	id      string   // ID of the parent.
	isOwner bool     // Whether the parent is the API key's owner because the block has no ID.
	path    []string // API path to read.
	config  tfsdk.Config
}

// newSource returns the source for a parent, or for a relationship of it, with what all kinds of data sources share.
func newSource(p parent, relationship string, r row) source {
	s := source{
		target: target{parent: p, relationship: relationship, subject: r.subject, audience: r.audience},
		name:   p.name(), doc: r.doc, cost: r.cost, page: r.page, query: r.query, arguments: r.arguments,
	}
	if relationship != "" {
		s.name += "_" + relationship
		if s.subject == "" {
			s.subject = "the " + strings.ReplaceAll(relationship, "_", " ")
		}
	}
	return s
}

// selectFrom adds the argument attributes, if the type has attributes that it can select.
func (s *source) selectFrom(t reflect.Type) {
	if names := selectable(t); names != nil {
		s.arguments = append([]argument{selection(names)}, s.arguments...)
	}
}

// A dataSource implements [datasource.DataSource] for a source.
type dataSource struct {
	source
	session *session // nil during validation.
}

var _ datasource.DataSourceWithConfigure = (*dataSource)(nil)

func (d *dataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + d.name
}

// Names of the attributes about an object that the API key is not allowed to read.
const (
	allowUnreadable = "allow_unreadable"
	unreadable      = "unreadable"
)

func (d *dataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	all := maps.Clone(d.attributes)
	all[d.argument()] = d.parent.schema(d.argument())
	for _, a := range d.arguments {
		all[a.name] = a.schema()
	}
	all[allowUnreadable] = schema.BoolAttribute{
		Optional: true,
		MarkdownDescription: "If true, a 403 or 404 from VirusTotal is not an error: `unreadable` has VirusTotal's message, and all other computed " +
			"attributes are null. Other failures are still errors. Defaults to false.",
	}
	all[unreadable] = schema.StringAttribute{
		Computed: true,
		MarkdownDescription: "VirusTotal's error if the object could not be read, such as `ForbiddenError: You are not authorized …`. Set only " +
			"if `allow_unreadable` is true. Null if the read succeeded. Derived by the provider.",
	}
	resp.Schema = schema.Schema{
		Attributes:          all,
		MarkdownDescription: d.doc + "\n\n" + factsTable(d.audience, d.cost),
	}
}

func (d *dataSource) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	d.session, _ = req.ProviderData.(*session)
}

func (d *dataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	ctx, logTotals := withLog(ctx, "virustotal_"+d.name)
	defer logTotals()

	var id *string
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root(d.argument()), &id)...)
	var allowed *bool
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root(allowUnreadable), &allowed)...)
	if resp.Diagnostics.HasError() {
		return
	}
	arguments, err := encodeArguments(ctx, d.arguments, req.Config)
	if err == nil {
		in := input{encodedArguments: arguments, config: req.Config}
		var values attributes
		values, err = d.readAttributes(ctx, id, &in)
		if reason := refusal(err); reason != "" && allowed != nil && *allowed {
			values, err = attributes{unreadable: &reason}, nil
		}
		if err == nil {
			values[d.argument()] = in.id
			err = setState(ctx, resp, req.Config, values)
		}
	}
	if err != nil {
		resp.Diagnostics.Append(d.diagnose(d.session, err, id, arguments.set)...)
	}
}

// readAttributes reads all attributes. It sets the ID of the input: a configured ID is kept, even if VirusTotal returns
// another.
func (d *dataSource) readAttributes(ctx context.Context, configured *string, in *input) (values attributes, err error) {
	if in.id, err = d.parent.identify(ctx, d.session.client, configured); err != nil {
		return nil, err
	}
	in.isOwner = configured == nil
	in.path = d.path(in.id, in.segments...)
	maps.Copy(in.query, d.query)
	return d.read(ctx, d.session.client, *in)
}
