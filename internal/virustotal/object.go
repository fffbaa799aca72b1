// SPDX-License-Identifier: MPL-2.0

package virustotal

import (
	"hash/maphash"
	"slices"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Object is a VirusTotal object, with attributes of type A.
type Object[A any] struct {
	ID string

	// Attributes is never nil. If *A has a method Derive([Identity]) error, it is called after decoding: it can set
	// derived fields or return an error. If *A has a method Kind() [Kind], it defines which objects are accepted.
	Attributes *A

	// Sent is false if VirusTotal sent the object without attributes, for example a deleted account in a list.
	Sent bool

	err *apiError
}

// Failed reports whether VirusTotal sent an error with the object, for example because it was deleted.
func (o *Object[A]) Failed() bool { return o.err != nil }

// An Identity is the part of an object outside its attributes.
type Identity struct {
	ID, Type string
	Now      time.Time // When the object was decoded, by the client's clock.

	context, relationships jsontext.Value // nil if missing.
	raw                    jsontext.Value // The whole object.
}

// Context decodes the object's context_attributes into a pointer. It does nothing if VirusTotal sent none.
func (i Identity) Context(into any) error { return i.decode(i.context, "context_attributes", into) }

// Relationships decodes the object's relationships into a pointer. It does nothing if VirusTotal sent none.
func (i Identity) Relationships(into any) error {
	return i.decode(i.relationships, "relationships", into)
}

func (i Identity) decode(part jsontext.Value, name string, into any) error {
	if part == nil {
		return nil
	}
	if err := json.Unmarshal(part, into, decoding); err != nil {
		return asDataError(err, name, idOf(i.raw))
	}
	return nil
}

// A Kind says which objects may be decoded into a type.
type Kind struct {
	Types  []string // Accepted values of "type". Empty accepts all. An object without a type is always accepted.
	Hashes bool     // Whether IDs are SHA-256 hashes, which look like API keys.
}

// decodeObject decodes an object, and fails on null.
func decodeObject[A any](c *Client, dec *jsontext.Decoder) (*Object[A], error) {
	raw, err := dec.ReadValue()
	if err != nil {
		return nil, err
	}
	return parseRequired[A](c, raw)
}

// parseRequired parses an object that has to exist. If VirusTotal sent an error in place of its attributes, parseRequired
// fails. If it sent neither, the object exists, but all its attributes are hidden.
func parseRequired[A any](c *Client, raw jsontext.Value) (*Object[A], error) {
	object, err := parseObject[A](c, raw)
	if err == nil && !object.Sent && object.Failed() {
		return nil, dataErrorf("VirusTotal sent an error in place of the attributes of %q: %s", object.ID, object.err.Code)
	}
	return object, err
}

func parseObject[A any](c *Client, raw jsontext.Value) (*Object[A], error) {
	var wire struct {
		ID            string         `json:"id"`
		Type          string         `json:"type"`
		Attributes    *A             `json:"attributes"`
		Context       jsontext.Value `json:"context_attributes"`
		Relationships jsontext.Value `json:"relationships"`
		Error         *apiError      `json:"error"`
	}
	if raw.Kind() != '{' {
		return nil, dataErrorf("VirusTotal sent %s instead of an object", describeKind(raw.Kind()))
	}
	if err := json.Unmarshal(raw, &wire, decoding); err != nil {
		return nil, asDataError(err, "", idOf(raw))
	}
	if err := c.checkIdentity(kindOfObject[A](), wire.ID, wire.Type); err != nil {
		return nil, err
	}
	object := &Object[A]{ID: wire.ID, Attributes: wire.Attributes, Sent: wire.Attributes != nil, err: wire.Error}
	if !object.Sent {
		object.Attributes = new(A)
	}
	return object, derive(object, Identity{wire.ID, wire.Type, c.Time(), notNull(wire.Context), notNull(wire.Relationships), raw})
}

// idOf returns the raw ID of an object, or nil if it cannot be read.
func idOf(raw jsontext.Value) jsontext.Value {
	var named struct {
		ID jsontext.Value `json:"id"`
	}
	if err := json.Unmarshal(raw, &named, decoding, jsontext.AllowDuplicateNames(true)); err != nil {
		return nil
	}
	return named.ID
}

// maxID is the maximum length of an ID in bytes. Real ones are far shorter, and what handles IDs, such as escaping in a
// Terraform module, may take quadratic time.
const maxID = 512

// checkIdentity rejects objects without an ID, with an ID that is too long, of another type, or with an ID that looks
// like an API key, since IDs are stored in the state.
func (c *Client) checkIdentity(kind Kind, id, typ string) error {
	switch {
	case id == "":
		return dataErrorf("VirusTotal sent an object without an ID")
	case len(id) > maxID:
		return dataErrorf("VirusTotal sent an object with an ID of %d bytes; the maximum is %d", len(id), maxID)
	case id == c.APIKey, IsKey(id) && !kind.Hashes:
		return dataErrorf("VirusTotal sent an object whose ID looks like an API key")
	case typ != "" && len(kind.Types) > 0 && !slices.Contains(kind.Types, typ):
		return dataErrorf("VirusTotal sent %q, an object of type %q instead of %q", id, typ, kind.Types[0])
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

// derive calls Derive on the object's attributes, if they have that method.
func derive[A any](object *Object[A], identity Identity) error {
	if d, ok := any(object.Attributes).(interface{ Derive(Identity) error }); ok {
		return d.Derive(identity)
	}
	return nil
}

func notNull(value jsontext.Value) jsontext.Value {
	if value.Kind() == 'n' {
		return nil
	}
	return value
}

// An optional is an object, or nil if VirusTotal sent null. It is a type of its own because cache keys contain the
// type: the cache never returns nil for a required object.
type optional[A any] struct{ *Object[A] }

func decodeOptional[A any](c *Client, dec *jsontext.Decoder) (optional[A], error) {
	raw, err := dec.ReadValue()
	if err != nil || raw.Kind() == 'n' {
		return optional[A]{}, err
	}
	object, err := parseObject[A](c, raw)
	return optional[A]{object}, err
}

// A list has the items of a page and a hash of the page.
type list[A any] struct {
	objects []*Object[A]
	digest  uint64
}

// digestSeed is the seed for hashing pages.
var digestSeed = maphash.MakeSeed()

// decodeList decodes a page item by item, so that only one raw item is in memory at a time. It fails as soon as there
// are more than PageSize items: a few compressed kilobytes could contain millions.
func decodeList[A any](c *Client, dec *jsontext.Decoder) (list[A], error) {
	if kind := dec.PeekKind(); kind != '[' {
		if _, err := dec.ReadValue(); err != nil {
			return list[A]{}, err
		}
		return list[A]{}, dataErrorf(`VirusTotal's "data" has the wrong type: %s instead of a list`, describeKind(kind))
	}
	if _, err := dec.ReadToken(); err != nil {
		return list[A]{}, err
	}
	page := list[A]{objects: []*Object[A]{}}
	var digest maphash.Hash
	digest.SetSeed(digestSeed)
	for dec.PeekKind() != ']' {
		raw, err := dec.ReadValue()
		if err != nil {
			return list[A]{}, err
		}
		if len(page.objects) == PageSize {
			return list[A]{}, dataErrorf("VirusTotal sent a page of more than %d items, the requested limit", PageSize)
		}
		object, err := parseObject[A](c, raw)
		if err != nil {
			return list[A]{}, err
		}
		page.objects = append(page.objects, object)
		_, _ = digest.Write(raw) // Never fails.
	}
	page.digest = digest.Sum64()
	_, err := dec.ReadToken()
	return page, err
}

// decodeData decodes data that is not an object, and fails on null.
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
		return nil, asDataError(err, "", nil)
	}
	return data, nil
}
