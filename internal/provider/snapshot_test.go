// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

var update = flag.Bool("update", false, "update testdata/schema.json, after adding the change to CHANGELOG.md")

// A described is the part of an attribute that users depend on.
type described struct {
	Type      any      `json:"type,omitempty"`
	Nested    recorded `json:"nested,omitempty"`
	Required  bool     `json:"required,omitempty"`
	Optional  bool     `json:"optional,omitempty"`
	Computed  bool     `json:"computed,omitempty"`
	Sensitive bool     `json:"sensitive,omitempty"`
	WriteOnly bool     `json:"write_only,omitempty"`
}

type recorded map[string]described

// TestSchemaSnapshot compares the provider's schema with testdata/schema.json: names, types and kinds of all
// attributes, without their descriptions.
func TestSchemaSnapshot(t *testing.T) {
	t.Parallel()
	response, err := NewServer("test", noVariables).GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil || len(response.Diagnostics) != 0 {
		t.Fatal(err, response.Diagnostics)
	}
	if len(response.ResourceSchemas) != 0 {
		t.Error("there is a resource, but the provider is read-only")
	}
	now := map[string]recorded{"provider": describe(t, response.Provider)}
	for name, of := range response.DataSourceSchemas {
		now["data."+name] = describe(t, of)
	}
	for name, of := range response.EphemeralResourceSchemas {
		now["ephemeral."+name] = describe(t, of)
	}

	file := filepath.Join("testdata", "schema.json")
	var current bytes.Buffer
	enc := json.NewEncoder(&current)
	enc.SetIndent("", "  ")
	if err := enc.Encode(now); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(file, current.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	content, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	then := map[string]recorded{}
	if err := json.Unmarshal(content, &then); content != nil && err != nil {
		t.Fatal(err)
	}
	var broken, added []string
	compare(t, then, now, &broken, &added)
	const how = "\nThen record it: go test ./internal/provider -run TestSchema -update"
	if len(broken) > 0 {
		t.Errorf("The schema has breaking changes:\n  %s\nIf they are intended, add them to CHANGELOG.md under BREAKING CHANGES.%s",
			strings.Join(broken, "\n  "), how)
	}
	if len(added) > 0 {
		t.Errorf("The schema has additions:\n  %s\nAdd data sources to CHANGELOG.md under FEATURES, and attributes under ENHANCEMENTS.%s",
			strings.Join(added, "\n  "), how)
	}
}

// describe returns the snapshot of a schema. It fails on nested blocks.
func describe(t *testing.T, of *tfprotov6.Schema) recorded {
	t.Helper()
	if len(of.Block.BlockTypes) != 0 {
		t.Error("there is a nested block; use an attribute")
	}
	return describeAttributes(t, of.Block.Attributes)
}

func describeAttributes(t *testing.T, attributes []*tfprotov6.SchemaAttribute) recorded {
	t.Helper()
	found := recorded{}
	for _, a := range attributes {
		d := described{Required: a.Required, Optional: a.Optional, Computed: a.Computed, Sensitive: a.Sensitive, WriteOnly: a.WriteOnly}
		if a.NestedType != nil {
			if a.NestedType.Nesting != tfprotov6.SchemaObjectNestingModeSingle {
				t.Errorf("%s is a nested collection, which mock_provider cannot fill", a.Name)
			}
			d.Nested = describeAttributes(t, a.NestedType.Attributes)
		} else {
			d.Type = typeJSON(t, a.Type)
		}
		found[a.Name] = d
	}
	return found
}

// typeJSON returns a type in Terraform's JSON notation.
func typeJSON(t *testing.T, typ tftypes.Type) any {
	t.Helper()
	switch typ := typ.(type) {
	case tftypes.List:
		return []any{"list", typeJSON(t, typ.ElementType)}
	case tftypes.Set:
		return []any{"set", typeJSON(t, typ.ElementType)}
	case tftypes.Map:
		return []any{"map", typeJSON(t, typ.ElementType)}
	case tftypes.Object:
		attributes := map[string]any{}
		for name, of := range typ.AttributeTypes {
			attributes[name] = typeJSON(t, of)
		}
		return []any{"object", attributes}
	}
	switch {
	case typ.Is(tftypes.String):
		return "string"
	case typ.Is(tftypes.Number):
		return "number"
	case typ.Is(tftypes.Bool):
		return "bool"
	}
	t.Fatalf("unknown type %s", typ)
	return nil
}

// compare appends the differences to broken and added, by attribute. A new field of an object is an addition.
func compare(t *testing.T, then, now map[string]recorded, broken, added *[]string) {
	t.Helper()
	flatThen, flatNow := map[string]string{}, map[string]string{}
	for name, of := range then {
		flattenSchema(t, name, of, flatThen)
	}
	for name, of := range now {
		flattenSchema(t, name, of, flatNow)
	}
	for name, was := range flatThen {
		is, there := flatNow[name]
		switch {
		case !there:
			*broken = append(*broken, name+" is gone")
		case is != was:
			*broken = append(*broken, fmt.Sprintf("%s was %s and is %s", name, was, is))
		}
	}
	for name, is := range flatNow {
		if _, there := flatThen[name]; !there {
			*added = append(*added, fmt.Sprintf("%s: %s", name, is))
		}
	}
	slices.Sort(*broken)
	slices.Sort(*added)
}

func flattenSchema(t *testing.T, name string, of recorded, into map[string]string) {
	t.Helper()
	into[name] = "data source"
	for attribute, d := range of {
		kinds := []string{}
		for kind, is := range map[string]bool{
			"required": d.Required, "optional": d.Optional, "computed": d.Computed, "sensitive": d.Sensitive, "write-only": d.WriteOnly,
		} {
			if is {
				kinds = append(kinds, kind)
			}
		}
		slices.Sort(kinds)
		path := name + "." + attribute
		flattenType(t, path, strings.Join(kinds, " "), d.Type, into)
		if d.Nested != nil {
			flattenSchema(t, path, d.Nested, into)
			into[path] = strings.Join(kinds, " ") + " object"
		}
	}
}

// flattenType adds a type and, recursively, the fields of its objects to into. The type may come from the snapshot or
// from the provider, so it is converted to JSON first.
func flattenType(t *testing.T, path, kinds string, typ any, into map[string]string) {
	t.Helper()
	b, err := json.Marshal(typ)
	if err != nil {
		t.Fatal(err)
	}
	var decoded any
	if err := json.Unmarshal(b, &decoded); err != nil {
		t.Fatal(err)
	}
	words := strings.TrimSpace(kinds)
	for {
		parts, ok := decoded.([]any)
		if !ok || len(parts) != 2 {
			break
		}
		words += fmt.Sprintf(" %v of", parts[0])
		decoded = parts[1]
	}
	if fields, ok := decoded.(map[string]any); ok {
		into[path] = strings.TrimSpace(strings.TrimSuffix(words, " of"))
		for name, of := range fields {
			flattenType(t, path+"."+name, "", of, into)
		}
		return
	}
	into[path] = strings.TrimSpace(fmt.Sprintf("%s %v", words, decoded))
}

// TestSchemaComparison compares two schemas that differ in all ways.
func TestSchemaComparison(t *testing.T) {
	t.Parallel()
	object := func(fields map[string]any) any { return []any{"list", []any{"object", fields}} }
	then := map[string]recorded{"data.a": {
		"kept": {Type: "string", Computed: true}, "gone": {Type: "string", Computed: true}, "typed": {Type: "string", Computed: true},
		"needed": {Type: "string", Optional: true}, "objects": {Type: object(map[string]any{"x": "string", "y": "string"})},
		"single": {Nested: recorded{"x": {Type: "bool"}}},
	}}
	now := map[string]recorded{"data.a": {
		"kept": {Type: "string", Computed: true}, "typed": {Type: "number", Computed: true}, "new": {Type: "bool"},
		"needed": {Type: "string", Required: true}, "objects": {Type: object(map[string]any{"x": "string", "z": "string"})},
		"single": {Nested: recorded{}},
	}}
	var broken, added []string
	compare(t, then, now, &broken, &added)
	wantBroken := []string{
		"data.a.gone is gone", "data.a.needed was optional string and is required string", "data.a.objects.y is gone",
		"data.a.single.x is gone", "data.a.typed was computed string and is computed number",
	}
	wantAdded := []string{"data.a.new: bool", "data.a.objects.z: string"}
	if !slices.Equal(broken, wantBroken) || !slices.Equal(added, wantAdded) {
		t.Errorf("broken %q\nadded %q", broken, added)
	}
}
