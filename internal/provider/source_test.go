// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	frameworkprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// A reader reads data sources with one session, without Terraform.
type reader struct {
	tb      testing.TB
	session *session
}

// start returns a fake and a reader with the API key of its owner.
func start(tb testing.TB) (*vttest.Server, reader) {
	tb.Helper()
	fake := vttest.New()
	server := httptest.NewServer(fake)
	tb.Cleanup(server.Close)
	base, err := url.Parse(server.URL + vttest.BasePath)
	if err != nil {
		tb.Fatal(err)
	}
	return fake, reader{tb, &session{
		client: &virustotal.Client{
			BaseURL: base, APIKey: fake.Key(vttest.SecurityHead), MaxRetryWait: time.Minute, RequestTimeout: time.Minute,
			OnRequest: logRequest, OnWait: logWait,
		},
		keyOrigin: origin{name: "the test"},
	}}
}

// sourceNamed returns a data source by name.
func sourceNamed(tb testing.TB, name string) source {
	tb.Helper()
	i := slices.IndexFunc(sources(), func(s source) bool { return s.name == name })
	if i < 0 {
		tb.Fatalf("there is no data source %s", name)
	}
	return sources()[i]
}

// asValue returns a string, a bool or a []string as Terraform's value.
func asValue(argument any) tftypes.Value {
	switch argument := argument.(type) {
	case bool:
		return tftypes.NewValue(tftypes.Bool, argument)
	case []string:
		var elements []tftypes.Value
		for _, element := range argument {
			elements = append(elements, tftypes.NewValue(tftypes.String, element))
		}
		return tftypes.NewValue(tftypes.Set{ElementType: tftypes.String}, elements)
	default:
		return tftypes.NewValue(tftypes.String, argument)
	}
}

// read reads a data source. The arguments are strings, bools and sets of strings.
func (r reader) read(name string, arguments map[string]any) (tfsdk.State, diag.Diagnostics) {
	r.tb.Helper()
	s := dataSource{source: sourceNamed(r.tb, name), session: r.session}
	var described datasource.SchemaResponse
	s.Schema(context.Background(), datasource.SchemaRequest{}, &described)
	raw := nullObject(context.Background(), described.Schema)
	var all map[string]tftypes.Value
	if err := raw.As(&all); err != nil {
		r.tb.Fatal(err)
	}
	for name, value := range arguments {
		all[name] = asValue(value)
	}
	raw = tftypes.NewValue(raw.Type(), all)
	var state []byte
	var resp datasource.ReadResponse
	s.Read(context.WithValue(r.tb.Context(), stateKey{}, &state), datasource.ReadRequest{Config: tfsdk.Config{Schema: described.Schema, Raw: raw}}, &resp)
	if state != nil {
		raw = asTerraform(r.tb, state, raw.Type())
	}
	return tfsdk.State{Schema: described.Schema, Raw: raw}, resp.Diagnostics
}

// asTerraform decodes a state as Terraform does.
func asTerraform(tb testing.TB, state []byte, typ tftypes.Type) tftypes.Value {
	tb.Helper()
	value, err := tfprotov6.DynamicValue{MsgPack: state}.Unmarshal(typ)
	if err != nil {
		tb.Fatal(err)
	}
	return value
}

// schemaOf returns the schema of a data source.
func schemaOf(tb testing.TB, s source) schema.Schema {
	tb.Helper()
	var resp datasource.SchemaResponse
	(&dataSource{source: s}).Schema(tb.Context(), datasource.SchemaRequest{}, &resp)
	return resp.Schema
}

// notNull returns the sorted names of the computed attributes in a state that are not null, except for
// hidden_attributes, the ID and unreadable.
func notNull(tb testing.TB, state tfsdk.State) []string {
	tb.Helper()
	var all map[string]tftypes.Value
	if err := state.Raw.As(&all); err != nil {
		tb.Fatal(err)
	}
	var names []string
	for name, value := range all {
		a := state.Schema.GetAttributes()[name]
		if a.IsComputed() && !a.IsOptional() && !value.IsNull() && name != hiddenName && name != unreadable {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// TestCosts checks the number of requests that each data source's page states: for a read by ID, for the same read
// again, and without an ID.
func TestCosts(t *testing.T) {
	t.Parallel()
	for _, s := range sources() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			fake, r := start(t)
			id := map[string]string{"user": vttest.SecurityHead, "group": vttest.Company, "service account": vttest.ServiceAccount}[s.parent.noun]
			for range 2 {
				arguments := map[string]any{s.argument(): id}
				for _, a := range s.arguments {
					if a.required {
						arguments[a.name] = a.example(fixedNow())
					}
				}
				if _, diags := r.read(s.name, arguments); diags.HasError() {
					t.Fatal(diags)
				}
				if got := len(fake.Requests()); got != 1 {
					t.Errorf("%d requests, want 1", got)
				}
			}
			if !s.parent.optional {
				return
			}
			fake, r = start(t)
			for range 2 {
				if _, diags := r.read(s.name, nil); diags.HasError() {
					t.Fatal(diags)
				}
			}
			want := 2 // One for the owner, one for the data.
			if s.cost == oneUser {
				want = 1
			}
			if got := len(fake.Requests()); got != want {
				t.Errorf("%d requests without an ID, want %d", got, want)
			}
		})
	}
}

