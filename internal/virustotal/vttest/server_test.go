// SPDX-License-Identifier: MPL-2.0

package vttest_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

type (
	object = map[string]any
	list   = []any
)

// get requests an escaped path with a query, exactly as given, and returns the status and the decoded JSON.
func get(t *testing.T, s *vttest.Server, key, path string) (int, object) {
	t.Helper()
	w := serve(s, http.MethodGet, key, path)
	decoder := json.NewDecoder(w.Body)
	decoder.UseNumber()
	var content object
	if err := decoder.Decode(&content); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return w.Code, content
}

func serve(s *vttest.Server, method, key, path string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(context.Background(), method, vttest.BasePath+path, http.NoBody)
	if key != "" {
		r.Header.Set("x-apikey", key)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// code returns the code of an error, or "" for a success.
func code(content object) string {
	fault, _ := content["error"].(object)
	code, _ := fault["code"].(string)
	return code
}

// at returns the value at a path of names, for objects, and indexes, for lists.
func at(t *testing.T, value any, steps ...any) any {
	t.Helper()
	t.Helper()
	for _, step := range steps {
		switch step := step.(type) {
		case string:
			value = value.(object)[step]
		case int:
			value = value.(list)[step]
		}
	}
	return value
}

func asJSON(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestRequests(t *testing.T) {
	t.Parallel()
	s := vttest.New()
	key := s.Key(vttest.SecurityHead)
	serve(s, http.MethodGet, key, "/users/a%2Fb/groups?limit=40&cursor=%2B")
	serve(s, http.MethodPost, "", "/users/marit")
	got := s.Requests()
	if len(got) != 2 {
		t.Fatalf("got %d requests, want 2", len(got))
	}
	first := got[0]
	if first.Method != http.MethodGet || first.Path != "/users/a%2Fb/groups" || first.Query.Get("cursor") != "+" || first.Header.Get("x-apikey") != key {
		t.Errorf("got %+v", first)
	}
	if second := got[1]; second.Method != http.MethodPost || second.Path != "/users/marit" {
		t.Errorf("got %+v", second)
	}
}

func TestInject(t *testing.T) {
	t.Parallel()
	s := vttest.New()
	s.Inject("/users/marit", 2, vttest.Error(503, "TransientError", "Try again"))
	s.Inject("/users/marit", 1, vttest.Body(502, "text/html", "<h1>Bad gateway"))
	s.Inject("*", 1, vttest.Error(429, "QuotaExceededError", "Quota exceeded"))
	s.Inject("/users/yuki", 0, vttest.Error(500, "Never", "no times"))
	s.Inject("/users/a%2Fb", -1, vttest.Error(504, "DeadlineExceededError", "Too late"))
	s.Inject("/users/a%2Fb", 1, vttest.Error(500, "Never", "in turn"))
	for i, step := range []struct {
		path   string
		status int
	}{
		{"/users/marit?attributes=email", 503},
		{"/users/yuki", 429},
		{"/users/yuki", 200},
		{"/users/marit", 503},
		{"/users/marit/groups", 200},
		{"/users/marit", 502},
		{"/users/marit", 200},
		{"/users/a%2Fb", 504},
		{"/users/a%2Fb", 504},
		{"/users/a/b", 404},
	} {
		if w := serve(s, http.MethodGet, s.Key(vttest.SecurityHead), step.path); w.Code != step.status {
			t.Errorf("step %d, %s: got %d, want %d", i, step.path, w.Code, step.status)
		}
	}
	if got := len(s.Requests()); got != 10 {
		t.Errorf("counted %d requests, want all 10", got)
	}
}

func TestInjectedAnswers(t *testing.T) {
	t.Parallel()
	s := vttest.New()
	s.Inject("*", 1, vttest.Error(429, "QuotaExceededError", "Quota exceeded"))
	s.Inject("*", 1, vttest.Body(502, "text/html", "<h1>Bad gateway"))
	// Injected handlers go before all checks, such as the one for an API key.
	if got, want := serve(s, "GET", "", "/x").Body.String(), `{"error":{"code":"QuotaExceededError","message":"Quota exceeded"}}`; strings.TrimSpace(got) != want {
		t.Errorf("got %s, want %s", got, want)
	}
	w := serve(s, "GET", "", "/x")
	if got := w.Body.String(); got != "<h1>Bad gateway" || w.Header().Get("Content-Type") != "text/html" {
		t.Errorf("got %s %q", w.Header().Get("Content-Type"), got)
	}
}

// TestInjectedHandlerHoldsNoLock injects a handler that itself uses the server.
func TestInjectedHandlerHoldsNoLock(t *testing.T) {
	t.Parallel()
	s := vttest.New()
	s.Inject("/users/slow", 1, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(200 + len(s.Requests()))
	}))
	done := make(chan int, 1)
	go func() { done <- serve(s, "GET", "", "/users/slow").Code }()
	select {
	case got := <-done:
		if got != 201 {
			t.Errorf("got %d", got)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the request never ended")
	}
}

func TestUnknownKeyPanics(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("Key did not panic")
		}
	}()
	vttest.New().Key("nobody")
}

func TestAttributes(t *testing.T) {
	t.Parallel()
	s := vttest.New()
	_, content := get(t, s, s.Key(vttest.SecurityHead), "/users/marit?attributes=email,reputation,unheard_of")
	if got, want := asJSON(t, at(t, content, "data", "attributes")), `{"email":"marit@puffinferries.example","reputation":42}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	_, content = get(t, s, s.Key(vttest.SecurityHead), "/groups/puffin_ferries/users?limit=2&attributes=first_name,apikey")
	if got, want := asJSON(t, at(t, content, "data", 1, "attributes")), `{"first_name":"Tobias"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	s := vttest.New()
	done := make(chan struct{})
	for range 8 {
		go func() {
			defer func() { done <- struct{}{} }()
			s.AddGroups(vttest.Member, 3)
			s.Inject("/users/nobody", 1, vttest.Error(500, "X", "x"))
			serve(s, "GET", s.Key(vttest.Member), "/users/"+vttest.Member+"/groups")
			_ = s.Requests()
		}()
	}
	for range 8 {
		<-done
	}
	if got := len(s.Requests()); got != 8 {
		t.Errorf("counted %d requests, want 8", got)
	}
}

// names returns the names of an object's attributes, sorted.
func names(o any) []string {
	attributes, _ := o.(object)["attributes"].(object)
	var names []string
	for name := range attributes {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// nextQuery returns the query of the link to the next page.
func nextQuery(t *testing.T, content object) url.Values {
	t.Helper()
	link, err := url.Parse(at(t, content, "links", "next").(string))
	if err != nil {
		t.Fatal(err)
	}
	return link.Query()
}
