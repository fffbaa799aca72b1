// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"fmt"
	"reflect"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// attributesOf returns the computed attributes for a struct's fields: names and descriptions come from the tags, types
// from the Go types.
func attributesOf[M any]() map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{}
	for _, f := range fieldsOf(reflect.TypeFor[M]()) {
		attributes[f.name] = attribute(f.Type, f.doc)
	}
	return attributes
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
		attributes := map[string]attr.Type{}
		for _, f := range fieldsOf(t) {
			attributes[f.name] = typeOf(f.Type)
		}
		return types.ObjectType{AttrTypes: attributes}
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
		fmt.Fprintf(&b, "\n%s- `%s` (%s) %s%s", indent, f.name, typeName(typeOf(f.Type)), f.doc, fields)
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

// A field is a struct field that is an attribute. It may be promoted from an embedded struct.
type field struct {
	reflect.StructField
	name, doc string
	sent      bool // Whether it is decoded from the object's attributes.
}

// fieldsCache caches the results of fieldsOf.
var fieldsCache sync.Map // reflect.Type to []field

// fieldsOf returns the fields of a struct that are attributes. The slice is shared: do not modify it. fieldsOf panics
// if a decoded field cannot be nil, because a missing value would be stored as "" or 0.
func fieldsOf(t reflect.Type) []field {
	if cached, ok := fieldsCache.Load(t); ok {
		return cached.([]field) //nolint:forcetypeassert // Only []field is stored.
	}
	var fields []field
	for _, f := range reflect.VisibleFields(t) {
		name := cmp.Or(f.Tag.Get("derived"), f.Tag.Get("tfsdk"), jsonName(f))
		if name == "" || name == "-" {
			continue
		}
		if kind := f.Type.Kind(); jsonName(f) != "" && kind != reflect.Pointer && kind != reflect.Map && kind != reflect.Slice {
			panic(fmt.Sprintf("%s.%s is a %s, which cannot be null", t, f.Name, f.Type))
		}
		fields = append(fields, field{f, name, docOf(f), isSent(t, f)})
	}
	fieldsCache.Store(t, fields)
	return fields
}

// docOf returns a field's description in Markdown. In the tag, which cannot contain backticks, code is written as [x].
// docOf adds the format of a date, who can see a field that is not visible to everyone, and that a field is derived.
func docOf(f reflect.StructField) string {
	doc := strings.NewReplacer("[", "`", "]", "`").Replace(f.Tag.Get("doc"))
	if f.Type == reflect.TypeFor[*date]() {
		doc = strings.Replace(doc, ".", ", in RFC 3339.", 1)
	}
	switch audience := f.Tag.Get("visible"); audience {
	case "":
	case "owner":
		doc += " Visible to the account's owner only."
	case "administrators":
		doc += " Visible to the account's owner and the administrators of its group."
	default:
		panic(fmt.Sprintf("%s: the tag visible is %q", f.Name, audience))
	}
	if f.Tag.Get("derived") != "" {
		doc += " Derived by the provider."
	}
	return doc
}
