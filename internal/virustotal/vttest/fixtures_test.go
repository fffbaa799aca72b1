// SPDX-License-Identifier: MPL-2.0

package vttest_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

func TestEscapedPaths(t *testing.T) {
	t.Parallel()
	s := vttest.New()
	s.Set("/users/a%2Fb", `{"id":"a/b","type":"user","attributes":{"first_name":"one"}}`)
	s.Set("/users/a", `{"id":"a","type":"user","attributes":{"first_name":"two"}}`)
	s.Set("/users/..%2Fc", `{"id":"../c","type":"user","attributes":{"first_name":"three"}}`)
	s.Set("/users/%C3%A5", `{"id":"å","type":"user","attributes":{"first_name":"four"}}`)
	for path, want := range map[string]any{
		"/users/a%2Fb":        "one",
		"/users/a%2fb":        "one",
		"/users/%61%2Fb":      "one",
		"/users/a":            "two",
		"/users/..%2Fc":       "three",
		"/users/%2E%2E%2Fc":   "three",
		"/users/%C3%A5":       "four",
		"/users/a%252Fb":      nil,
		"/users/a/b":          nil,
		"/users/x/../a":       nil,
		"/users/%2E%2E/users": nil,
	} {
		_, content := get(t, s, s.Key(vttest.SecurityHead), path)
		var got any
		if content["data"] != nil {
			got = at(t, content, "data", "attributes", "first_name")
		}
		if got != want {
			t.Errorf("%s: got %v, want %v", path, got, want)
		}
	}
	_, content := get(t, s, s.Key(vttest.SecurityHead), "/users/a%2Fb")
	if got, want := at(t, content, "data", "links", "self"), "https://www.virustotal.com/api/v3/users/a%2Fb"; got != want {
		t.Errorf("got the link %v, want %v", got, want)
	}
}

func TestSetAndDelete(t *testing.T) {
	t.Parallel()
	s := vttest.New()
	key := s.Key(vttest.SecurityHead)
	s.Delete("/users/yuki")
	if status, _ := get(t, s, key, "/users/yuki"); status != 404 {
		t.Errorf("a deleted user: got %d", status)
	}
	s.Set("/users/yuki", `{"id":"yuki","type":"user","attributes":{"reputation":9223372036854775807}}`)
	_, content := get(t, s, key, "/users/yuki")
	if got := at(t, content, "data", "attributes", "reputation"); got != json.Number("9223372036854775807") {
		t.Errorf("got %v, want the number as it was written", got)
	}
	for _, broken := range []struct{ path, json string }{
		{"/users/yuki", `{"id":`}, {"/users/yuki", `{} {}`}, {"/users/yuki", ``}, {"/users/%zz", `{}`},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("Set(%q, %q) did not panic", broken.path, broken.json)
				}
			}()
			s.Set(broken.path, broken.json)
		}()
	}
}

func TestRelativeDates(t *testing.T) {
	t.Parallel()
	s := vttest.New()
	s.Now = func() time.Time { return time.Unix(1_700_000_000, 999) }
	s.Set("/users/joe", `{"id":"joe","type":"user","attributes":{"apikey":"joe-key","dates":["now","now-200d","now+10d","now-3h"],
		"others":["Now","now ","now-","now-3","now-3m","now 3d","know","now-1.5d"]}}`)
	_, content := get(t, s, "joe-key", "/users/joe")
	if got, want := asJSON(t, at(t, content, "data", "attributes", "dates")), "[1700000000,1682720000,1700864000,1699989200]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := asJSON(t, at(t, content, "data", "attributes", "others")), `["Now","now ","now-","now-3","now-3m","now 3d","know","now-1.5d"]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestWithoutFixture(t *testing.T) {
	t.Parallel()
	s := vttest.New()
	for path, want := range map[string]string{
		"/users/OKonkwo/comments":        `{"data":[],"links":{"self":"https://www.virustotal.com/api/v3/users/OKonkwo/comments"}}`,
		"/users/OKonkwo/overall_quotas":  `{"data":{}}`,
		"/groups/puffin_ferries/unknown": `{"error":{"code":"NotFoundError","message":"Relationship \"unknown\" not found"}}`,
	} {
		_, content := get(t, s, s.Key(vttest.SecurityHead), path)
		if got := asJSON(t, content); got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
}
