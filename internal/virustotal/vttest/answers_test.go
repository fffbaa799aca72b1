// SPDX-License-Identifier: MPL-2.0

package vttest_test

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

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
		"no ID":              {"GET", key, "/users/", 404, "NotFoundError"},
		"doubled slash":      {"GET", key, "/users//marit", 404, "NotFoundError"},
		"collection s":       {"GET", key, "/s/marit", 404, "NotFoundError"},
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
