// SPDX-License-Identifier: MPL-2.0

package virustotal

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
)

// Object is one thing as VirusTotal wraps it.
type Object[A any] struct {
	ID string

	// Attributes is nil where VirusTotal named the object and gave none, as it does of one that is gone.
	//
	// An *A with a method Derive(id string, context json.RawMessage) error has it called once the attributes
	// are decoded, with the object's id and its context_attributes (nil where there are none), to set what
	// follows from them.
	Attributes *A

	gone *refusal
}

// decodeObject reads an object, and fails where there is none or it is gone. Where VirusTotal gives no
// attributes of an object that is there, it hides them all.
func decodeObject[A any](dec *json.Decoder) (*Object[A], error) {
	var raw json.RawMessage
	if err := dec.Decode(&raw); err != nil {
		return nil, err
	}
	object, err := parseObject[A](raw)
	if err != nil || object.Attributes != nil {
		return object, err
	}
	if object.gone != nil {
		return nil, &DataError{fmt.Sprintf("VirusTotal named %q and gave an error in the place of its attributes, %s", object.ID, object.gone.Code)}
	}
	object.Attributes = new(A)
	return object, derive(object, nil)
}

func parseObject[A any](raw json.RawMessage) (*Object[A], error) {
	var wire struct {
		ID         string          `json:"id"`
		Attributes *A              `json:"attributes"`
		Context    json.RawMessage `json:"context_attributes"`
		Error      *refusal        `json:"error"`
	}
	if kind := kindOf(raw); kind != "an object" {
		return nil, &DataError{fmt.Sprintf("VirusTotal sent %s where an object belongs", kind)}
	}
	err := json.Unmarshal(raw, &wire)
	if err == nil && wire.ID == "" {
		return nil, &DataError{"VirusTotal sent an object without an id"}
	}
	object := &Object[A]{ID: wire.ID, Attributes: wire.Attributes, gone: wire.Error}
	if err == nil {
		err = derive(object, wire.Context)
	}
	if err != nil {
		var named struct {
			ID json.RawMessage `json:"id"`
		}
		_ = json.Unmarshal(raw, &named) // An id that can't be read leaves the object unnamed.
		return nil, wrongType(err, named.ID)
	}
	return object, nil
}

// derive calls the Derive that attributes may have.
func derive[A any](object *Object[A], context json.RawMessage) error {
	d, ok := any(object.Attributes).(interface {
		Derive(id string, context json.RawMessage) error
	})
	if !ok || object.Attributes == nil {
		return nil
	}
	if string(context) == "null" {
		context = nil
	}
	return d.Derive(object.ID, context)
}

// decodeObjectOrNull is decodeObject where VirusTotal may say that there is nothing.
func decodeObjectOrNull[A any](dec *json.Decoder) (*Object[A], error) {
	var raw json.RawMessage
	if err := dec.Decode(&raw); err != nil || kindOf(raw) == "null" {
		return nil, err
	}
	return parseObject[A](raw)
}

// decodeList reads a list item by item: what an item holds beyond A is let go before the next is read.
func decodeList[A any](dec *json.Decoder) ([]*Object[A], error) {
	start, err := dec.Token()
	if err != nil {
		return nil, err
	}
	if start != json.Delim('[') {
		return nil, &DataError{`VirusTotal's "data" is no list`}
	}
	objects := []*Object[A]{}
	for raw := (json.RawMessage)(nil); dec.More(); {
		if err := dec.Decode(&raw); err != nil {
			return nil, err
		}
		object, err := parseObject[A](raw)
		if err != nil {
			return nil, err
		}
		objects = append(objects, object)
	}
	_, err = dec.Token()
	return objects, err
}

// decodeData reads data that is no object, and fails on null.
func decodeData[T any](dec *json.Decoder) (*T, error) {
	var raw json.RawMessage
	if err := dec.Decode(&raw); err != nil {
		return nil, err
	}
	if kind := kindOf(raw); kind == "null" {
		return nil, &DataError{`VirusTotal's "data" is null`}
	}
	data := new(T)
	if err := json.Unmarshal(raw, data); err != nil {
		return nil, wrongType(err, nil)
	}
	return data, nil
}

// DataError is an answer that is JSON but not what the API documents.
type DataError struct {
	Problem string // A sentence without its full stop. It shows none of the answer's values but ids and numbers.
}

func (e *DataError) Error() string { return e.Problem }

// wrongType says which attribute of which object is not of the type that it is decoded into. The id is as
// it stands in the answer, nil where there is none.
func wrongType(err error, id json.RawMessage) error {
	of := ""
	if len(id) > 0 && len(id) < 200 {
		of = " of " + string(id)
	}
	typed, ok := errors.AsType[*json.UnmarshalTypeError](err)
	if !ok {
		return &DataError{fmt.Sprintf("What VirusTotal sent%s cannot be decoded: %v", of, err)}
	}
	return &DataError{fmt.Sprintf("VirusTotal's %q%s is of the wrong type: %s where %s belongs", typed.Field, of, typed.Value, wanted(typed.Type))}
}

// wanted is how a Go type is called in JSON's terms; a type with a name of its own that is no struct (a
// date, say) is called by that.
func wanted(t reflect.Type) string {
	switch {
	case t.PkgPath() != "" && t.Kind() != reflect.Struct:
		return "a " + t.Name()
	case t.Kind() == reflect.Bool:
		return "true or false"
	case t.Kind() == reflect.String:
		return "a string"
	case t.Kind() == reflect.Slice:
		return "a list"
	case t.Kind() == reflect.Map, t.Kind() == reflect.Struct:
		return "an object"
	default:
		return "a whole number of at most 64 bits"
	}
}

// kindOf names the kind of a JSON value.
func kindOf(raw json.RawMessage) string {
	if len(raw) == 0 {
		return "nothing"
	}
	switch raw[0] {
	case '{':
		return "an object"
	case '[':
		return "a list"
	case '"':
		return "a string"
	case 'n':
		return "null"
	case 't', 'f':
		return "true or false"
	default:
		return "a number"
	}
}
