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

// decoding is how all of an answer is decoded. Names count only as they are written and only once, since HAS_2FA beside
// has_2fa, or has_2fa twice, would leave open which of both is true. Strings that are not UTF-8 are mended, as
// encoding/json does: the names of files are anything.
var decoding = json.JoinOptions(
	jsontext.AllowInvalidUTF8(true),
	json.WithUnmarshalers(json.UnmarshalFromFunc(decodeInt64)),
)

// decodeInt64 takes a whole number however JSON writes it: 500, 500.0, 5e2.
func decodeInt64(dec *jsontext.Decoder, n *int64) error {
	if dec.PeekKind() != '0' {
		return errors.ErrUnsupported // The package decodes null, and says what is wrong with anything else.
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

// WrongType is the error of JSON that a T cannot be decoded from. Of its value only a number is shown.
func WrongType[T any](value jsontext.Value) error {
	return &json.SemanticError{JSONKind: value.Kind(), JSONValue: value.Clone(), GoType: reflect.TypeFor[T]()}
}

// ParseInt reads a whole number of at most 64 bits as JSON may write it.
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

// ParseFloat reads a number as JSON may write it, with the precision of Terraform's own. It fails on a literal of more
// than 100 bytes, which would take the more time the longer it is, and where a 64-bit float could not hold the number:
// written out, it could have a billion digits.
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
		return nil, strconv.ErrRange
	}
	return f, nil
}

const (
	maxNumber = 100 // Bytes of a number's literal.
	precision = 512 // Bits of a number, as Terraform has them.
)

var (
	errNotWhole   = errors.New("it is not a whole number of at most 64 bits")
	errLongNumber = fmt.Errorf("it is written with more than %d digits", maxNumber)
)

// ByName is a JSON object as a map. Its names are in Unicode's normalization form C, as Terraform has them: two names
// that are equal in it would be one in a state, so they are refused.
type ByName[T any] map[string]T

// UnmarshalJSONFrom decodes an object. Null is nil.
func (m *ByName[T]) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	var sent map[string]T
	if err := json.UnmarshalDecode(dec, &sent); err != nil || sent == nil {
		return err
	}
	*m = make(ByName[T], len(sent))
	for name, value := range sent {
		name = norm.NFC.String(name)
		if _, twice := (*m)[name]; twice {
			return fmt.Errorf("two of its names are the same but for their Unicode normalization: %q", name)
		}
		(*m)[name] = value
	}
	return nil
}

// DataError is an answer that is JSON but not what the API documents.
type DataError struct {
	Problem string // A sentence without its full stop.
}

func (e *DataError) Error() string { return e.Problem }

// dataErrorf makes a DataError.
func dataErrorf(format string, args ...any) error {
	return &DataError{fmt.Sprintf(format, args...)}
}

// wrongData says what is wrong with a part of an answer, which stands at a path ("" is the part itself). id is the
// object's as it was sent, nil where there is none. An error that is not about the data is returned as it is.
func wrongData(err error, at string, id jsontext.Value) error {
	if _, told := errors.AsType[*DataError](err); told {
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
	name := cmp.Or(attributeName(at, semantic.JSONPointer), "data")
	kind, wanted := kindOf(semantic.JSONKind), wantedOf(semantic.GoType)
	if semantic.JSONKind == 0 && semantic.Err != nil {
		return dataErrorf("VirusTotal's %q%s cannot be taken: %v", name, of, semantic.Err)
	}
	if semantic.JSONKind == '0' && len(semantic.JSONValue) > 0 && len(semantic.JSONValue) <= maxNumber {
		kind = "the number " + string(semantic.JSONValue)
	}
	return dataErrorf("VirusTotal's %q%s is of the wrong type: %s where %s belongs", name, of, kind, wanted)
}

// attributeName is how a place in an answer is written: attributes.quotas.api_requests_daily.allowed.
func attributeName(at string, pointer jsontext.Pointer) string {
	parts := []string{}
	if at != "" {
		parts = append(parts, at)
	}
	for part := range pointer.Tokens() {
		parts = append(parts, part)
	}
	return strings.Join(parts, ".")
}

// wantedOf names the kind of JSON that a Go type is decoded from. A string that decodes itself goes by its own name: "a date".
func wantedOf(t reflect.Type) string {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == nil:
		return "something else"
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
	case t.ConvertibleTo(reflect.TypeFor[big.Float]()):
		return "a number"
	default:
		return "an object"
	}
}

// kindOf names the kind of a JSON value.
func kindOf(kind jsontext.Kind) string {
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
