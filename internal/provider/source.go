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

// A source is a data source as a value: what sets it apart from the others. What all have in common is
// written once, in its methods.
type source struct {
	about    string // What the page says of it: full sentences, in Markdown.
	subject  string // What it reads, in words: "the groups". "" in a row stands for the relationship's name.
	audience string // Who may read it: "the account's owner". The page says so, and the advice of a 403.
	cost     string // How many requests a read takes: "One".

	list      string     // The attribute that holds the items of a relationship; "" in a row stands for its name.
	trimmed   bool       // Whether VirusTotal is asked to leave out the attributes that are not shown.
	query     url.Values // What VirusTotal is asked for besides.
	arguments []argument // Beside the id and the limit.

	of           parent // What it reads, or reads a part of.
	relationship string // Which part; "" where it is the thing itself.
	attributes   map[string]schema.Attribute
	read         reading

	session *session
}

// A reading is the read of a source, of the parent that an id names.
type reading func(ctx context.Context, client *virustotal.Client, in input) (attributes, error)

// An input is what a read is given.
type input struct {
	id string
	asked
	config tfsdk.Config
}

var _ datasource.DataSourceWithConfigure = (*source)(nil)

// name is the data source's, behind "virustotal_".
func (s *source) name() string {
	if s.itself() {
		return s.of.word()
	}
	return s.of.word() + "_" + s.relationship
}

// itself reports whether the thing itself is read, rather than a part of it.
func (s *source) itself() bool { return s.relationship == "" }

// argument is the name of the argument that takes the parent's id.
func (s *source) argument() string { return s.of.argument(s.itself()) }

// path returns the path of what is read.
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

// facts is the table that each page begins with. A template adds rows, so it comes last in a description.
func facts(audience, cost string) string {
	return "| | |\n|---|---|" +
		"\n| **Who can read it** | " + strings.ToUpper(audience[:1]) + audience[1:] + ". |" +
		"\n| **Requests** | " + cost + " |"
}

func (s *source) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	s.session, _ = req.ProviderData.(*session) // Nothing is there yet when Terraform only validates.
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

// find reads all attributes and returns the state. The id stays what was configured, whatever VirusTotal calls it.
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

// single makes a data source whose attributes are an M's.
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

// subjectOr is the subject of a row, by default a relationship's name in words.
func (s *source) subjectOr(relationship string) string {
	if s.subject != "" || relationship == "" {
		return s.subject
	}
	return "the " + strings.ReplaceAll(relationship, "_", " ")
}
