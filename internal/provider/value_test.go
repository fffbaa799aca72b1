// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"encoding/json"
	"math/big"
	"testing"
)

// decoded is how a value reads JSON, or "" where it refuses it.
func decoded[T any](t *testing.T, sent string, show func(T) string) string {
	t.Helper()
	var value *T
	if err := json.Unmarshal([]byte(sent), &value); err != nil {
		return ""
	}
	if value == nil {
		return "null"
	}
	return show(*value)
}

func TestDate(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]string{
		"1594718163":          "2020-07-14T09:16:03Z",
		"0":                   "1970-01-01T00:00:00Z",
		"-1":                  "1969-12-31T23:59:59Z",
		"253402300799":        "9999-12-31T23:59:59Z",
		"253402300800":        "", // RFC 3339 has four digits for a year.
		"1594136453392":       "", // Milliseconds are no date.
		"9223372036854775807": "",
		"1.5":                 "",
		`"1594718163"`:        "",
		"true":                "",
		"null":                "null",
	} {
		if got := decoded(t, sent, func(d date) string { return string(d) }); got != want {
			t.Errorf("%s is %q, want %q", sent, got, want)
		}
	}
}

func TestNumber(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]string{
		"0.95":                "0.95",
		"1e3":                 "1000",
		"-0.1":                "-0.1",
		"9223372036854775807": "9223372036854775807",
		"1e400":               "", // Written out, it would have 400 digits; and a billion would do as well.
		"1e-400":              "",
		`"1"`:                 "",
		"{}":                  "",
		"null":                "null",
	} {
		if got := decoded(t, sent, func(n number) string { return (*big.Float)(&n).Text('f', -1) }); got != want {
			t.Errorf("%s is %q, want %q", sent, got, want)
		}
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]string{
		`{"b":1,"a":{"d":[3,2],"c":null}}`: `{"a":{"c":null,"d":[3,2]},"b":1}`,
		`{"ms":1594136453392,"f":1.10}`:    `{"f":1.10,"ms":1594136453392}`,
		`"<a & b>"`:                        `"<a & b>"`,
		` [ 1 , 2 ] `:                      `[1,2]`,
		`false`:                            `false`,
	} {
		if got := decoded(t, sent, func(v jsonText) string { return string(v) }); got != want {
			t.Errorf("%s is %q, want %q", sent, got, want)
		}
	}
}

func TestQuota(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string][2]string{
		`{"allowed":10,"used":9}`:                   {"1", "0.9"},
		`{"allowed":3,"used":1}`:                    {"2", "0.3333333333333333"},
		`{"allowed":25,"used":241}`:                 {"0", "9.64"},
		`{"allowed":0,"used":5}`:                    {"0", "1"},
		`{"allowed":0,"used":0}`:                    {"0", "0"},
		`{"allowed":60000000000,"used":4}`:          {"59999999996", "0.00000000006666666666666667"},
		`{"allowed":9223372036854775807,"used":-1}`: {"9223372036854775807", "-0.00000000000000000010842021724855044"},
		`{"allowed":null,"used":4}`:                 {"null", "null"},
		`{"allowed":4}`:                             {"null", "null"},
	} {
		var q quota
		if err := json.Unmarshal([]byte(sent), &q); err != nil {
			t.Errorf("%s: %v", sent, err)
			continue
		}
		got := [2]string{"null", "null"}
		if q.Remaining != nil {
			got[0] = big.NewInt(*q.Remaining).String()
		}
		if q.Utilization != nil {
			got[1] = (*big.Float)(q.Utilization).Text('f', -1)
		}
		if got != want {
			t.Errorf("%s leaves %v, want %v", sent, got, want)
		}
	}
}
