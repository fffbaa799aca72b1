// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"reflect"
	"slices"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// object is what every noun begins with.
type object struct {
	ID *string `json:"-" tfsdk:"id" doc:"VirusTotal's id of it."`
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
	for _, f := range sentFields(v.Type()) {
		if v.FieldByIndex(f.Index).IsNil() {
			names = append(names, f.name)
		}
	}
	return names
}

// sentFields are those fields of a noun that VirusTotal sends as attributes: neither derived ones nor those
// that come from an object's context.
func sentFields(t reflect.Type) []field {
	return slices.DeleteFunc(slices.Clone(fieldsOf(t)), func(f field) bool {
		for i := range f.Index {
			if t.FieldByIndex(f.Index[:i+1]).Tag.Get("json") == "-" {
				return true
			}
		}
		return false
	})
}
