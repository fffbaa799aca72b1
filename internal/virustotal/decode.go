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

// ByName is a JSON object as a map. Its names are normalized to Unicode's NFC, as Terraform does. Names that become
// equal are an error, because one would replace the other in the state.
type ByName[T any] map[string]T

// UnmarshalJSONFrom decodes a JSON object. Null becomes nil.
func (m *ByName[T]) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	var sent map[string]T
	if err := json.UnmarshalDecode(dec, &sent); err != nil || sent == nil {
		return err
	}
	*m = make(ByName[T], len(sent))
	for name, value := range sent {
		name = norm.NFC.String(name)
		if _, duplicate := (*m)[name]; duplicate {
			return fmt.Errorf("two of its names differ only in their Unicode normalization: %q", name)
		}
		(*m)[name] = value
	}
	return nil
}

// DataError is a response that is JSON but not as the API documents it.
type DataError struct {
	Problem string // A sentence without the full stop.
}

func (e *DataError) Error() string { return e.Problem }

// dataErrorf returns a [*DataError].
func dataErrorf(format string, args ...any) error {
	return &DataError{fmt.Sprintf(format, args...)}
}

// asDataError turns a decoding error into a [*DataError] that names the attribute. part is the member that was decoded,
// or "" for the whole response or object. id is the object's raw id, or nil. Any other error is returned unchanged.
func asDataError(err error, part string, id jsontext.Value) error {
	if _, ok := errors.AsType[*DataError](err); ok {
		return err
	}
	of := ""
	if len(id) > 0 && len(id) < 200 {
		of = " of " + string(id)
	}
	if syntax, ok := errors.AsType[*jsontext.SyntacticError](err); ok && errors.Is(err, jsontext.ErrDuplicateName) {
		return dataErrorf("VirusTotal sent %q twice in one object", syntax.JSONPointer.LastToken())
	}
	semantic, ok := errors.AsType[*json.SemanticError](err)
	if !ok {
		return err
	}
	name := cmp.Or(attributeName(part, semantic.JSONPointer), "data")
	kind, expected := describeKind(semantic.JSONKind), describeType(semantic.GoType)
	if semantic.JSONKind == 0 && semantic.Err != nil {
		return dataErrorf("VirusTotal's %q%s cannot be decoded: %v", name, of, semantic.Err)
	}
	if semantic.JSONKind == '0' && len(semantic.JSONValue) > 0 && len(semantic.JSONValue) <= maxNumber {
		kind = "the number " + string(semantic.JSONValue)
	}
	return dataErrorf("VirusTotal's %q%s has the wrong type: %s instead of %s", name, of, kind, expected)
}

// attributeName returns a pointer within a part in dotted form: attributes.quotas.api_requests_daily.allowed.
func attributeName(part string, pointer jsontext.Pointer) string {
	names := []string{}
	if part != "" {
		names = append(names, part)
	}
	for name := range pointer.Tokens() {
		names = append(names, name)
	}
	return strings.Join(names, ".")
}

// describeType describes the JSON that a Go type is decoded from. A named string type is described by its name: "a date".
func describeType(t reflect.Type) string {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == nil:
		return "another type"
	case t.Kind() == reflect.Bool:
		return "true or false"
	case t.Kind() == reflect.Int64:
		return "a whole number of at most 64 bits"
	case t.Kind() == reflect.Slice:
		return "a list"
	case t.Kind() == reflect.String && t.PkgPath() != "":
		return "a " + t.Name()
	case t.Kind() == reflect.String:
		return "a string"
	default:
		return "an object"
	}
}

// describeKind describes the kind of a JSON value.
func describeKind(kind jsontext.Kind) string {
	switch kind {
	case '{', '}':
		return "an object"
	case '[', ']':
		return "a list"
	case '"':
		return "a string"
	case 'n':
		return "null"
	case 't', 'f':
		return "true or false"
	case '0':
		return "a number"
	default:
		return "nothing"
	}
}
