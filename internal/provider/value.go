// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"
	"encoding/json"
	"math"
	"math/big"
	"reflect"
	"strconv"
	"time"
)

// The types below are the leaves of the nouns that are not Go's own. Each is decoded from what VirusTotal
// sends and handed to Terraform as it is.

// set is a list in no order, without repetitions.
type set []string

// date is a point in time in RFC 3339, UTC, to the second, as HCL's timecmp and timeadd take it. VirusTotal
// sends whole seconds since 1970.
type date string

func (d *date) UnmarshalJSON(b []byte) error {
	seconds, err := strconv.ParseInt(string(b), 10, 64)
	t := time.Unix(seconds, 0).UTC()
	if year := t.Year(); err != nil || year < 0 || year > 9999 {
		return wrongValue[date](b)
	}
	*d = date(t.Format(time.RFC3339))
	return nil
}

// number is a number that need not be whole. It has the precision of Terraform's own, so that 0.9 is what
// HCL takes 0.9 for.
type number big.Float

func (n *number) UnmarshalJSON(b []byte) error {
	var literal json.Number
	if err := json.Unmarshal(b, &literal); err != nil || b[0] == '"' {
		return wrongValue[number](b)
	}
	parsed, err := parseNumber(literal.String(), terraformPrecision)
	if err != nil {
		return wrongValue[number](b)
	}
	*n = *parsed
	return nil
}

func (n *number) cmp(m *number) int { return (*big.Float)(n).Cmp((*big.Float)(m)) }

const (
	terraformPrecision = 512 // Bits of Terraform's own numbers.

	// ratioPrecision is enough to write the digits of a 64-bit float as they are, which is how they get to
	// Terraform. Five times as many bits would change none of them, and take ten times as long.
	ratioPrecision = 96
)

// parseNumber reads a decimal number, rounded as Terraform does. One that a 64-bit float cannot hold is
// refused: written out, it could have a billion digits.
func parseNumber(s string, precision uint) (*number, error) {
	f, _, err := big.ParseFloat(s, 10, precision, big.ToNearestEven)
	if err != nil {
		return nil, err
	}
	if rough, _ := f.Float64(); math.IsInf(rough, 0) || (rough == 0) != (f.Sign() == 0) {
		return nil, strconv.ErrRange
	}
	return (*number)(f), nil
}

// ratio is a / b to the digits that a 64-bit float has, as the number of those digits.
func ratio(a, b int64) *number {
	n, err := parseNumber(strconv.FormatFloat(float64(a)/float64(b), 'f', -1, 64), ratioPrecision)
	if err != nil {
		return nil // Neither infinite nor NaN while b is not 0.
	}
	return n
}

// jsonText is JSON as a string, compact and with the keys of objects sorted, and otherwise as VirusTotal sent it.
type jsonText string

func (t *jsonText) UnmarshalJSON(b []byte) error {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	var value any
	if err := dec.Decode(&value); err != nil {
		return err
	}
	var sorted bytes.Buffer
	enc := json.NewEncoder(&sorted)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		return err
	}
	*t = jsonText(bytes.TrimSpace(sorted.Bytes()))
	return nil
}

// wrongValue is the error of JSON that a T cannot be decoded from. The value is not shown: only its kind,
// or the number that it is.
func wrongValue[T any](b []byte) error {
	kind := "number " + string(b)
	switch b[0] {
	case '{':
		kind = "object"
	case '[':
		kind = "array"
	case '"':
		kind = "string"
	case 't', 'f':
		kind = "bool"
	}
	return &json.UnmarshalTypeError{Value: kind, Type: reflect.TypeFor[T]()}
}
