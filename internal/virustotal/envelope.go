// SPDX-License-Identifier: MPL-2.0

package virustotal

import (
	"errors"
	"io"
	"net/url"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// An envelope is a response without its data.
type envelope struct {
	hasData bool
	next    string // The cursor of the next page. "" for the last page.
	refusal *refusal
	bare    map[string]jsontext.Value // Members that are not part of an envelope. See BareData.
}

// A refusal is the error that VirusTotal sends in place of data.
type refusal struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// decodeEnvelope decodes a response in one pass, and its data by the given function. It also keeps the members named in
// bare.
func decodeEnvelope(dec *jsontext.Decoder, data func(*jsontext.Decoder) error, bare []string) (envelope, error) {
	var e envelope
	var meta struct {
		Cursor string `json:"cursor"`
	}
	var links struct {
		Next *string `json:"next"`
	}
	if dec.PeekKind() != '{' {
		if _, err := dec.ReadValue(); err != nil {
			return e, err
		}
		return e, errNoEnvelope
	}
	if _, err := dec.ReadToken(); err != nil {
		return e, err
	}
	for dec.PeekKind() != '}' {
		token, err := dec.ReadToken()
		if err != nil {
			return e, wrongData(err, "", nil)
		}
		switch member := token.String(); {
		case member == "data":
			e.hasData = true
			err = data(dec)
		case member == "meta":
			err = json.UnmarshalDecode(dec, &meta)
		case member == "links":
			err = json.UnmarshalDecode(dec, &links)
		case member == "error":
			err = json.UnmarshalDecode(dec, &e.refusal)
		case slices.Contains(bare, member):
			err = e.keep(dec, member)
		default:
			err = dec.SkipValue()
		}
		if err != nil {
			return e, wrongData(err, "", nil)
		}
	}
	if _, err := dec.ReadToken(); err != nil {
		return e, err
	}
	if _, err := dec.ReadToken(); !errors.Is(err, io.EOF) {
		return e, errNoEnvelope
	}
	var err error
	e.next, err = nextCursor(meta.Cursor, links.Next)
	return e, err
}

// errNoEnvelope is the error for JSON that is not one object.
var errNoEnvelope = errors.New("no envelope")

// keep reads a member into bare.
func (e *envelope) keep(dec *jsontext.Decoder, member string) error {
	value, err := dec.ReadValue()
	if e.bare == nil {
		e.bare = map[string]jsontext.Value{}
	}
	e.bare[member] = value.Clone()
	return err
}

// nextCursor returns the cursor in meta or, without one, in the URL of the next page. A URL without a cursor is an
// error: otherwise an incomplete list would count as complete. The URL itself is never followed, because it is
// absolute: it would bypass the configured base URL, and send the API key to its host.
func nextCursor(cursor string, next *string) (string, error) {
	if cursor != "" || next == nil {
		return cursor, nil
	}
	u, err := url.Parse(*next)
	if err != nil {
		return "", dataErrorf(`VirusTotal's "links.next" is not a URL`)
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil || query.Get("cursor") == "" {
		return "", dataErrorf(`VirusTotal's "links.next" names a next page, and has no cursor that can be read`)
	}
	return query.Get("cursor"), nil
}
