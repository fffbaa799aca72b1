// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"encoding/json"
	"reflect"
)

// object is what every noun begins with.
type object struct {
	ID *string `json:"-" tfsdk:"id" doc:"VirusTotal's id of it."`
}

// Derive keeps the id. A noun from whose attributes more follows has a Derive of its own, which calls this one.
func (o *object) Derive(id string, _ json.RawMessage) error {
	o.ID = &id
	return nil
}

// decodeContext decodes the context of an object into what a noun keeps of it, where there is one.
func decodeContext(context json.RawMessage, into any) error {
	if context == nil {
		return nil
	}
	return json.Unmarshal(context, into)
}

// hidden names the attributes of a noun that VirusTotal left out, or sent as null.
func hidden(noun any) set {
	names := set{}
	v := reflect.Indirect(reflect.ValueOf(noun))
	for _, f := range fieldsOf(v.Type()) {
		if f.Tag.Get("json") != "-" && v.FieldByIndex(f.Index).IsNil() {
			names = append(names, f.name)
		}
	}
	return names
}
