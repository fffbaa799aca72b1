// SPDX-License-Identifier: MPL-2.0

package vttest_test

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
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

func TestErrors(t *testing.T) {
	t.Parallel()
	s := vttest.New()
	s.Set("/users/idle", `{"id":"idle","type":"user","attributes":{"apikey":"idle-key","status":"inactive"}}`)
	key := s.Key(vttest.SecurityHead)
	for name, test := range map[string]struct {
		method, key, path string
		status            int
		code              string
	}{
		"no key":             {"GET", "", "/users/marit", 401, "AuthenticationRequiredError"},
		"wrong key":          {"GET", "wrong", "/users/marit", 401, "WrongCredentialsError"},
		"inactive user":      {"GET", "idle-key", "/users/idle", 401, "UserNotActiveError"},
		"post":               {"POST", key, "/users/marit", 405, "MethodNotAllowedError"},
		"patch":              {"PATCH", key, "/users/marit", 405, "MethodNotAllowedError"},
		"delete":             {"DELETE", key, "/users/marit", 405, "MethodNotAllowedError"},
		"head":               {"HEAD", key, "/users/marit", 405, "MethodNotAllowedError"},
		"unknown user":       {"GET", key, "/users/nobody", 404, "NotFoundError"},
		"relation of none":   {"GET", key, "/users/nobody/groups", 404, "NotFoundError"},
		"unknown relation":   {"GET", key, "/users/marit/friends", 404, "NotFoundError"},
		"trailing slash":     {"GET", key, "/users/marit/", 404, "NotFoundError"},
		"no id":              {"GET", key, "/users/", 404, "NotFoundError"},
		"doubled slash":      {"GET", key, "/users//marit", 404, "NotFoundError"},
		"dots":               {"GET", key, "/groups/../users/marit", 404, "NotFoundError"},
		"escaped dots":       {"GET", key, "/groups/%2E%2E/users", 404, "NotFoundError"},
		"other case":         {"GET", key, "/users/Marit", 404, "NotFoundError"},
		"another's key":      {"GET", key, "/users/" + s.Key(vttest.Member), 404, "NotFoundError"},
		"below another's":    {"GET", key, "/users/" + s.Key(vttest.Member) + "/api_quota_group", 404, "NotFoundError"},
		"quota group unset":  {"GET", key, "/users/OKonkwo/api_quota_group", 404, "NotFoundError"},
		"unknown group":      {"GET", key, "/groups/puffin_legacy", 404, "NotFoundError"},
		"member on users":    {"GET", s.Key(vttest.Member), "/groups/puffin_ferries/users", 403, "ForbiddenError"},
		"member on usage":    {"GET", s.Key(vttest.Member), "/groups/puffin_ferries/api_usage", 403, "ForbiddenError"},
		"member on admins":   {"GET", s.Key(vttest.Member), "/groups/puffin_ferries/administrators", 403, "ForbiddenError"},
		"member on accounts": {"GET", s.Key(vttest.Member), "/groups/puffin_ferries/service_accounts", 403, "ForbiddenError"},
		"stranger on group":  {"GET", s.Key(vttest.Stranger), "/groups/puffin_ferries", 403, "ForbiddenError"},
		"admin on groups":    {"GET", key, "/users/yuki/groups", 403, "ForbiddenError"},
		"stranger on quotas": {"GET", s.Key(vttest.Stranger), "/users/marit/overall_quotas", 403, "ForbiddenError"},
		"stranger on robot":  {"GET", s.Key(vttest.Stranger), "/service_accounts/puffin_ferries_ci", 403, "ForbiddenError"},
		"member on robot":    {"GET", s.Key(vttest.Member), "/service_accounts/puffin_ferries_ci", 403, "ForbiddenError"},
		"quotas described":   {"GET", key, "/users/marit/relationships/overall_quotas", 404, "NotFoundError"},
	} {
		t.Run(name, func(t *testing.T) {
			w := serve(s, test.method, test.key, test.path)
			var content object
			if err := json.Unmarshal(w.Body.Bytes(), &content); err != nil {
				t.Fatal(err)
			}
			if w.Code != test.status || code(content) != test.code {
				t.Errorf("got %d %s, want %d %s", w.Code, code(content), test.status, test.code)
			}
			if message, _ := at(t, content, "error", "message").(string); message == "" {
				t.Error("the error has no message")
			}
		})
	}
}

func TestNotFoundNamesTheUser(t *testing.T) {
	t.Parallel()
	s := vttest.New()
	_, content := get(t, s, s.Key(vttest.SecurityHead), "/users/no%20body")
	if got, want := at(t, content, "error", "message"), `User "no body" not found`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestOutsideOfBasePath(t *testing.T) {
	t.Parallel()
	s := vttest.New()
	for _, path := range []string{"/", "/api/v3", "/api/v30/users/marit", "/users/marit"} {
		w := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody)
		r.Header.Set("x-apikey", s.Key(vttest.SecurityHead))
		s.ServeHTTP(w, r)
		if w.Code != http.StatusNotFound || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			t.Errorf("%s: got %d %s", path, w.Code, w.Header().Get("Content-Type"))
		}
	}
}

