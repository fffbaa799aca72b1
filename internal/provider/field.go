// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// A field is a struct field that is an attribute. It may be promoted from an embedded struct. Its tags are:
//
//   - json: the name in VirusTotal's JSON, which is the attribute's name too. "-" if the field is not decoded from
//     there. An embedded struct with json:"-" is decoded from the object's context.
//   - tfsdk: the attribute's name, if it differs from that in json. "-" if the field is no attribute.
//   - derived: the attribute's name, if the provider derives the attribute. The description says that it does.
//   - from: the name of the attribute that a derived one is derived from, if it is null without that.
//   - doc: the description. Code is written as [x], because a tag cannot contain backticks.
//   - visible: who can see the attribute, unless everyone can: "owner" or "administrators". The description says so.
type field struct {
	reflect.StructField
	name, doc, from string
	notes           string // Sentences for the description that other tags add.
	visible         visibility
	sent            bool // Whether it is decoded from the object's attributes.
}

// A visibility is who can see an attribute, according to https://docs.virustotal.com/reference/user-object.
type visibility string

// The values of the tag visible.
const (
	visibleToEveryone       visibility = ""
	visibleToAdministrators visibility = "administrators"
	visibleToOwner          visibility = "owner"
)

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
		doc := strings.NewReplacer("[", "`", "]", "`").Replace(f.Tag.Get("doc"))
		fields = append(fields, field{f, name, doc, f.Tag.Get("from"), notesOf(f), visibility(f.Tag.Get("visible")), isSent(t, f)})
	}
	fieldsCache.Store(t, fields)
	return fields
}

// notesOf returns sentences about who can see a field, and whether it is derived.
func notesOf(f reflect.StructField) string {
	notes := ""
	switch audience := visibility(f.Tag.Get("visible")); audience {
	case visibleToEveryone:
	case visibleToOwner:
		notes += " Visible to the account's owner only."
	case visibleToAdministrators:
		notes += " Visible to the account's owner and the administrators of its group."
	default:
		panic(fmt.Sprintf("%s: the tag visible is %q", f.Name, audience))
	}
	if f.Tag.Get("derived") != "" {
		notes += " Derived by the provider."
	}
	return notes
}

// isSent reports whether a field is decoded from an object's attributes, rather than derived or decoded from its
// context.
func isSent(t reflect.Type, f reflect.StructField) bool {
	for i := range f.Index {
		if t.FieldByIndex(f.Index[:i+1]).Tag.Get("json") == "-" {
			return false
		}
	}
	return jsonName(f) != ""
}

// jsonName returns the name of a field in JSON, or "" if it is not decoded.
func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	if name == "-" {
		return ""
	}
	return name
}

// sentNames returns the JSON names of all fields that are decoded from an object's attributes.
func sentNames(t reflect.Type) []string {
	var names []string
	for _, f := range reflect.VisibleFields(t) {
		if isSent(t, f) {
			names = append(names, jsonName(f))
		}
	}
	return names
}

// hiddenName is the name of the attribute that lists what VirusTotal did not send.
const hiddenName = "hidden_attributes"

// hidden returns the names of the attributes that VirusTotal did not send, or sent as null.
func hidden(model any) set {
	names := set{}
	v := reflect.Indirect(reflect.ValueOf(model))
	for _, f := range fieldsOf(v.Type()) {
		if f.sent && v.FieldByIndex(f.Index).IsNil() {
			names = append(names, f.name)
		}
	}
	return names
}

// selectable returns the names of the attributes that the argument attributes can select in a type: those that
// VirusTotal sends of accounts and groups. It returns nil for other types.
func selectable(t reflect.Type) []string {
	lists := func(f field) bool { return f.name == hiddenName }
	if !slices.ContainsFunc(fieldsOf(t), lists) {
		return nil
	}
	return slices.Sorted(slices.Values(sentNames(t)))
}

// selectAttributes returns a copy of *model in which the attributes that were not requested are null, also those that
// are derived from them. Nil requests all. The copy is needed because the client caches the model.
func selectAttributes[M any](model *M, requested []string) *M {
	if requested == nil || model == nil {
		return model
	}
	selected := *model
	v := reflect.ValueOf(&selected).Elem()
	for _, f := range fieldsOf(v.Type()) {
		value := v.FieldByIndex(f.Index)
		switch {
		case f.sent && !slices.Contains(requested, f.name), f.from != "" && !slices.Contains(requested, f.from):
			value.SetZero()
		case f.name == hiddenName:
			all, _ := value.Interface().(set)
			kept := set{}
			for _, name := range all {
				if slices.Contains(requested, name) {
					kept = append(kept, name)
				}
			}
			value.Set(reflect.ValueOf(kept))
		}
	}
	return &selected
}
