// SPDX-License-Identifier: MPL-2.0

package virustotal

import (
	"hash/maphash"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Object is one thing as VirusTotal wraps it.
type Object[A any] struct {
	ID string

	// Attributes is nil where VirusTotal named the object and gave no attributes, for example of a deleted account.
	//
	// An *A with a method Derive([Identity]) error has it called once the attributes are decoded, to set what follows
	// from them, or to refuse them. One with a method Kind() [Kind] says which objects it is decoded from.
	Attributes *A

	refusal *refusal
}

// An Identity is what VirusTotal says of an object beside its attributes.
type Identity struct {
	ID, Type string

	context, relationships jsontext.Value // nil where there are none.
	raw                    jsontext.Value // The whole object.
}

// Context decodes the object's context_attributes, and changes nothing where there are none.
func (i Identity) Context(into any) error { return i.decode(i.context, "context_attributes", into) }

// Relationships decodes the object's relationships, and changes nothing where there are none.
func (i Identity) Relationships(into any) error {
	return i.decode(i.relationships, "relationships", into)
}

func (i Identity) decode(part jsontext.Value, name string, into any) error {
	if part == nil {
		return nil
	}
	if err := json.Unmarshal(part, into, decoding); err != nil {
		return wrongData(err, name, idOf(i.raw))
	}
	return nil
}

// A Kind is what the objects of one sort have in common.
type Kind struct {
	Types  []string // What their type may be called. An object that has none is taken as it is.
	Hashes bool     // Whether their ids are SHA-256 hashes, which have the form of an API key.
}

// decodeObject reads an object, and fails where there is none.
func decodeObject[A any](c *Client, dec *jsontext.Decoder) (*Object[A], error) {
	raw, err := dec.ReadValue()
	if err != nil {
		return nil, err
	}
	return parseWhole[A](c, raw)
}

// parseWhole fails on an object that is gone. Where VirusTotal gives no attributes of one that is there, it
// hides them all.
func parseWhole[A any](c *Client, raw jsontext.Value) (*Object[A], error) {
	object, err := parseObject[A](c, raw)
	if err != nil || object.Attributes != nil {
		return object, err
	}
	if object.refusal != nil {
		return nil, dataErrorf("VirusTotal named %q and sent an error in place of its attributes, %s", object.ID, object.refusal.Code)
	}
	object.Attributes = new(A)
	return object, derive(object, Identity{ID: object.ID})
}

func parseObject[A any](c *Client, raw jsontext.Value) (*Object[A], error) {
	var wire struct {
		ID            string         `json:"id"`
		Type          string         `json:"type"`
		Attributes    *A             `json:"attributes"`
		Context       jsontext.Value `json:"context_attributes"`
		Relationships jsontext.Value `json:"relationships"`
		Error         *refusal       `json:"error"`
	}
	if raw.Kind() != '{' {
		return nil, dataErrorf("VirusTotal sent %s where an object belongs", kindOf(raw.Kind()))
	}
	if err := json.Unmarshal(raw, &wire, decoding); err != nil {
		return nil, wrongData(err, "", idOf(raw))
	}
	if err := c.checkIdentity(kindOfObject[A](), wire.ID, wire.Type); err != nil {
		return nil, err
	}
	object := &Object[A]{ID: wire.ID, Attributes: wire.Attributes, refusal: wire.Error}
	return object, derive(object, Identity{wire.ID, wire.Type, notNull(wire.Context), notNull(wire.Relationships), raw})
}

// idOf is the id of an object as it was sent, nil where it cannot be read.
func idOf(raw jsontext.Value) jsontext.Value {
	var named struct {
		ID jsontext.Value `json:"id"`
	}
	if err := json.Unmarshal(raw, &named, decoding, jsontext.AllowDuplicateNames(true)); err != nil {
		return nil
	}
	return named.ID
}

// checkIdentity refuses an object without an id, one of another kind, and one whose id may be an API key: ids are
// stored in the state.
func (c *Client) checkIdentity(kind Kind, id, typ string) error {
	switch {
	case id == "":
		return dataErrorf("VirusTotal sent an object without an id")
	case id == c.APIKey, IsKey(id) && !kind.Hashes:
		return dataErrorf("VirusTotal sent what looks like an API key for the id of an object")
	case typ != "" && len(kind.Types) > 0 && !slices.Contains(kind.Types, typ):
		return dataErrorf("VirusTotal sent an object of the type %q, %q, where one of the type %q belongs", typ, id, kind.Types[0])
	default:
		return nil
	}
}

func kindOfObject[A any]() Kind {
	if k, ok := any(new(A)).(interface{ Kind() Kind }); ok {
		return k.Kind()
	}
	return Kind{}
}

// derive calls the Derive that attributes may have.
func derive[A any](object *Object[A], of Identity) error {
	d, ok := any(object.Attributes).(interface{ Derive(Identity) error })
	if !ok || object.Attributes == nil {
		return nil
	}
	return d.Derive(of)
}

func notNull(value jsontext.Value) jsontext.Value {
	if value.Kind() == 'n' {
		return nil
	}
	return value
}

// An optional is an object, or nil where VirusTotal says that there is none. It is a type of its own so that
// the cache never gives it to who asked for an object that must be there.
type optional[A any] struct{ *Object[A] }

func decodeOptional[A any](c *Client, dec *jsontext.Decoder) (optional[A], error) {
	raw, err := dec.ReadValue()
	if err != nil || raw.Kind() == 'n' {
		return optional[A]{}, err
	}
	object, err := parseObject[A](c, raw)
	return optional[A]{object}, err
}

// A list is the items of a page, and what tells the page from others.
type list[A any] struct {
	objects []*Object[A]
	digest  uint64
}

// digests is what the digests of pages are made with, in this process.
var digests = maphash.MakeSeed()

// decodeList reads a list item by item: what an item holds beyond A is let go before the next is read. It ends as soon
// as there are more items than a page has: some kilobytes, compressed, could hold millions.
func decodeList[A any](c *Client, dec *jsontext.Decoder) (list[A], error) {
	if kind := dec.PeekKind(); kind != '[' {
		if _, err := dec.ReadValue(); err != nil {
			return list[A]{}, err
		}
		return list[A]{}, dataErrorf(`VirusTotal's "data" is of the wrong type: %s where a list belongs`, kindOf(kind))
	}
	if _, err := dec.ReadToken(); err != nil {
		return list[A]{}, err
	}
	page := list[A]{objects: []*Object[A]{}}
	var digest maphash.Hash
	digest.SetSeed(digests)
	for dec.PeekKind() != ']' {
		raw, err := dec.ReadValue()
		if err != nil {
			return list[A]{}, err
		}
		if len(page.objects) == PageSize {
			return list[A]{}, dataErrorf("VirusTotal sent a page of more than the %d items that were asked for", PageSize)
		}
		object, err := parseObject[A](c, raw)
		if err != nil {
			return list[A]{}, err
		}
		page.objects = append(page.objects, object)
		_, _ = digest.Write(raw) // A hash never fails.
	}
	page.digest = digest.Sum64()
	_, err := dec.ReadToken()
	return page, err
}

// decodeData reads data that is no object, and fails on null.
func decodeData[T any](_ *Client, dec *jsontext.Decoder) (*T, error) {
	raw, err := dec.ReadValue()
	if err != nil {
		return nil, err
	}
	return parseData[T](raw)
}

func parseData[T any](raw jsontext.Value) (*T, error) {
	if raw.Kind() == 'n' {
		return nil, dataErrorf(`VirusTotal's "data" is null`)
	}
	data := new(T)
	if err := json.Unmarshal(raw, data, decoding); err != nil {
		return nil, wrongData(err, "", nil)
	}
	return data, nil
}
