// SPDX-License-Identifier: MPL-2.0

package virustotal

import (
	"bytes"
	"errors"
	"io"
	"net/url"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// An envelope is a response without its data.
type envelope struct {
	hasData bool
	next    string // The cursor of the next page. "" for the last page.
	err     *apiError
}

// A content decodes the members of a response that are its data, by their names. Usually that is "data" alone.
type content map[string]func(*jsontext.Decoder) error

// bareContent returns the content of a response that may lack an envelope: without "data", the named members are decoded
// as if they were in it.
func bareContent(names []string, data func(*jsontext.Decoder) error) content {
	var hasData bool
	members := map[string]jsontext.Value{}
	all := content{"data": func(dec *jsontext.Decoder) error {
		hasData = true
		return data(dec)
	}}
	for _, name := range names {
		all[name] = func(dec *jsontext.Decoder) error {
			value, err := dec.ReadValue()
			if err != nil || hasData {
				return err
			}
			members[name] = value.Clone()
			raw, err := json.Marshal(members, jsontext.AllowInvalidUTF8(true))
			if err != nil {
				return err
			}
			return data(jsontext.NewDecoder(bytes.NewReader(raw), decoding))
		}
	}
	return all
}

// An apiError is the error that VirusTotal sends in place of data.
type apiError struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// decodeEnvelope decodes a response and its data in one pass.
func decodeEnvelope(dec *jsontext.Decoder, data content) (envelope, error) {
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
		switch member := token.String(); member {
		case "meta":
			err = json.UnmarshalDecode(dec, &meta)
		case "links":
			err = json.UnmarshalDecode(dec, &links)
		case "error":
			err = json.UnmarshalDecode(dec, &e.err)
		default:
			decode, isData := data[member]
			if !isData {
				decode = (*jsontext.Decoder).SkipValue
			}
			e.hasData = e.hasData || isData
			err = decode(dec)
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
	if len(e.next) > maxCursor {
		return e, dataErrorf("VirusTotal sent a cursor of %d bytes; the maximum is %d", len(e.next), maxCursor)
	}
	return e, err
}

// errNoEnvelope is the error for JSON that is not one object.
var errNoEnvelope = errors.New("not a single JSON object")

// maxCursor is the maximum length of a cursor in bytes. VirusTotal's have less than 200.
const maxCursor = 4 << 10

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
