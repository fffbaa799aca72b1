// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"reflect"
	"strings"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// object has the attribute that all objects share.
type object struct {
	ID *string `json:"-" tfsdk:"id" doc:"Id."`
}

// Derive sets the id. Types with more derived attributes have their own Derive, which calls this one.
func (o *object) Derive(identity virustotal.Identity) error {
	id := identity.ID // A copy: a pointer into identity would keep the whole raw object in memory.
	o.ID = &id
	return nil
}

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

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}
