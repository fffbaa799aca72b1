// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"
	"io"
	"math"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/vmihailenco/msgpack/v5"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// body is a transport that always answers with the same body.
type body string

func (b body) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(string(b)))}, nil
}

// decode decodes an object into an A, encodes it, and checks it against the schema. An object that is rejected passes.
func decode[A any](t *testing.T, object string) {
	t.Helper()
	client := &virustotal.Client{BaseURL: &url.URL{Scheme: "https", Host: "vt.example"}, Transport: body(`{"data":` + object + `}`)}
	found, err := virustotal.Get[A](t.Context(), client, nil, "x")
	if err != nil {
		return
	}
	value := roundTrip(t, found.Attributes)
	if !value.IsFullyKnown() || value.IsNull() {
		t.Errorf("%s became %s", object, value)
	}
	checkDates(t, reflect.ValueOf(found.Attributes))
}

// roundTrip encodes a Go value and returns what Terraform decodes. It fails if the value does not match the schema.
func roundTrip(t *testing.T, model any) tftypes.Value {
	t.Helper()
	var state bytes.Buffer
	of := reflect.TypeOf(model)
	if err := newEncoder(t.Context(), of).encode(msgpack.NewEncoder(&state), reflect.ValueOf(model)); err != nil {
		t.Fatal(err)
	}
	return asTerraform(t, state.Bytes(), typeOf(of).TerraformType(t.Context()))
}

// checkDates checks that every date in a value is valid.
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

// nouns has decode for each type of object.
var nouns = []func(*testing.T, string){
	decode[user], decode[serviceAccount], decode[userGroup], decode[group], decode[comment], decode[graph], decode[vote],
	decode[huntingRuleset], decode[huntingNotification], decode[matchedFile], decode[retrohuntJob],
	decode[member], decode[serviceMember], decode[consumer], decode[activityLogEntry], decode[collection],
}

// fixturesOf adds the objects of the fake's fixtures to a corpus, except for large ones, which slow down fuzzing.
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
		var list []jsontext.Value
		if json.Unmarshal(content, &list) != nil {
			list = []jsontext.Value{content}
		}
		for _, object := range list {
			if err := object.Compact(); err == nil && len(object) < 1000 {
				add(string(object))
			}
		}
		return nil
	})
	if err != nil {
		f.Fatal(err)
	}
}

// FuzzObject decodes arbitrary objects into each type.
func FuzzObject(f *testing.F) {
	objects := 0
	fixturesOf(f, func(object string) {
		f.Add(uint8(objects), object)
		objects++
	})
	f.Add(uint8(0), `{"id":"x","attributes":{"last_login":1594718163,"privileges":{"p":{"expiration_date":-62135596801}}},"context_attributes":{"role":"x"}}`)
	f.Add(uint8(5), `{"id":"x","attributes":{"progress":1e308,"nodes":[[],1,null]},"context_attributes":{"role":"x"}}`)
	f.Fuzz(func(t *testing.T, noun uint8, object string) {
		nouns[int(noun)%len(nouns)](t, object)
	})
}

// FuzzQuotas decodes quotas, a user's own and overall ones, and checks the derived attributes.
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
				if both := q.Allowed != nil && q.Used != nil && *q.Allowed >= 0 && *q.Used >= 0; (q.Remaining != nil) != both || (q.Utilization != nil) != both {
					t.Errorf("%s: remaining and utilization must be set exactly if allowed and used are, and are not negative: %v, %v", name, q.Remaining, q.Utilization)
				}
				if q.Remaining != nil && *q.Remaining < 0 || q.Utilization != nil && math.IsInf(q.Utilization.float(), 0) {
					t.Errorf("%s: %d remain, %v", name, *q.Remaining, q.Utilization)
				}
			}
			known := quotas != nil
			for name, q := range quotas {
				known = known && (!isBudget(name) || q.known())
			}
			if used := exhausted(quotas); known != (used != nil) || len(used) > len(quotas) {
				t.Errorf("%v of %d are exhausted", used, len(quotas))
			}
			if highest := highestUtilization(quotas); highest != nil && !known {
				t.Errorf("the highest utilization is %v", highest)
			}
		}
		var overall map[string]*overallQuota
		if json.Unmarshal([]byte(sent), &overall) == nil {
			for name, q := range overall {
				if q == nil {
					continue
				}
				known := q.User != nil || q.Group != nil
				for _, half := range []*inheritedQuota{q.User, q.Group} {
					known = known && (half == nil || half.quota().known())
				}
				if (q.Effective != nil) != known {
					t.Errorf("%s: effective is %v", name, q.Effective)
				}
			}
			roundTrip(t, overall)
		}
		var called usage
		if json.Unmarshal([]byte(sent), &called) == nil && (called.Total == nil) != (called.TotalRequests == nil) {
			t.Error("total and total_requests are neither both set nor both null")
		}
	})
}
