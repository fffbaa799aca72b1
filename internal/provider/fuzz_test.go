// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"encoding/json"
	"io"
	"math/big"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// body answers every request with the same.
type body string

func (b body) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(string(b)))}, nil
}

// decode reads an object as a noun and hands it to Terraform. It panics where schema and value disagree.
func decode[A any](t *testing.T, object string) {
	t.Helper()
	client := &virustotal.Client{BaseURL: &url.URL{Scheme: "https", Host: "vt.example"}, Transport: body(`{"data":` + object + `}`)}
	found, err := virustotal.Get[A](t.Context(), client, "x")
	if err != nil {
		return
	}
	value := newEncoder(t.Context(), reflect.TypeFor[*A]()).value(reflect.ValueOf(found.Attributes))
	if !value.IsFullyKnown() || value.IsNull() {
		t.Errorf("%s became %s", object, value)
	}
	checkDates(t, reflect.ValueOf(found.Attributes))
}

// checkDates finds every date of a value, and a day in each.
func checkDates(t *testing.T, v reflect.Value) {
	t.Helper()
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			checkDates(t, v.Elem())
		}
	case reflect.Struct:
		for _, f := range fieldsOf(v.Type()) {
			checkDates(t, v.FieldByIndex(f.Index))
		}
	case reflect.Map, reflect.Slice:
		for _, element := range v.Seq2() {
			checkDates(t, element)
		}
	case reflect.String:
		if v.Type() == reflect.TypeFor[date]() {
			if _, err := time.Parse(time.RFC3339, v.String()); err != nil {
				t.Error(err)
			}
		}
	}
}

// nouns are all that an object can be decoded into.
var nouns = []func(*testing.T, string){
	decode[user], decode[account], decode[group], decode[groupObject], decode[comment], decode[graph], decode[vote],
	decode[huntingRuleset], decode[huntingNotification], decode[matchedFile], decode[retrohuntJob],
}

// fixturesOf adds every object of the fake's fixtures to a corpus.
func fixturesOf(f *testing.F, add func(object string)) {
	f.Helper()
	err := filepath.WalkDir(filepath.Join("..", "virustotal", "vttest", "fixtures"), func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var list []json.RawMessage
		if json.Unmarshal(content, &list) != nil {
			list = []json.RawMessage{content}
		}
		for _, object := range list {
			add(string(object))
		}
		return nil
	})
	if err != nil {
		f.Fatal(err)
	}
}

// FuzzObject decodes anything as each of the nouns.
func FuzzObject(f *testing.F) {
	fixturesOf(f, func(object string) { f.Add(object) })
	f.Add(`{"id":"x","attributes":{"last_login":1594718163,"privileges":{"p":{"expiration_date":-62135596801}},"progress":1e308,"nodes":[[],1,null]},"context_attributes":{"role":"x"}}`)
	f.Fuzz(func(t *testing.T, object string) {
		for _, decode := range nouns {
			decode(t, object)
		}
	})
}

// FuzzQuotas decodes quotas, a user's own and overall, and checks what is derived.
func FuzzQuotas(f *testing.F) {
	f.Add(`{"q":{"allowed":60000000000,"used":4},"r":{"user":{"allowed":1,"used":0},"group":{"allowed":2,"used":9,"inherited_from":"g"}}}`)
	f.Add(`{"q":{"allowed":-9223372036854775808,"used":9223372036854775807}}`)
	f.Fuzz(func(t *testing.T, sent string) {
		var quotas map[string]*quota
		if json.Unmarshal([]byte(sent), &quotas) == nil {
			for name, q := range quotas {
				if q == nil {
					continue
				}
				if both := q.Allowed != nil && q.Used != nil; (q.Remaining != nil) != both || (q.Utilization != nil) != both {
					t.Errorf("%s: derived fields are there: %v, %v", name, q.Remaining, q.Utilization)
				}
				if q.Remaining != nil && *q.Remaining < 0 || q.Utilization != nil && (*big.Float)(q.Utilization).IsInf() {
					t.Errorf("%s: %d remain, %v", name, *q.Remaining, q.Utilization)
				}
			}
			if used := exhausted(quotas); quotas != nil && used == nil || len(used) > len(quotas) {
				t.Errorf("%v of %d are exhausted", used, len(quotas))
			}
			highestUtilization(quotas)
		}
		var overall map[string]*overallQuota
		if json.Unmarshal([]byte(sent), &overall) == nil {
			for name, q := range overall {
				if q != nil && (q.Effective == nil) != (q.User == nil && q.Group == nil) {
					t.Errorf("%s: effective is %v", name, q.Effective)
				}
			}
			newEncoder(t.Context(), reflect.TypeOf(overall)).value(reflect.ValueOf(overall))
		}
		var called usage
		if json.Unmarshal([]byte(sent), &called) == nil && (called.Total == nil) != (called.TotalRequests == nil) {
			t.Error("a sum without what it sums")
		}
	})
}
