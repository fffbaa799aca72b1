// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// The types below are attribute types without an equivalent in Go. Each decodes VirusTotal's JSON into the value that is
// stored in the state.

// set is a set of strings, sorted and without duplicates.
type set []string

func (s *set) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	value, err := dec.ReadValue()
	if err != nil || value.Kind() == 'n' {
		return err
	}
	var sent []*string
	if err := json.Unmarshal(value, &sent, dec.Options()); err != nil {
		return err
	}
	*s = set{}
	for _, element := range sent {
		if element == nil {
			return fmt.Errorf("one of its elements is null")
		}
		*s = append(*s, *element)
	}
	slices.Sort(*s)
	*s = slices.Compact(*s)
	return nil
}

// date is a time in RFC 3339, in UTC and whole seconds, as Terraform's timecmp and timeadd accept it. It is decoded
// from Unix seconds.
type date string

func (d *date) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	value, err := dec.ReadValue()
	if err != nil {
		return err
	}
	seconds, err := virustotal.ParseInt(string(value))
	t := time.Unix(seconds, 0).UTC()
	if year := t.Year(); err != nil || year < 0 || year > 9999 {
		return virustotal.WrongType[date](value)
	}
	*d = date(t.Format(time.RFC3339))
	return nil
}

// number is a decimal number as text, as in Terraform's protocol. A float64 of 0.9 would not equal 0.9 in HCL.
type number string

func (n *number) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	value, err := dec.ReadValue()
	if err != nil {
		return err
	}
	if value.Kind() != '0' {
		return virustotal.WrongType[number](value)
	}
	parsed, err := virustotal.ParseFloat(string(value))
	if err != nil {
		return err
	}
	if parsed.Sign() == 0 {
		parsed.SetInt64(0) // Not -0.
	}
	*n = number(parsed.Text('f', -1))
	return nil
}

// ratio returns a / b with the precision of a float64.
func ratio(a, b int64) *number {
	n := number(strconv.FormatFloat(float64(a)/float64(b), 'f', -1, 64))
	return &n
}

// float returns the number as a float64.
func (n number) float() float64 {
	f, _ := strconv.ParseFloat(string(n), 64) // A number is always valid.
	return f
}

// jsonText is compact JSON with sorted keys. Anything in it that looks like an API key is masked, because it is stored
// in the state. Numbers keep VirusTotal's notation.
type jsonText string

// maxDepth is the maximum nesting of a jsonText. Terraform hangs when it renders a plan with a thousand levels.
const maxDepth = 100

func (t *jsonText) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	value, err := dec.ReadValue() // Read as a whole, so that errors name the section rather than a value in it.
	if err != nil {
		return err
	}
	text, err := appendSorted(nil, jsontext.NewDecoder(bytes.NewReader(value), dec.Options()), 0)
	*t = jsonText(text)
	return err
}

// appendSorted appends the decoder's next value to text, with sorted keys.
func appendSorted(text []byte, dec *jsontext.Decoder, depth int) ([]byte, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("its JSON is nested more than %d levels deep", maxDepth)
	}
	switch dec.PeekKind() {
	case '{':
		return appendObject(text, dec, depth)
	case '[':
		return appendList(text, dec, depth)
	case '"':
		token, err := dec.ReadToken()
		if err != nil {
			return nil, err
		}
		return appendString(text, token.String())
	case '0':
		value, err := dec.ReadValue()
		if err != nil {
			return nil, err
		}
		if _, err := virustotal.ParseFloat(string(value)); err != nil {
			return nil, fmt.Errorf("one of its numbers cannot be parsed: %w", err)
		}
		return append(text, value...), nil
	default: // true, false, null, or an error.
		value, err := dec.ReadValue()
		return append(text, value...), err
	}
}

func appendObject(text []byte, dec *jsontext.Decoder, depth int) ([]byte, error) {
	if _, err := dec.ReadToken(); err != nil {
		return nil, err
	}
	members := map[string][]byte{}
	for dec.PeekKind() != '}' {
		name, err := dec.ReadToken()
		if err != nil {
			return nil, err
		}
		key := name.String()
		if members[key], err = appendSorted(nil, dec, depth+1); err != nil {
			return nil, err
		}
	}
	if _, err := dec.ReadToken(); err != nil {
		return nil, err
	}
	text = append(text, '{')
	for i, key := range slices.Sorted(maps.Keys(members)) {
		if i > 0 {
			text = append(text, ',')
		}
		var err error
		if text, err = appendString(text, key); err != nil {
			return nil, err
		}
		text = append(append(text, ':'), members[key]...)
	}
	return append(text, '}'), nil
}

func appendList(text []byte, dec *jsontext.Decoder, depth int) ([]byte, error) {
	if _, err := dec.ReadToken(); err != nil {
		return nil, err
	}
	text = append(text, '[')
	for first := true; dec.PeekKind() != ']'; first = false {
		if !first {
			text = append(text, ',')
		}
		var err error
		if text, err = appendSorted(text, dec, depth+1); err != nil {
			return nil, err
		}
	}
	_, err := dec.ReadToken()
	return append(text, ']'), err
}

func appendString(text []byte, s string) ([]byte, error) {
	return jsontext.AppendQuote(text, virustotal.MaskKeys(s))
}