func TestNamesOfAUser(t *testing.T) {
	t.Parallel()
	s := vttest.New()
	key := s.Key(vttest.SecurityHead)
	for _, name := range []string{"marit", "marit@puffinferries.example", "marit%40puffinferries.example", key} {
		_, content := get(t, s, key, "/users/"+name)
		if got := at(t, content, "data", "id"); got != "marit" {
			t.Errorf("%s: got the id %v", name, got)
		}
		if got := at(t, content, "data", "links", "self"); got != "https://www.virustotal.com/api/v3/users/marit" {
			t.Errorf("%s: got the link %v", name, got)
		}
		_, content = get(t, s, key, "/users/"+name+"/groups?limit=1")
		if got := at(t, content, "data", 0, "id"); got != vttest.Company {
			t.Errorf("%s: got the group %v", name, got)
		}
		if got := at(t, content, "links", "self"); got != "https://www.virustotal.com/api/v3/users/marit/groups?limit=1" {
			t.Errorf("%s: got the link %v", name, got)
		}
	}
}

func TestNamesOfAServiceAccount(t *testing.T) {
	t.Parallel()
	s := vttest.New()
	key := s.Key(vttest.ServiceAccount)
	for _, path := range []string{
		"/service_accounts/puffin_ferries_ci", "/users/puffin_ferries_ci", "/users/" + key,
		"/service_accounts/puffin_ferries_ci@service-accounts.puffinferries.example",
	} {
		_, content := get(t, s, key, path)
		if id, kind := at(t, content, "data", "id"), at(t, content, "data", "type"); id != vttest.ServiceAccount || kind != "service_account" {
			t.Errorf("%s: got %v %v", path, kind, id)
		}
	}
}

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

func TestCompression(t *testing.T) {
	t.Parallel()
	s := vttest.New()
	server := httptest.NewServer(s)
	defer server.Close()
	for _, accepts := range []string{"gzip", ""} {
		t.Run("accepting "+accepts, func(t *testing.T) {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+vttest.BasePath+"/users/marit", http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("x-apikey", s.Key(vttest.SecurityHead))
			r.Header.Set("Accept-Encoding", accepts) // Keeps the transport from decompressing the body.
			response, err := server.Client().Transport.RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = response.Body.Close() }()
			if got := response.Header.Get("Content-Encoding"); got != accepts {
				t.Errorf("got the encoding %q, want %q", got, accepts)
			}
			if got, want := response.Header.Get("Content-Type"), "application/json; charset=utf-8"; got != want {
				t.Errorf("got the type %q, want %q", got, want)
			}
			var body io.Reader = response.Body
			if accepts == "gzip" {
				if body, err = gzip.NewReader(response.Body); err != nil {
					t.Fatal(err)
				}
			}
			var content object
			if err := json.NewDecoder(body).Decode(&content); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestCompactJSON(t *testing.T) {
	t.Parallel()
	s := vttest.New()
	s.Set("/users/joe", "{\n \"id\": \"joe\", \"type\": \"user\", \"attributes\": {\"profile_phrase\": \"<&>\"}}")
	got := serve(s, "GET", s.Key(vttest.SecurityHead), "/users/joe").Body.String()
	want := `{"data":{"attributes":{"profile_phrase":"<&>"},"id":"joe","links":{"self":"https://www.virustotal.com/api/v3/users/joe"},"type":"user"}}`
	if strings.TrimSpace(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
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

func TestUnknownKeyPanics(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("Key did not panic")
		}
	}()
	vttest.New().Key("nobody")
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

func TestUsage(t *testing.T) {
	t.Parallel()
	s := vttest.New()
	s.Now = func() time.Time { return time.Date(2026, 5, 31, 13, 0, 0, 0, time.UTC) }
	s.Set("/users/marit/api_usage", `{
		"daily": {"now": {"files": 1}, "now-30d": {"files": 2, "urls": 3}, "now-31d": {"files": 100}, "2026-05-02": {}, "2026-03-10": {"files": 7}},
		"daily_endpoints_not_consuming_quota": {"now-1d": {"users": 5}}}`)
	for query, want := range map[string]struct{ daily, total, dailyFree, totalFree string }{
		"": {
			`{"2026-05-01":{"files":2,"urls":3},"2026-05-02":{},"2026-05-31":{"files":1}}`, `{"files":3,"urls":3}`,
			`{"2026-05-30":{"users":5}}`, `{"users":5}`,
		},
		"?start_date=20260309&end_date=20260310": {`{"2026-03-10":{"files":7}}`, `{"files":7}`, `{}`, `{}`},
		"?end_date=20260409":                     {`{"2026-03-10":{"files":7}}`, `{"files":7}`, `{}`, `{}`},
		"?start_date=20260531":                   {`{"2026-05-31":{"files":1}}`, `{"files":1}`, `{}`, `{}`},
	} {
		want := fmt.Sprintf(`{"daily":%s,"daily_endpoints_not_consuming_quota":%s,"total":%s,"total_endpoints_not_consuming_quota":%s}`,
			want.daily, want.dailyFree, want.total, want.totalFree)
		_, content := get(t, s, s.Key(vttest.SecurityHead), "/users/marit/api_usage"+query)
		if got := asJSON(t, content["data"]); got != want {
			t.Errorf("%s: got  %s\nwant %s", query, got, want)
		}
	}
	for _, query := range []string{
		"?start_date=2026-05-01", "?end_date=tomorrow", "?start_date=20260501&end_date=20260430", "?start_date=20260401&end_date=20260502",
	} {
		if status, content := get(t, s, s.Key(vttest.SecurityHead), "/users/marit/api_usage"+query); status != 400 || code(content) != "BadRequestError" {
			t.Errorf("%s: got %d %s", query, status, code(content))
		}
	}
	if status, _ := get(t, s, s.Key(vttest.SecurityHead), "/users/marit/api_usage?start_date=20260401&end_date=20260501"); status != 200 {
		t.Errorf("30 days: got %d", status)
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
