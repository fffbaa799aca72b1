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
	err     *apiError
	bare    map[string]jsontext.Value // Members that are not part of an envelope. See BareData.
}

// An apiError is the error that VirusTotal sends in place of data.
type apiError struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// decodeEnvelope decodes a response in one pass: its data with the function data, and the members named in bare into
// the envelope.
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
			return e, asDataError(err, "", nil)
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
			err = json.UnmarshalDecode(dec, &e.err)
		case slices.Contains(bare, member):
			err = e.readBare(dec, member)
		default:
			err = dec.SkipValue()
		}
		if err != nil {
			return e, asDataError(err, "", nil)
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
var errNoEnvelope = errors.New("not a single JSON object")

// readBare reads a member into bare.
func (e *envelope) readBare(dec *jsontext.Decoder, member string) error {
	value, err := dec.ReadValue()
	if e.bare == nil {
		e.bare = map[string]jsontext.Value{}
	}
	e.bare[member] = value.Clone()
	return err
}

// nextCursor returns the cursor in meta or, without one, in the URL of the next page. A URL without a cursor is an
// error: otherwise an incomplete list would count as complete. The URL itself is never requested: it is absolute, so it
// would bypass the configured base URL and send the API key to its host.
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
		return "", dataErrorf(`VirusTotal's "links.next" has no valid cursor`)
	}
	return query.Get("cursor"), nil
}
