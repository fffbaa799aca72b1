// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"reflect"
	"strings"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// object is what every noun begins with.
type object struct {
	ID *string `json:"-" tfsdk:"id" doc:"Id."`
}

// Derive keeps the id. A noun from whose attributes more follows has a Derive of its own, which calls this one.
func (o *object) Derive(of virustotal.Identity) error {
	id := of.ID // A pointer into the identity would keep the whole object that was sent.
	o.ID = &id
	return nil
}

// hidden names the attributes of a noun that VirusTotal left out, or sent as null.
func hidden(noun any) set {
	names := set{}
	v := reflect.Indirect(reflect.ValueOf(noun))
	for _, f := range fieldsOf(v.Type()) {
		if f.sent && v.FieldByIndex(f.Index).IsNil() {
			names = append(names, f.name)
		}
	}
	return names
}

// sentNames are the names of all that is decoded from the attributes of a noun, shown or not.
func sentNames(t reflect.Type) []string {
	var names []string
	for _, f := range reflect.VisibleFields(t) {
		if isSent(t, f) {
			names = append(names, jsonName(f))
		}
	}
	return names
}

// isSent reports whether a field is decoded from an object's attributes, rather than derived or from its context.
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