// TestBlocksShareRequests reads many blocks in parallel, as Terraform does.
func TestBlocksShareRequests(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		sources  []string
		id       string
		requests int
		fails    bool
	}{
		"a user and its quotas":                      {sources: []string{"user", "user_quotas"}, id: vttest.Admin, requests: 1},
		"the owner and its quotas":                   {sources: []string{"user", "user_quotas"}, requests: 1},
		"several sources of one user":                {sources: []string{"user", "user_quotas", "user_groups", "user_overall_quotas", "user_votes"}, requests: 4},
		"an unknown user":                            {sources: []string{"user", "user_quotas"}, id: "nobody", requests: 1, fails: true},
		"groups that the key is not allowed to read": {sources: []string{"user_groups"}, id: vttest.Admin, requests: 1, fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake, r := start(t)
			var group sync.WaitGroup
			for range 10 {
				for _, name := range test.sources {
					group.Go(func() {
						arguments := map[string]any{}
						if test.id != "" {
							arguments[sourceNamed(t, name).argument()] = test.id
						}
						if _, diags := r.read(name, arguments); diags.HasError() != test.fails {
							t.Errorf("%s: %v", name, diags)
						}
					})
				}
			}
			group.Wait()
			if got := len(fake.Requests()); got != test.requests {
				t.Errorf("%d requests, want %d", got, test.requests)
			}
		})
	}
}

// TestTeamCosts14Requests reads 500 members, whose roles VirusTotal does not send: 13 pages and one of descriptors.
func TestTeamCosts14Requests(t *testing.T) {
	t.Parallel()
	fake, r := start(t)
	fake.AddTeam(vttest.Crew, 500)
	state, diags := r.read("group_users", map[string]any{"group_id": vttest.Crew})
	if diags.HasError() {
		t.Fatal(diags)
	}
	var ids []string
	if diags := state.GetAttribute(t.Context(), path.Root("ids"), &ids); diags.HasError() || len(ids) != 500 {
		t.Errorf("%d members, %v", len(ids), diags)
	}
	if got := len(fake.Requests()); got != 14 {
		t.Errorf("%d requests, want 14", got)
	}
}

// TestDataSourcesHaveNoSecrets checks that no attribute is named like a secret, and none is Sensitive, which would make
// every expression that uses the whole object sensitive. The provider's api_key has to be.
func TestDataSourcesHaveNoSecrets(t *testing.T) {
	t.Parallel()
	for _, s := range sources() {
		var described datasource.SchemaResponse
		(&dataSource{source: s}).Schema(t.Context(), datasource.SchemaRequest{}, &described)
		for name, attribute := range described.Schema.Attributes {
			if attribute.IsSensitive() {
				t.Errorf("virustotal_%s: %s is Sensitive", s.name, name)
			}
		}
		typ := described.Schema.Type().TerraformType(t.Context()).String()
		for _, secret := range []string{"apikey", "api_key\"", "group_token", "agreement_name", "agreement_email"} {
			if strings.Contains(typ, secret) {
				t.Errorf("virustotal_%s holds %s", s.name, secret)
			}
		}
	}
	var described frameworkprovider.SchemaResponse
	New("test", noVariables).Schema(t.Context(), frameworkprovider.SchemaRequest{}, &described)
	if !described.Schema.Attributes["api_key"].IsSensitive() {
		t.Error("the provider's api_key is not Sensitive")
	}
}

// TestSourcesAreDescribed checks that every row has all its texts, and every attribute a description.
func TestSourcesAreDescribed(t *testing.T) {
	t.Parallel()
	for _, s := range sources() {
		if s.doc == "" || s.audience == "" || s.cost == "" || s.name == "" || s.page.Subcategory == "" || (s.subject == "") != s.readsParent() {
			t.Errorf("virustotal_%s lacks a text: %+v", s.name, s)
		}
		for name, attribute := range s.attributes {
			if doc := attribute.GetMarkdownDescription(); !strings.HasSuffix(strings.TrimSpace(doc), ".") && !strings.Contains(doc, "Of each:") {
				t.Errorf("virustotal_%s: %s is described by %q, which is not a sentence", s.name, name, doc)
			}
			if _, ok := attribute.(schema.ListNestedAttribute); ok {
				t.Errorf("virustotal_%s: %s is a nested collection, which mock_provider cannot fill", s.name, name)
			}
		}
	}
}

// TestInterruptEndsEncoding checks that an interrupt ends the encoding of a long list.
func TestInterruptEndsEncoding(t *testing.T) {
	described := schema.Schema{Attributes: sourceNamed(t, "user_comments").attributes}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	found := attributes{"comments": make([]*comment, 100_000)}
	for i := range found["comments"].([]*comment) {
		found["comments"].([]*comment)[i] = new(comment)
	}
	raw := nullObject(t.Context(), described)
	allocations := testing.AllocsPerRun(1, func() {
		if _, err := encode(ctx, tfsdk.Config{Schema: described, Raw: raw}, found); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	if allocations > 10_000 {
		t.Errorf("%.0f allocations after the interrupt", allocations)
	}
}

// TestEncodeRejectsUnknownAttributes checks that a value without an attribute fails the read, rather than being lost.
func TestEncodeRejectsUnknownAttributes(t *testing.T) {
	t.Parallel()
	described := schema.Schema{Attributes: attributesOf[listAttributes]()}
	config := tfsdk.Config{Schema: described, Raw: nullObject(t.Context(), described)}
	state, err := encode(t.Context(), config, attributes{"complete": true, "completed": true})
	if state != nil || err == nil || !strings.Contains(err.Error(), "completed") {
		t.Errorf("got %q, %v", state, err)
	}
}
