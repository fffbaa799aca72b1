// SPDX-License-Identifier: MPL-2.0

package virustotal_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// user has the attributes of a user that the tests read.
type user struct {
	FirstName *string        `json:"first_name"`
	Email     *string        `json:"email"`
	LastLogin *int64         `json:"last_login"`
	Quotas    map[string]any `json:"quotas"`

	Names virustotal.ByName[int] `json:"names"`
}

// handled is a transport that calls a handler, without a network, so that it works within testing/synctest.
type handled struct{ http.Handler }

func (h handled) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	recorder := httptest.NewRecorder()
	h.ServeHTTP(recorder, req)
	resp := recorder.Result()
	resp.Request = req
	return resp, nil
}

// client returns a client that sends its requests to h, with the API key of the fake's owner.
func client(t *testing.T, h http.Handler) *virustotal.Client {
	t.Helper()
	base, err := url.Parse("https://vt.example" + vttest.BasePath)
	if err != nil {
		t.Fatal(err)
	}
	return &virustotal.Client{
		BaseURL:        base,
		APIKey:         vttest.New().Key(vttest.SecurityHead),
		Tool:           "test-tool",
		UserAgent:      "test (gzip)",
		MaxRetries:     4,
		MaxRetryWait:   time.Minute,
		RequestTimeout: 30 * time.Second,
		Transport:      handled{h},
	}
}

// answering returns a handler that always sends the same response.
func answering(status int, contentType, body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	})
}

// someone is a response with a user.
const someone = `{"data":{"id":"joe","attributes":{}}}`

func TestOwnerIsCachedByUsername(t *testing.T) {
	t.Parallel()
	fake := vttest.New()
	c := client(t, fake)
	for range 2 {
		owner, err := virustotal.Owner[user](t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		named, err := virustotal.User[user](t.Context(), c, nil, owner.ID)
		if err != nil || owner.ID != vttest.SecurityHead || named != owner {
			t.Fatalf("owner %q, by name %v, %v", owner.ID, named, err)
		}
	}
	if got := len(fake.Requests()); got != 1 {
		t.Errorf("%d requests, want 1", got)
	}
}

// TestUserWithTheClientsKeyIsTheOwner relies on VirusTotal showing a user's key to that user only.
func TestUserWithTheClientsKeyIsTheOwner(t *testing.T) {
	t.Parallel()
	fake := vttest.New()
	c := client(t, fake)
	for _, id := range []string{vttest.Admin, vttest.SecurityHead} {
		if _, err := virustotal.User[user](t.Context(), c, nil, id); err != nil {
			t.Fatal(err)
		}
	}
	owner, err := virustotal.Owner[user](t.Context(), c)
	if err != nil || owner.ID != vttest.SecurityHead {
		t.Fatalf("%v, %v", owner, err)
	}
	if got := len(fake.Requests()); got != 2 {
		t.Errorf("%d requests, want 2", got)
	}
}

// TestAnOwnerThatCannotBeDecoded reads a user who has the client's key and an attribute of the wrong type.
func TestAnOwnerThatCannotBeDecoded(t *testing.T) {
	t.Parallel()
	c := client(t, nil)
	c.Transport = handled{answering(200, "application/json", `{"data":{"id":"joe","attributes":{"apikey":"`+c.APIKey+`","email":5}}}`)}
	if _, err := virustotal.User[user](t.Context(), c, nil, "joe"); err == nil || c.OwnerID() != "" {
		t.Errorf("the owner is %q: %v", c.OwnerID(), err)
	}
}

func TestEveryRequestIsAGETWithTheKeyInItsHeader(t *testing.T) {
	t.Parallel()
	fake := vttest.New()
	c := client(t, fake)
	if _, err := virustotal.User[user](t.Context(), c, nil, vttest.Admin); err != nil {
		t.Fatal(err)
	}
	got := fake.Requests()[0]
	if got.Method != http.MethodGet || got.Path != "/users/"+vttest.Admin {
		t.Errorf("sent %s %s", got.Method, got.Path)
	}
	for name, want := range map[string]string{"X-Apikey": c.APIKey, "User-Agent": "test (gzip)", "X-Tool": "test-tool"} {
		if got.Header.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, got.Header.Get(name), want)
		}
	}
}

func TestIDsAreEscaped(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"joe":           "/users/joe",
		"Joe":           "/users/Joe",
		"joe@x.example": "/users/joe%40x.example",
		"a/b":           "/users/a%2Fb",
		"a?b=c&d":       "/users/a%3Fb%3Dc%26d",
		"a#b":           "/users/a%23b",
		"50%":           "/users/50%25",
		"%2e%2e":        "/users/%252e%252e",
		"a b+c":         "/users/a%20b%2Bc",
		"../groups/x":   "/users/..%2Fgroups%2Fx",
		"zoë":           "/users/zo%C3%AB",
		"a;b:c\n":       "/users/a%3Bb%3Ac%0A",
	} {
		fake := vttest.New()
		_, _ = virustotal.Get[user](t.Context(), client(t, fake), nil, "users", id)
		if got := fake.Requests()[0].Path; got != want {
			t.Errorf("%q was requested at %s, want %s", id, got, want)
		}
	}
}

func TestOwnerWithoutUsernameIsAnError(t *testing.T) {
	t.Parallel()
	for _, id := range []string{".", "..", strings.Repeat("a", 64)} {
		c := client(t, answering(200, "application/json", `{"data":{"id":"`+id+`","attributes":{}}}`))
		if owner, err := virustotal.Owner[user](t.Context(), c); err == nil {
			t.Errorf("%q is the owner", owner.ID)
		}
	}
}

func TestGetOptional(t *testing.T) {
	t.Parallel()
	found, err := virustotal.GetOptional[user](t.Context(), client(t, answering(200, "application/json", `{"data":null}`)), nil, "x")
	if found != nil || err != nil {
		t.Errorf("found %v, %v", found, err)
	}
	found, err = virustotal.GetOptional[user](t.Context(), client(t, answering(200, "application/json", `{"data":{"id":"gone"}}`)), nil, "x")
	if err != nil || found.ID != "gone" || found.Sent {
		t.Errorf("found %v, %v", found, err)
	}
}
