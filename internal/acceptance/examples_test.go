// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/virustotal/terraform-provider-virustotal/internal/provider"
	"github.com/virustotal/terraform-provider-virustotal/internal/tftest"
	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// dataSources returns the schemas of the data sources by name.
func dataSources(t *testing.T) map[string]schema.Schema {
	t.Helper()
	found := map[string]schema.Schema{}
	for _, create := range provider.New("test", os.Getenv).DataSources(t.Context()) {
		source := create()
		var named datasource.MetadataResponse
		source.Metadata(t.Context(), datasource.MetadataRequest{ProviderTypeName: "virustotal"}, &named)
		var described datasource.SchemaResponse
		source.Schema(t.Context(), datasource.SchemaRequest{}, &described)
		found[named.TypeName] = described.Schema
	}
	return found
}

// TestExamples checks that every data source has an example, and that all of them can be applied, and then
// planned without a change.
func TestExamples(t *testing.T) {
	t.Parallel()
	for source := range dataSources(t) {
		t.Run(source, func(t *testing.T) {
			t.Parallel()
			examples, err := filepath.Glob(filepath.Join(repository, "examples", "data-sources", source, "data-source*.tf"))
			if err != nil || len(examples) == 0 {
				t.Fatal("there is no example", err)
			}
			fake := serve(t)
			for _, name := range examples {
				example, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				if !strings.Contains(string(example), "data \""+source+"\"") {
					t.Errorf("%s does not use the data source", name)
				}
				c := newCLI(t, string(example), fake.env(vttest.SecurityHead)...)
				if printed, exit := c.Run("apply", "-auto-approve", "-input=false", "-no-color"); exit != 0 {
					t.Errorf("%s: %s", name, printed)
				} else if printed, exit := c.Run("plan", "-detailed-exitcode", "-input=false", "-no-color"); exit != 0 {
					t.Errorf("%s: the second plan ended with %d:\n%s", name, exit, printed)
				}
			}
			for _, request := range fake.Requests() {
				if request.Method != http.MethodGet {
					t.Errorf("sent %s %s", request.Method, request.Path)
				}
			}
		})
	}
}

// TestMocks checks that the mocks set all attributes, since Terraform would invent the others, and that they work.
func TestMocks(t *testing.T) {
	t.Parallel()
	mocks, err := os.ReadFile(filepath.Join(auditExample, "tests", "mocks", "virustotal.tfmock.hcl"))
	if err != nil {
		t.Fatal(err)
	}
	// Rewritten to outputs, Terraform evaluates them.
	c := newCLI(t, strings.NewReplacer(`mock_data "`, `output "`, "\n  defaults = {", "\n  value = {").Replace(string(mocks)))
	var mocked map[string]struct {
		Value map[string]any `json:"value"`
	}
	c.outputs(&mocked)

	var blocks strings.Builder
	for name, described := range dataSources(t) {
		mock, ok := mocked[name]
		if !ok {
			continue
		}
		delete(mocked, name)
		fmt.Fprintf(&blocks, "data %q \"x\" {\n", name)
		for argument, attribute := range described.Attributes {
			if attribute.IsRequired() {
				fmt.Fprintf(&blocks, "%s = \"crew\"\n", argument)
			}
			if value, ok := mock.Value[argument]; ok {
				checkMock(t, name+"."+argument, attribute.GetType(), value)
			} else if attribute.IsComputed() {
				t.Errorf("%s.%s is left out: add it to examples/audit/tests/mocks/virustotal.tfmock.hcl", name, argument)
			}
		}
		blocks.WriteString("}\n")
	}
	for name := range mocked {
		t.Errorf("%s is mocked, but there is no such data source", name)
	}

	c = newCLI(t, blocks.String())
	tftest.Needs(t, `source = "./tests/mocks"`)
	if err := os.CopyFS(filepath.Join(c.Dir, "tests", "mocks"), os.DirFS(filepath.Join(auditExample, "tests", "mocks"))); err != nil {
		t.Fatal(err)
	}
	c.WriteFile(filepath.Join("tests", "all.tftest.hcl"), `
		mock_provider "virustotal" {
			source = "./tests/mocks"
		}
		run "all" {
			command = plan
			assert {
				condition     = data.virustotal_group_users.x.users[0].quotas["api_requests_daily"].remaining == 960
				error_message = "not the mock"
			}
		}`)
	c.Succeed("test", "-no-color")
}

// checkMock checks that a mocked value has all fields of its objects, and valid dates.
func checkMock(t *testing.T, at string, as attr.Type, value any) {
	t.Helper()
	switch value := value.(type) {
	case string:
		if strings.HasSuffix(at, "_date") || strings.HasSuffix(at, ".last_login") || strings.HasSuffix(at, ".user_since") {
			if _, err := time.Parse(time.RFC3339, value); err != nil {
				t.Errorf("%s: %v", at, err)
			}
		}
	case []any:
		for _, item := range value {
			checkMock(t, at+"[]", as.(attr.TypeWithElementType).ElementType(), item)
		}
	case map[string]any:
		object, ok := as.(attr.TypeWithAttributeTypes)
		if !ok {
			for _, item := range value {
				checkMock(t, at+"{}", as.(attr.TypeWithElementType).ElementType(), item)
			}
			return
		}
		fields := object.AttributeTypes()
		if got, want := slices.Sorted(maps.Keys(value)), slices.Sorted(maps.Keys(fields)); !slices.Equal(got, want) {
			t.Errorf("%s has %q, want %q", at, got, want)
			return
		}
		for name, field := range fields {
			checkMock(t, at+"."+name, field, value[name])
		}
	}
}
