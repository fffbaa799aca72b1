// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"maps"
	"net/url"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// A source is a data source. Its fields hold what differs between data sources; its methods implement
// [datasource.DataSource] for all of them.
type source struct {
	doc      string // Description, in Markdown.
	subject  string // What it reads, for messages: "the groups". Defaults to the relationship's name.
	audience string // Who may read it: "the account's owner". Shown in the documentation and on a 403.
	cost     string // Number of requests per read, for the documentation: "One."

	page Documentation // What its page says beyond the schema.

	list      string     // Attribute that holds the items. Defaults to the relationship's name.
	trimmed   bool       // Whether to request only the attributes that are shown.
	query     url.Values // Additional query parameters.
	arguments []argument // Without the id and limit.

	parent       parent
	relationship string // Relationship of the parent to read, or "" for the parent itself.
	attributes   map[string]schema.Attribute
	read         readFunc

	session *session
}

// Documentation is what the documentation says about a data source beyond its schema.
type Documentation struct {
	Subcategory  string // Heading in the navigation of the registries.
	PersonalData string // Personal data in the state, for a warning: "names and e-mail addresses". "" if there is none.
}

// A readFunc reads a source's attributes.
type readFunc func(ctx context.Context, client *virustotal.Client, in input) (attributes, error)

// An input is the input of a readFunc: the parent's id, the arguments and the whole configuration.
type input struct {
	id string
	encodedArguments
	config tfsdk.Config
}

var _ datasource.DataSourceWithConfigure = (*source)(nil)

// name returns the data source's name, without the prefix "virustotal_".
func (s *source) name() string {
	if s.readsParent() {
		return s.parent.name()
	}
	return s.parent.name() + "_" + s.relationship
}

// readsParent reports whether the source reads the parent itself, rather than a relationship of it.
func (s *source) readsParent() bool { return s.relationship == "" }

// argument returns the name of the argument for the parent's id.
func (s *source) argument() string { return s.parent.argument(s.readsParent()) }

// path returns the API path to read.
func (s *source) path(in input) []string {
	if s.readsParent() {
		return s.parent.path(in.id)
	}
	return s.parent.path(in.id, append([]string{s.relationship}, in.segments...)...)
}

func (s *source) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + s.name()
}

func (s *source) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := maps.Clone(s.attributes)
	attributes[s.argument()] = s.parent.schema(s.argument())
	for _, a := range s.arguments {
		attributes[a.name] = a.schema()
	}
	resp.Schema = schema.Schema{
		Attributes:          attributes,
		MarkdownDescription: s.doc + "\n\n" + factsTable(s.audience, s.cost),
	}
}

// factsTable returns a table, in Markdown, of who can read a data source and how many requests that takes. It must end
// the description, because the page templates append rows to it.
func factsTable(audience, cost string) string {
	return "| | |\n|---|---|" +
		"\n| **Who can read it** | " + strings.ToUpper(audience[:1]) + audience[1:] + ". |" +
		"\n| **Requests** | " + cost + " |"
}

func (s *source) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	s.session, _ = req.ProviderData.(*session) // nil during validation.
}

func (s *source) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	ctx, logTotals := withLog(ctx, "virustotal_"+s.name())
	defer logTotals()

	var configured *string
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root(s.argument()), &configured)...)
	if resp.Diagnostics.HasError() {
		return
	}
	arguments, err := encodeArguments(ctx, s.arguments, req.Config)
	if err == nil {
		var state []byte
		if state, err = s.readState(ctx, configured, input{encodedArguments: arguments, config: req.Config}); err == nil {
			*ctx.Value(stateKey{}).(*[]byte) = state //nolint:forcetypeassert // See server.
		}
	}
	if err != nil {
		resp.Diagnostics.Append(s.diagnose(err, configured, arguments.names)...)
	}
}

// readState reads all attributes and returns the encoded state. A configured id is kept, even if VirusTotal returns
// another.
func (s *source) readState(ctx context.Context, configured *string, in input) (state []byte, err error) {
	in.id, err = s.parent.identify(ctx, s.session.client, configured)
	if err != nil {
		return nil, err
	}
	maps.Copy(in.query, s.query)
	values, err := s.read(ctx, s.session.client, in)
	if err != nil {
		return nil, err
	}
	values[s.argument()] = in.id
	return encode(ctx, in.config, values)
}

// single returns a data source for one object, or for a part of it. M has its computed attributes.
func single[M any](p parent, relationship string, read func(ctx context.Context, client *virustotal.Client, id string) (*M, error), s source) source {
	s.parent, s.relationship = p, relationship
	s.subject = s.subjectOr(relationship)
	s.attributes = attributesOf[M]()
	s.read = func(ctx context.Context, client *virustotal.Client, in input) (attributes, error) {
		m, err := read(ctx, client, in.id)
		if err != nil {
			return nil, err
		}
		return attributesIn(m), nil
	}
	return s
}

// subjectOr returns the subject. It defaults to the relationship's name in words.
func (s *source) subjectOr(relationship string) string {
	if s.subject != "" || relationship == "" {
		return s.subject
	}
	return "the " + strings.ReplaceAll(relationship, "_", " ")
}
