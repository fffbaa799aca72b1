// SPDX-License-Identifier: MPL-2.0

package virustotal

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// Object is one thing as VirusTotal wraps it.
type Object[A any] struct {
	ID string

	// Attributes is nil where VirusTotal named the object and gave none, as it does of one that is gone.
	//
	// An *A with a method Derive(id string, context json.RawMessage) error has it called once the attributes
	// are decoded, with the object's id and its context_attributes (nil where there are none), to set what
	// follows from them, or to refuse them.
	Attributes *A

	gone *refusal
}

// decodeObject reads an object, and fails where there is none.
func decodeObject[A any](dec *json.Decoder) (*Object[A], error) {
	var raw json.RawMessage
	if err := dec.Decode(&raw); err != nil {
		return nil, err
	}
	return parseWhole[A](raw)
}

// parseWhole fails on an object that is gone. Where VirusTotal gives no attributes of one that is there, it
// hides them all.
func parseWhole[A any](raw json.RawMessage) (*Object[A], error) {
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
		return nil, wrongType(err, reflect.TypeOf(wire), named.ID)
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
	err := d.Derive(object.ID, context)
	if typed, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		typed.Field = strings.TrimSuffix("context_attributes."+typed.Field, ".")
	}
	return err
}

// An optional is an object, or nil where VirusTotal says that there is none. It is a type of its own so that
// the cache never gives it to who asked for an object that must be there.
type optional[A any] struct{ *Object[A] }

func decodeOptional[A any](dec *json.Decoder) (optional[A], error) {
	var raw json.RawMessage
	if err := dec.Decode(&raw); err != nil || kindOf(raw) == "null" {
		return optional[A]{}, err
	}
	object, err := parseObject[A](raw)
	return optional[A]{object}, err
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
	var raw json.RawMessage
	for dec.More() {
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
	if kindOf(raw) == "null" {
		return nil, &DataError{`VirusTotal's "data" is null`}
	}
	data := new(T)
	if err := json.Unmarshal(raw, data); err != nil {
		return nil, wrongType(err, reflect.TypeFor[T](), nil)
	}
	return data, nil
}

// DataError is an answer that is JSON but not what the API documents.
type DataError struct {
	Problem string // A sentence without its full stop. It shows none of the answer's values but ids and numbers.
}

func (e *DataError) Error() string { return e.Problem }

// wrongType says which attribute of which object is not of the type that it is decoded into, as a part of
// the given one. The id is as it stands in the answer, nil where there is none.
func wrongType(err error, within reflect.Type, id json.RawMessage) error {
	if _, said := errors.AsType[*DataError](err); said {
		return err
	}
	of := ""
	if len(id) > 0 && len(id) < 200 {
		of = " of " + string(id)
	}
	typed, ok := errors.AsType[*json.UnmarshalTypeError](err)
	if !ok {
		return &DataError{fmt.Sprintf("What VirusTotal sent%s cannot be decoded: %v", of, err)}
	}
	name := cmp.Or(sentName(within, typed.Field), "data")
	return &DataError{fmt.Sprintf("VirusTotal's %q%s is of the wrong type: %s where %s belongs", name, of, typed.Value, wanted(typed.Type))}
}

// sentName is the name of a field as VirusTotal sent it: encoding/json puts those of embedded Go structs,
// which no answer has, in between.
func sentName(within reflect.Type, field string) string {
	var sent []string
	for part := range strings.SplitSeq(field, ".") {
		for within != nil && (within.Kind() == reflect.Pointer || within.Kind() == reflect.Slice || within.Kind() == reflect.Map) {
			within = within.Elem()
		}
		if within == nil || within.Kind() != reflect.Struct {
			sent = append(sent, part)
			continue
		}
		if embedded, ok := within.FieldByName(part); ok && embedded.Anonymous {
			within = embedded.Type
			continue
		}
		sent = append(sent, part)
		next := within
		within = nil
		for _, f := range reflect.VisibleFields(next) {
			if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name == part {
				within = f.Type
			}
		}
	}
	return strings.Join(sent, ".")
}

// wanted is how a Go type is called in JSON's terms; one that decodes itself (a date, say) by its name.
func wanted(t reflect.Type) string {
	switch {
	case reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()):
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
