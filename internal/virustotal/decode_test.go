// SPDX-License-Identifier: MPL-2.0

package virustotal_test

import (
	"strings"
	"testing"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// TestNamesAreCaseSensitive decodes names that differ in case, of which encoding/json would take the last, and
// duplicate names.
func TestNamesAreCaseSensitive(t *testing.T) {
	t.Parallel()
	read := func(sent string) (*virustotal.Object[user], error) {
		return virustotal.Get[user](t.Context(), client(t, answering(200, "application/json", `{"data":`+sent+`}`)), nil, "users", "joe")
	}
	found, err := read(`{"id":"joe","ID":"x","attributes":{"first_name":"Jo","FIRST_NAME":"x","First_Name":5},"Attributes":{"first_name":"y"}}`)
	if err != nil || found.ID != "joe" || *found.Attributes.FirstName != "Jo" {
		t.Errorf("%+v, %v", found, err)
	}
	for sent, want := range map[string]string{
		`{"id":"joe","attributes":{"first_name":"a","first_name":"b"}}`: `"first_name" twice`,
		`{"id":"joe","attributes":{"other":{"a":1,"a":2}}}`:             `"a" twice`,
		`{"id":"joe","id":"jim","attributes":{}}`:                       `"id"`,
		`{"id":"joe","attributes":{"names":{"\u00e9":1,"e\u0301":2}}}`:  "differ only in their Unicode normalization",
	} {
		if found, err := read(sent); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %+v, %v", sent, found, err)
		}
	}
	found, err = read(`{"id":"joe","attributes":{"names":{"e\u0301":1}}}`)
	if err != nil || found.Attributes.Names["\u00e9"] != 1 {
		t.Errorf("%v, %v", found, err)
	}
}

func TestWholeNumbers(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("9", 4_000_000)
	for sent, want := range map[string]int64{
		"500": 500, "500.0": 500, "5e2": 500, "5E+2": 500, "50000e-2": 500, "-0": 0, "0e99": 0,
		"-9223372036854775808": -9223372036854775808, "9.223372036854775807e18": 9223372036854775807,
	} {
		found, err := virustotal.Get[user](t.Context(), client(t, answering(200, "application/json",
			`{"data":{"id":"joe","attributes":{"last_login":`+sent+`}}}`)), nil, "users", "joe")
		if err != nil || *found.Attributes.LastLogin != want {
			t.Errorf("%s: %v, %v", sent, found, err)
		}
	}
	for _, sent := range []string{"1.5", "5e-1", "1e19", "9223372036854775808", "1e999999999", "1e-999999999", `"5"`, "true", long, "0." + long, "1e" + long} {
		found, err := virustotal.Get[user](t.Context(), client(t, answering(200, "application/json",
			`{"data":{"id":"joe","attributes":{"last_login":`+sent+`}}}`)), nil, "users", "joe")
		if err == nil || !strings.Contains(err.Error(), `"attributes.last_login" of "joe" has the wrong type`) || len(err.Error()) > 400 {
			t.Errorf("%.20s: %v, %.500v", sent, found, err)
		}
	}
}

func TestDataWithoutEnvelope(t *testing.T) {
	t.Parallel()
	type usage struct {
		Daily map[string]int64 `json:"daily"`
		Total map[string]int64 `json:"total"`
	}
	for sent, want := range map[string]int64{
		`{"data":{"total":{"x":1}}}`:                         1,
		`{"total":{"x":2},"daily":{},"links":{},"more":[1]}`: 2,
		`{"data":{"total":{"x":3}},"total":{"x":4}}`:         3,
		`{"total":{"x":5},"error":null}`:                     5,
		`{"daily":{}}`:                                       0,
		`{"total":{"x":6},"error":{"code":"a"}}`:             -1,
		`{"total":{"x":6},"error":{}}`:                       -1,
		`{"Total":{"x":7}}`:                                  -1,
		`{}`:                                                 -1,
		`{"total":{"x":"many"}}`:                             -1,
	} {
		found, err := virustotal.BareData[usage](t.Context(), client(t, answering(200, "application/json", sent)), nil,
			[]string{"daily", "total"}, "users", "joe", "api_usage")
		if (err != nil) != (want < 0) || err == nil && found.Total["x"] != want {
			t.Errorf("%s: %+v, %v", sent, found, err)
		}
	}
}
