// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/text/unicode/norm"

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
// in the state. Numbers keep VirusTotal's notation. Terraform's normalization to NFC does not change it.
type jsonText string

// maxDepth is the maximum nesting of a jsonText. Terraform hangs when it renders a plan with a thousand levels.
const maxDepth = 100

func (t *jsonText) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	value, err := dec.ReadValue() // Read as a whole, so that errors name the section rather than a value in it.
	if err != nil {
		return err
	}
	// Names that differ may be equal when masked.
	masked, sorted := jsontext.AllowDuplicateNames(true), jsontext.ReorderRawObjects(true)
	var text bytes.Buffer
	if err := mask(jsontext.NewEncoder(&text, masked), jsontext.NewDecoder(bytes.NewReader(value), dec.Options())); err != nil {
		return err
	}
	value = text.Bytes()
	err = value.Format(masked, sorted)
	*t = jsonText(escapeUnstable(string(value)))
	return err
}

// mask copies a value from dec to enc, and masks strings and names that look like an API key.
func mask(enc *jsontext.Encoder, dec *jsontext.Decoder) error {
	for done := false; !done; done = dec.StackDepth() == 0 {
		isNumber := dec.PeekKind() == '0'
		token, err := dec.ReadToken()
		if err != nil {
			return err
		}
		if dec.StackDepth() > maxDepth+1 { // Depth 1 is the outermost level, which is not nested.
			return fmt.Errorf("its JSON is nested more than %d levels deep", maxDepth)
		}
		switch {
		case isNumber:
			literal := token.String()
			if _, err := virustotal.ParseFloat(literal); err != nil {
				return fmt.Errorf("one of its numbers cannot be parsed: %w", err)
			}
			err = enc.WriteValue(jsontext.Value(literal))
		case token.Kind() == '"':
			err = enc.WriteToken(jsontext.String(virustotal.MaskKeys(token.String())))
		default:
			err = enc.WriteToken(token)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// escapeUnstable escapes the characters of a JSON text that Terraform's normalization to NFC would replace, or compose
// with what stands before them. That may be the last character of an escape: \n and U+0301 would become \ń.
func escapeUnstable(text string) string {
	var escaped strings.Builder
	for _, r := range text {
		s := string(r)
		switch {
		case norm.NFC.PropertiesString(s).BoundaryBefore() && norm.NFC.IsNormalString(s):
			escaped.WriteString(s)
		default:
			for _, unit := range utf16.Encode([]rune{r}) {
				fmt.Fprintf(&escaped, `\u%04x`, unit)
			}
		}
	}
	return escaped.String()
}
