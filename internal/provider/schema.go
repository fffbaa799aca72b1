// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// attributesOf returns the computed attributes for a struct's fields: names and descriptions come from the tags, types
// from the Go types.
func attributesOf[M any]() map[string]schema.Attribute {
	computed := map[string]schema.Attribute{}
	for _, f := range fieldsOf(reflect.TypeFor[M]()) {
		doc := f.doc
		if format := formatOf(f.Type); format != "" {
			doc += " In " + format + "."
		}
		computed[f.name] = attribute(f.Type, doc+f.notes)
	}
	return computed
}

// attribute returns the computed attribute for a Go type. Objects and collections of objects are not nested attributes,
// because Terraform's mock_provider cannot fill nested collections, and Terraform before 1.2.7 does not support nested
// attributes at all.
func attribute(t reflect.Type, doc string) schema.Attribute {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch typ := typeOf(t).(type) {
	case types.ObjectType:
		return schema.ObjectAttribute{AttributeTypes: typ.AttrTypes, Computed: true, MarkdownDescription: doc + describeFields(t, "  ")}
	case types.ListType:
		return schema.ListAttribute{ElementType: typ.ElemType, Computed: true, MarkdownDescription: doc + describeFields(t.Elem(), "  ")}
	case types.SetType:
		return schema.SetAttribute{ElementType: typ.ElemType, Computed: true, MarkdownDescription: doc}
	case types.MapType:
		return schema.MapAttribute{ElementType: typ.ElemType, Computed: true, MarkdownDescription: doc + describeFields(t.Elem(), "  ")}
	default:
		switch typ {
		case types.BoolType:
			return schema.BoolAttribute{Computed: true, MarkdownDescription: doc}
		case types.Int64Type:
			return schema.Int64Attribute{Computed: true, MarkdownDescription: doc}
		case types.NumberType:
			return schema.NumberAttribute{Computed: true, MarkdownDescription: doc}
		default:
			return schema.StringAttribute{Computed: true, MarkdownDescription: doc}
		}
	}
}

// attributes are Go values by attribute name.
type attributes map[string]any

// attributesIn returns the attributes of a struct, or of a pointer to one.
func attributesIn(model any) attributes {
	v := reflect.Indirect(reflect.ValueOf(model))
	values := attributes{}
	for _, f := range fieldsOf(v.Type()) {
		values[f.name] = v.FieldByIndex(f.Index).Interface()
	}
	return values
}

// typeOf returns the Terraform type for a Go type.
func typeOf(t reflect.Type) attr.Type {
	switch {
	case t == reflect.TypeFor[number]():
		return types.NumberType
	case t == reflect.TypeFor[set]():
		return types.SetType{ElemType: types.StringType}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return typeOf(t.Elem())
	case reflect.Bool:
		return types.BoolType
	case reflect.Int64:
		return types.Int64Type
	case reflect.String:
		return types.StringType
	case reflect.Slice:
		return types.ListType{ElemType: typeOf(t.Elem())}
	case reflect.Map:
		return types.MapType{ElemType: typeOf(t.Elem())}
	case reflect.Struct:
		fields := map[string]attr.Type{}
		for _, f := range fieldsOf(t) {
			fields[f.name] = typeOf(f.Type)
		}
		return types.ObjectType{AttrTypes: fields}
	default:
		panic(fmt.Sprintf("%s is not a supported attribute type", t))
	}
}

// describeFields returns a Markdown list of an object's fields, with types and descriptions. Terraform's schema has no
// descriptions for them.
func describeFields(t reflect.Type, indent string) string {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return ""
	}
	var b strings.Builder
	b.WriteString(" Attributes:")
	described := map[reflect.Type]string{} // For each type, the field that lists its attributes. Later fields refer to it.
	for _, f := range fieldsOf(t) {
		fields := describeFields(f.Type, indent+"  ")
		if first := described[f.Type]; first != "" && fields != "" {
			fields = " Attributes as in `" + first + "`."
		} else {
			described[f.Type] = f.name
		}
		label := typeName(typeOf(f.Type))
		if format := formatOf(f.Type); format != "" {
			label += ", " + format
		}
		fmt.Fprintf(&b, "\n%s- `%s` (%s) %s%s", indent, f.name, label, f.doc+f.notes, fields)
	}
	return b.String()
}

// typeName returns a type's name as in the documentation of attributes.
func typeName(t attr.Type) string {
	switch t := t.(type) {
	case types.ListType:
		return "List of " + typeName(t.ElemType)
	case types.SetType:
		return "Set of " + typeName(t.ElemType)
	case types.MapType:
		return "Map of " + typeName(t.ElemType)
	case types.ObjectType:
		return "Object"
	}
	switch t {
	case types.BoolType:
		return "Boolean"
	case types.StringType:
		return "String"
	default:
		return "Number"
	}
}

// formatOf returns the format of a string type, for the documentation, or "" if it has none.
func formatOf(t reflect.Type) string {
	if t == reflect.TypeFor[*date]() {
		return "RFC 3339"
	}
	return ""
}
