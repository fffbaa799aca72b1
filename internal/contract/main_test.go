// SPDX-License-Identifier: MPL-2.0

package main

import (
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/virustotal/terraform-provider-virustotal/internal/provider"
	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// TestReport compares the fake with itself, and with fakes that deviate from it.
func TestReport(t *testing.T) {
	t.Parallel()
	const joe = `/users/marit/votes`
	for name, test := range map[string]struct {
		deviate func(*vttest.Server)
		differs bool
		says    []string
	}{
		"the same": {
			says: []string{
				"- GET /groups/{group}/users: as in the fake",
				"only its descriptor? object: yes, descriptor: yes",
				"without order? neither ascending nor descending",
				"order=desc? descending",
			},
		},
		"other attributes": {
			deviate: func(fake *vttest.Server) {
				fake.Set(joe, `[{"type":"vote","id":"secret-vote","attributes":{"date":"yesterday","value":1,"weight":{"secret-name":1}}}]`)
			},
			differs: true,
			says: []string{
				"- GET /users/{user}/votes: 1 missing, 1 new, 1 of another type",
				"missing, or hidden from this key: `attributes.verdict`", "new: `attributes.weight`", "`attributes.date: string instead of number`",
			},
		},
		"roles in descriptors": {
			deviate: func(fake *vttest.Server) { fake.Contexts = vttest.InDescriptors },
			says:    []string{"only its descriptor? object: no, descriptor: yes", "missing, or hidden from this key: `context_attributes`"},
		},
		"refusals": {
			deviate: func(fake *vttest.Server) {
				fake.Inject("/groups/"+vttest.Company+"/administrators", -1, vttest.Error(403, "ForbiddenError", "secret words"))
				fake.Inject("/users/marit/groups", -1, vttest.Error(404, "a secret code", "secret words"))
				fake.Inject("/users/marit/graphs", -1, vttest.Body(200, "text/html", "<html>secret</html>"))
				fake.Inject("/groups/"+vttest.Company+"/graphs", -1, vttest.Body(200, "application/json", `{"data":null}`))
			},
			says: []string{
				"- GET /groups/{group}/administrators: 403 ForbiddenError", "list of administrators? 403 ForbiddenError, the owner is one of them: no",
				"- GET /users/{user}/groups: 404 another code", "- GET /users/{user}/graphs: 200\n", "- GET /groups/{group}/graphs: 200\n",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := vttest.New()
			if test.deviate != nil {
				test.deviate(fake)
			}
			server := httptest.NewServer(fake)
			defer server.Close()
			var report strings.Builder
			differs, err := write(t.Context(), &report, server.URL+vttest.BasePath, fake.Key(vttest.SecurityHead), vttest.Company, 0)
			if err != nil || differs != test.differs {
				t.Errorf("differs: %v, want %v, %v", differs, test.differs, err)
			}
			for _, line := range test.says {
				if !strings.Contains(report.String(), line) {
					t.Errorf("%q is not in\n%s", line, report.String())
				}
			}
			for _, value := range []string{"secret", vttest.SecurityHead, vttest.Company, fake.Key(vttest.SecurityHead), "@", "127.0.0.1"} {
				if strings.Contains(report.String(), value) {
					t.Errorf("the report has %q:\n%s", value, report.String())
				}
			}
			var sent []string
			for _, request := range fake.Requests() {
				line := request.Path + "?" + request.Query.Encode()
				if slices.Contains(sent, line) && !strings.HasPrefix(line, "/users/marit?attributes=quotas") {
					t.Errorf("%s is requested twice", line)
				}
				sent = append(sent, line)
			}
		})
	}
}

// TestEndpointsAreComplete reads every data source and checks that each request is one of the endpoints.
func TestEndpointsAreComplete(t *testing.T) {
	t.Parallel()
	fake := vttest.New()
	fake.Contexts = vttest.InDescriptors
	server := httptest.NewServer(fake)
	defer server.Close()
	variables := map[string]string{"VIRUSTOTAL_BASE_URL": server.URL + vttest.BasePath, "VIRUSTOTAL_API_KEY": fake.Key(vttest.SecurityHead)}
	vt := provider.NewServer("test", func(name string) string { return variables[name] })
	schemas, err := vt.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := vt.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: config(t, schemas.Provider, nil)}); err != nil {
		t.Fatal(err)
	}
	values := ids{
		"user_id": vttest.SecurityHead, "group_id": vttest.Company, "quota": "api_requests_monthly",
		"user": vttest.SecurityHead, "group": vttest.Company, "service_account": vttest.ServiceAccount,
	}
	for name, schema := range schemas.DataSourceSchemas {
		arguments := map[string]string{"quota": values["quota"], "user_id": values["user_id"], "group_id": values["group_id"]}
		arguments["id"] = values[strings.TrimPrefix(name, "virustotal_")]
		resp, err := vt.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: name, Config: config(t, schema, arguments)})
		if err != nil || len(resp.Diagnostics) != 0 {
			t.Errorf("%s: %v, %v", name, err, resp.Diagnostics)
		}
	}
	known := map[string]bool{"/users/" + fake.Key(vttest.SecurityHead) + "?": true}
	for _, e := range endpoints {
		if segments, ok := values.segments(e.path); ok {
			known["/"+strings.Join(segments, "/")+"?"+parseQuery(e.query).Encode()] = true
		}
	}
	for _, request := range fake.Requests() {
		query := request.Query
		if strings.HasSuffix(request.Path, "hunting_notification_files") {
			query.Del("attributes") // All that the data source shows.
		}
		if line := request.Path + "?" + query.Encode(); !known[line] {
			t.Errorf("a data source requests %s: add it to endpoints in endpoints.go", line)
		}
	}
}

// config returns a configuration with the arguments that the schema has, and null for the rest.
func config(t *testing.T, schema *tfprotov6.Schema, arguments map[string]string) *tfprotov6.DynamicValue {
	t.Helper()
	typ := schema.ValueType()
	values := map[string]tftypes.Value{}
	for _, a := range schema.Block.Attributes {
		values[a.Name] = tftypes.NewValue(a.Type, nil)
		if value := arguments[a.Name]; value != "" && (a.Required || a.Optional) {
			values[a.Name] = tftypes.NewValue(tftypes.String, value)
		}
	}
	encoded, err := tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, values))
	if err != nil {
		t.Fatal(err)
	}
	return &encoded
}
