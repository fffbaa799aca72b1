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
	about    string // Description, in Markdown.
	subject  string // What it reads, in words: "the groups". Defaults to the relationship's name.
	audience string // Who may read it: "the account's owner". Shown in the documentation and on a 403.
	cost     string // Number of requests per read, in words: "One".

	list      string     // Attribute that holds the items. Defaults to the relationship's name.
	trimmed   bool       // Whether to request only the attributes that are shown.
	query     url.Values // Additional query parameters.
	arguments []argument // Without the id and limit.

	of           parent
	relationship string // Relationship of the parent to read, or "" for the parent itself.
	attributes   map[string]schema.Attribute
	read         reading

	session *session
}

// A reading reads a source's attributes.
type reading func(ctx context.Context, client *virustotal.Client, in input) (attributes, error)

// An input is the input of a reading: the parent's id, the arguments and the whole configuration.
type input struct {
	id string
	asked
	config tfsdk.Config
}

var _ datasource.DataSourceWithConfigure = (*source)(nil)

// name returns the data source's name, without the prefix "virustotal_".
func (s *source) name() string {
	if s.itself() {
		return s.of.word()
	}
	return s.of.word() + "_" + s.relationship
}

// itself reports whether the source reads the parent itself, rather than a relationship.
func (s *source) itself() bool { return s.relationship == "" }

// argument returns the name of the argument for the parent's id.
func (s *source) argument() string { return s.of.argument(s.itself()) }

// path returns the API path to read.
func (s *source) path(in input) []string {
	if s.itself() {
		return s.of.path(in.id)
	}
	return s.of.path(in.id, append([]string{s.relationship}, in.segments...)...)
}

func (s *source) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + s.name()
}

func (s *source) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	all := maps.Clone(s.attributes)
	all[s.argument()] = s.of.schema(s.argument())
	for _, a := range s.arguments {
		all[a.name] = a.schema()
	}
	resp.Schema = schema.Schema{
		Attributes:          all,
		MarkdownDescription: s.about + "\n\n" + facts(s.audience, s.cost),
	}
}

// facts returns the table at the top of a page. It has to come last in a description, because page templates add rows.
func facts(audience, cost string) string {
	return "| | |\n|---|---|" +
		"\n| **Who can read it** | " + strings.ToUpper(audience[:1]) + audience[1:] + ". |" +
		"\n| **Requests** | " + cost + " |"
}

func (s *source) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	s.session, _ = req.ProviderData.(*session) // nil during validation.
}

func (s *source) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	ctx, done := logged(ctx, "virustotal_"+s.name())
	defer done()

	var configured *string
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root(s.argument()), &configured)...)
	if resp.Diagnostics.HasError() {
		return
	}
	asked, err := ask(ctx, s.arguments, req.Config)
	if err == nil {
		var state []byte
		if state, err = s.find(ctx, configured, input{asked: asked, config: req.Config}); err == nil {
			*ctx.Value(stateKey{}).(*[]byte) = state //nolint:forcetypeassert // See server.
		}
	}
	if err != nil {
		resp.Diagnostics.Append(s.diagnose(err, configured, asked.names)...)
	}
}

// find reads all attributes and returns the encoded state. A configured id is kept, even if VirusTotal returns another.
func (s *source) find(ctx context.Context, configured *string, in input) (state []byte, err error) {
	in.id, err = s.of.identify(ctx, s.session.client, configured)
	if err != nil {
		return nil, err
	}
	maps.Copy(in.query, s.query)
	found, err := s.read(ctx, s.session.client, in)
	if err != nil {
		return nil, err
	}
	found[s.argument()] = in.id
	return encode(ctx, in.config, found)
}

// single returns a data source for one object, with the attributes of M.
func single[M any](of parent, part string, read func(ctx context.Context, client *virustotal.Client, id string) (*M, error), s source) source {
	s.of, s.relationship = of, part
	s.subject = s.subjectOr(part)
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
