// SPDX-License-Identifier: MPL-2.0

package virustotal

import (
	"encoding/json"
	"errors"
	"io"
	"net/url"
)

// An envelope is what stands around the data of an answer.
type envelope struct {
	hasData bool
	next    string // The cursor of the next page.
	refusal *refusal
}

// A refusal is what VirusTotal sends in data's place.
type refusal struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// decodeEnvelope reads an answer to its end, and its data with the given function, in one pass.
func decodeEnvelope(dec *json.Decoder, data func(*json.Decoder) error) (envelope, error) {
	var e envelope
	var meta struct {
		Cursor string `json:"cursor"`
	}
	var links struct {
		Next string `json:"next"`
	}
	start, err := dec.Token()
	if err != nil {
		return e, err
	}
	if start != json.Delim('{') {
		return e, errNoEnvelope
	}
	for dec.More() {
		member, err := dec.Token()
		if err != nil {
			return e, err
		}
		switch member {
		case "data":
			e.hasData = true
			err = data(dec)
		case "meta":
			err = decodeMember(dec, "meta", &meta)
		case "links":
			err = decodeMember(dec, "links", &links)
		case "error":
			err = decodeMember(dec, "error", &e.refusal)
		default:
			var unknown json.RawMessage
			err = dec.Decode(&unknown)
		}
		if err != nil {
			return e, err
		}
	}
	if _, err := dec.Token(); err != nil {
		return e, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return e, errNoEnvelope
	}
	e.next, err = nextCursor(meta.Cursor, links.Next)
	return e, err
}

// errNoEnvelope is JSON, but nothing that VirusTotal would send.
var errNoEnvelope = errors.New("no envelope")

// decodeMember reads one of the envelope's members.
func decodeMember(dec *json.Decoder, name string, into any) error {
	err := dec.Decode(into)
	if typed, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		if typed.Field != "" {
			name += "."
		}
		typed.Field = name + typed.Field
		return wrongType(typed, nil, nil)
	}
	return err
}

// nextCursor returns the cursor that meta holds, else the one in the URL of the next page. The URL itself is
// never followed: it is absolute, so it would skip a base URL of the user's and carry the key to its host.
func nextCursor(cursor, next string) (string, error) {
	if cursor != "" || next == "" {
		return cursor, nil
	}
	u, err := url.Parse(next)
	if err != nil {
		return "", &DataError{`VirusTotal's "links.next" is no URL`}
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return "", &DataError{`VirusTotal's "links.next" has a query that cannot be read`}
	}
	return query.Get("cursor"), nil
}
