// SPDX-License-Identifier: MPL-2.0

package virustotal

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/text/unicode/norm"
)

// decoding are the options for decoding responses. By default, names are case-sensitive and duplicates are errors, so
// that neither HAS_2FA nor a second has_2fa overrides has_2fa. Invalid UTF-8 is replaced, as in encoding/json, because
// file names may contain any bytes.
var decoding = json.JoinOptions(
	jsontext.AllowInvalidUTF8(true),
	json.WithUnmarshalers(json.UnmarshalFromFunc(decodeInt64)),
)

// decodeInt64 decodes a whole number in any of JSON's notations: 500, 500.0, 5e2.
func decodeInt64(dec *jsontext.Decoder, n *int64) error {
	if dec.PeekKind() != '0' {
		return errors.ErrUnsupported // The json package handles null, and reports anything else.
	}
	literal, err := dec.ReadValue()
	if err != nil {
		return err
	}
	if *n, err = ParseInt(string(literal)); err != nil {
		return WrongType[int64](literal)
	}
	return nil
}

// WrongType returns the error for a JSON value that cannot be decoded into a T. Its message quotes the value only if it
// is a number.
func WrongType[T any](value jsontext.Value) error {
	return &json.SemanticError{JSONKind: value.Kind(), JSONValue: value.Clone(), GoType: reflect.TypeFor[T]()}
}

// ParseInt parses a JSON number that is whole and fits into 64 bits.
func ParseInt(literal string) (int64, error) {
	n, err := strconv.ParseInt(literal, 10, 64)
	if err == nil {
		return n, nil
	}
	f, err := ParseFloat(literal)
	if err != nil || !f.IsInt() {
		return 0, errNotWhole
	}
	n, accuracy := f.Int64()
	if accuracy != big.Exact {
		return 0, errNotWhole
	}
	return n, nil
}

// ParseFloat parses a JSON number with the precision of Terraform's numbers, 512 bits. It fails on literals of more
// than 100 bytes, because parsing time grows with the length, and on numbers outside the range of a float64, which could
// have a billion digits when written out.
func ParseFloat(literal string) (*big.Float, error) {
	if len(literal) > maxNumber {
		return nil, errLongNumber
	}
	f, _, err := big.ParseFloat(literal, 10, precision, big.ToNearestEven)
	if err != nil {
		return nil, strconv.ErrSyntax
	}
	mantissa, _, _ := strings.Cut(strings.ToLower(literal), "e")
	isZero := !strings.ContainsAny(mantissa, "123456789")
	if rough, _ := f.Float64(); math.IsInf(rough, 0) || (rough == 0) != isZero {
		return nil, errRange
	}
	return f, nil
}

const (
	maxNumber = 100 // Maximum length of a number's literal, in bytes.
	precision = 512 // In bits.
)

var (
	errNotWhole   = errors.New("it is not a whole number of at most 64 bits")
	errRange      = errors.New("it is too large or too small")
	errLongNumber = fmt.Errorf("it is written with more than %d characters", maxNumber)
)

// maxEntries is the maximum number of entries in a map. VirusTotal has some dozens of quotas and privileges.
const maxEntries = 1000

// ByName is a JSON object as a map, of at most maxEntries entries. Its names are normalized to Unicode's NFC, as
// Terraform does. Names that become equal are an error, because one would replace the other in the state.
type ByName[T any] map[string]T

// UnmarshalJSONFrom decodes a JSON object. Null becomes nil.
func (m *ByName[T]) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	if dec.PeekKind() != '{' {
		var other map[string]T // The json package handles null, and reports anything else.
		return json.UnmarshalDecode(dec, &other)
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	*m = ByName[T]{}
	for dec.PeekKind() != '}' {
		if len(*m) == maxEntries {
			return tooMuchf("VirusTotal's %q has more than %d entries", cmp.Or(attributeName("", dec.StackPointer().Parent()), "data"), maxEntries)
		}
		token, err := dec.ReadToken()
		if err != nil {
			return err
		}
		name := norm.NFC.String(token.String())
		if _, duplicate := (*m)[name]; duplicate {
			return &json.SemanticError{
				JSONPointer: dec.StackPointer().Parent(), // Of the map rather than of the name.
				Err:         fmt.Errorf("two of its names differ only in their Unicode normalization: %q", name),
			}
		}
		var value T
		if err := json.UnmarshalDecode(dec, &value); err != nil {
			return err
		}
		(*m)[name] = value
	}
	_, err := dec.ReadToken()
	return err
}
