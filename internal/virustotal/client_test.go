// SPDX-License-Identifier: MPL-2.0

package virustotal_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
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

func TestOwnerIsCachedByUsername(t *testing.T) {
	t.Parallel()
	fake := vttest.New()
	c := client(t, fake)
	for range 2 {
		owner, err := virustotal.Owner[user](t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		named, err := virustotal.User[user](t.Context(), c, owner.ID)
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
		if _, err := virustotal.User[user](t.Context(), c, id); err != nil {
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

func TestEveryRequestIsAGETWithTheKeyInItsHeader(t *testing.T) {
	t.Parallel()
	fake := vttest.New()
	c := client(t, fake)
	if _, err := virustotal.User[user](t.Context(), c, vttest.Admin); err != nil {
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
		_, _ = virustotal.Get[user](t.Context(), client(t, fake), "users", id)
		if got := fake.Requests()[0].Path; got != want {
			t.Errorf("%q was asked for at %s, want %s", id, got, want)
		}
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	fake := vttest.New()
	fake.AddGroups(vttest.SecurityHead, 95)
	c := client(t, fake)
	path := []string{"users", vttest.SecurityHead, "groups"}

	var ids []string
	for page, err := range virustotal.Pages[struct{}](t.Context(), c, nil, path...) {
		if err != nil {
			t.Fatal(err)
		}
		for _, object := range page.Objects {
			ids = append(ids, object.ID)
		}
		if more := len(ids) < 95; page.More != more {
			t.Errorf("after %d groups More is %v", len(ids), page.More)
		}
	}
	if len(ids) != 95 || len(slices.Compact(slices.Sorted(slices.Values(ids)))) != 95 {
		t.Errorf("read %d groups, want 95 different ones", len(ids))
	}
	if got := len(fake.Requests()); got != 3 {
		t.Errorf("%d requests, want 3 pages of 40", got)
	}

	// A second read uses the cached pages.
	for _, err := range virustotal.Pages[struct{}](t.Context(), c, nil, path...) {
		if err != nil {
			t.Fatal(err)
		}
		break
	}
	if got := len(fake.Requests()); got != 3 {
		t.Errorf("%d requests after reading the first page again, still want 3", got)
	}
}

func TestPagesStopWithTheLoop(t *testing.T) {
	t.Parallel()
	fake := vttest.New()
	fake.AddGroups(vttest.SecurityHead, 95)
	for _, err := range virustotal.Pages[struct{}](t.Context(), client(t, fake), nil, "users", vttest.SecurityHead, "groups") {
		if err != nil {
			t.Fatal(err)
		}
		break
	}
	if got := len(fake.Requests()); got != 1 {
		t.Errorf("%d requests for one page", got)
	}
}

func TestPagesTakeTheCursorFromTheNextLink(t *testing.T) {
	t.Parallel()
	pages := []string{
		`{"data":[{"id":"a"}],"links":{"next":"https://elsewhere.example/x?cursor=a%2Bb%2F%3D&limit=40"}}`,
		`{"data":[{"id":"b"}],"meta":{"cursor":""},"links":{"self":"https://elsewhere.example/x"}}`,
	}
	var cursors []string
	c := client(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Host != "vt.example" {
			t.Errorf("asked %s", r.URL.Host)
		}
		fmt.Fprint(w, pages[len(cursors)])
		cursors = append(cursors, r.URL.Query().Get("cursor"))
	}))
	for _, err := range virustotal.Pages[struct{}](t.Context(), c, nil, "lists") {
		if err != nil {
			t.Fatal(err)
		}
	}
	if want := []string{"", "a+b/="}; !slices.Equal(cursors, want) {
		t.Errorf("cursors %q, want %q", cursors, want)
	}
}

func TestCursorInMetaComesFirst(t *testing.T) {
	t.Parallel()
	var cursors []string
	c := client(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cursors = append(cursors, r.URL.Query().Get("cursor"))
		if len(cursors) == 1 {
			fmt.Fprint(w, `{"data":[],"links":{"next":"https://vt.example/x?cursor=link"},"meta":{"cursor":"meta"}}`)
			return
		}
		fmt.Fprint(w, `{"data":[]}`)
	}))
	for _, err := range virustotal.Pages[struct{}](t.Context(), c, nil, "lists") {
		if err != nil {
			t.Fatal(err)
		}
	}
	if want := []string{"", "meta"}; !slices.Equal(cursors, want) {
		t.Errorf("cursors %q, want %q", cursors, want)
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

// derived records what its Derive is called with.
type derived struct {
	ID   string `json:"-"`
	Role string `json:"-"`
	By   string `json:"-"`
}

func (d *derived) Derive(of virustotal.Identity) error {
	d.ID = of.ID
	var context struct {
		Role string `json:"role"`
	}
	var relationships struct {
		User struct {
			Data struct {
				ID string `json:"id"`
			} `json:"data"`
		} `json:"user"`
	}
	err := cmp.Or(of.Context(&context), of.Relationships(&relationships))
	d.Role, d.By = context.Role, relationships.User.Data.ID
	return err
}

func (*derived) Kind() virustotal.Kind {
	return virustotal.Kind{Types: []string{"thing", "other thing"}}
}

func TestDerive(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]derived{
		`{"id":"a","attributes":{},"context_attributes":{"role":"x"}}`:            {ID: "a", Role: "x"},
		`{"id":"a","attributes":{},"context_attributes":null,"type":"thing"}`:     {ID: "a"},
		`{"id":"a","attributes":{},"relationships":{"user":{"data":{"id":"b"}}}}`: {ID: "a", By: "b"},
		`{"id":"a","attributes":{}}`:                                              {ID: "a"},
		`{"id":"a","type":"other thing"}`:                                         {ID: "a"},
		`{"id":"a","relationships":null}`:                                         {ID: "a"},
	} {
		found, err := virustotal.Get[derived](t.Context(), client(t, answering(200, "application/json", `{"data":`+sent+`}`)), "x")
		if err != nil || *found.Attributes != want {
			t.Errorf("%s: %v, %v", sent, found, err)
		}
	}
}

// TestUnexpectedObjects checks that objects of another type, with a wrong id or with a malformed context are errors.
func TestUnexpectedObjects(t *testing.T) {
	t.Parallel()
	key := vttest.New().Key(vttest.SecurityHead)
	foreign := strings.Repeat("0f", 32)
	for sent, want := range map[string]string{
		`{"id":"a","type":"file","attributes":{}}`:                   `an object of type "file"`,
		`{"id":"a","type":"file"}`:                                   `an object of type "file"`,
		`{"id":"` + foreign + `","attributes":{}}`:                   "an object whose id looks like an API key",
		`{"id":"` + foreign + `"}`:                                   "an object whose id looks like an API key",
		`{"id":"` + foreign + `","error":{"code":"x"}}`:              "an object whose id looks like an API key",
		`{"id":"a","attributes":{"x":1},"context_attributes":5}`:     `"context_attributes" of "a" has the wrong type`,
		`{"id":"a","attributes":{},"context_attributes":{"role":5}}`: `"context_attributes.role" of "a" has the wrong type`,
	} {
		c := client(t, answering(200, "application/json", `{"data":`+sent+`}`))
		list := client(t, answering(200, "application/json", `{"data":[`+sent+`]}`))
		_, one := virustotal.Get[derived](t.Context(), c, "x")
		_, optional := virustotal.GetOptional[derived](t.Context(), c, "x")
		for _, err := range []error{one, optional, pagesError[derived](t, list)} {
			if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), foreign) {
				t.Errorf("%s: %v, want %q", sent, err, want)
			}
		}
	}

	// Files have hashes as ids, which look like API keys. The client's own key is rejected even there.
	for id, taken := range map[string]bool{foreign: true, key: false} {
		c := client(t, answering(200, "application/json", `{"data":[{"id":"`+id+`","type":"file","attributes":{}}]}`))
		if err := pagesError[hashed](t, c); (err == nil) != taken {
			t.Errorf("%s: %v", id, err)
		}
	}

	for id, taken := range map[string]bool{"acme": true, "ACME": true, "bobs": false, "acme2": false} {
		c := client(t, answering(200, "application/json", `{"data":{"id":"`+id+`","attributes":{}}}`))
		if _, err := virustotal.GetByID[user](t.Context(), c, "groups", "acme"); (err == nil) != taken {
			t.Errorf("%q for acme: %v", id, err)
		}
	}
}

type hashed struct{}

func (*hashed) Kind() virustotal.Kind { return virustotal.Kind{Types: []string{"file"}, Hashes: true} }

// pagesError reads a list to its end, or to its first error.
func pagesError[A any](t *testing.T, c *virustotal.Client) (err error) {
	t.Helper()
	for _, err = range virustotal.Pages[A](t.Context(), c, nil, "lists") {
		continue
	}
	return err
}

// TestIncompleteLists checks that a next page without a usable cursor is an error: the list would count as complete.
func TestIncompleteLists(t *testing.T) {
	t.Parallel()
	for envelope, want := range map[string]string{
		`"links":{"next":"https://vt.example/x?offset=40"}`:  "no valid cursor",
		`"links":{"next":"https://vt.example/x?cursor="}`:    "no valid cursor",
		`"links":{"next":"https://vt.example/x#?cursor=x"}`:  "no valid cursor",
		`"links":{"next":"https://vt.example/x?cursor=%zz"}`: "no valid cursor",
		`"links":{"next":""}`:                                "no valid cursor",
		`"links":{"next":"://"}`:                             "not a URL",
		`"links":{"next":5}`:                                 `"links.next" has the wrong type`,
		`"links":{"next":null},"meta":{"cursor":{}}`:         `"meta.cursor" has the wrong type`,
		`"error":{"message":"index unavailable"}`:            "an error without a code: index unavailable",
		`"error":{}`: "an error without a code",
		`"error":{"code":"TransientError","message":"broken"}`: "TransientError: broken",
		`"data":[]`:                        `"data" twice`,
		`"meta":{},"meta":{}`:              `"meta" twice`,
		`"links":{"next":null,"next":"x"}`: `"next" twice`,
	} {
		c := client(t, answering(200, "application/json", `{"data":[{"id":"a","attributes":{}}],`+envelope+`}`))
		c.MaxRetries = 0
		if err := pagesError[user](t, c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", envelope, err, want)
		}
	}
	for _, status := range []int{201, 202, 203, 204, 206, 226} {
		c := client(t, answering(status, "application/json", `{"data":[]}`))
		if status == 204 {
			c = client(t, answering(status, "", ""))
		}
		if err := pagesError[user](t, c); err == nil {
			t.Errorf("%d counts as a success", status)
		}
	}
	for _, end := range []string{
		`"links":{}`, `"links":null`, `"meta":null`, `"meta":{"cursor":null}`, `"meta":{"cursor":""}`, `"links":{"next":null}`, `"error":null`,
	} {
		c := client(t, answering(200, "application/json", `{"data":[{"id":"a","attributes":{}}],`+end+`}`))
		if err := pagesError[user](t, c); err != nil {
			t.Errorf("%s does not end a list: %v", end, err)
		}
	}
}

// TestNamesAreCaseSensitive decodes names that differ in case, of which encoding/json would take the last, and
// duplicate names.
func TestNamesAreCaseSensitive(t *testing.T) {
	t.Parallel()
	read := func(sent string) (*virustotal.Object[user], error) {
		return virustotal.Get[user](t.Context(), client(t, answering(200, "application/json", `{"data":`+sent+`}`)), "users", "joe")
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
			`{"data":{"id":"joe","attributes":{"last_login":`+sent+`}}}`)), "users", "joe")
		if err != nil || *found.Attributes.LastLogin != want {
			t.Errorf("%s: %v, %v", sent, found, err)
		}
	}
	for _, sent := range []string{"1.5", "5e-1", "1e19", "9223372036854775808", "1e999999999", "1e-999999999", `"5"`, "true", long, "0." + long, "1e" + long} {
		found, err := virustotal.Get[user](t.Context(), client(t, answering(200, "application/json",
			`{"data":{"id":"joe","attributes":{"last_login":`+sent+`}}}`)), "users", "joe")
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

func TestRepeatedCursorIsAnError(t *testing.T) {
	t.Parallel()
	c := client(t, answering(200, "application/json", `{"data":[],"meta":{"cursor":"again"}}`))
	var last error
	pages := 0
	for _, last = range virustotal.Pages[struct{}](t.Context(), c, nil, "lists") {
		pages++
	}
	if last == nil || !strings.Contains(last.Error(), "the same cursor twice") || pages != 2 {
		t.Errorf("after %d pages: %v", pages, last)
	}
}

func TestDeletedObjectsStayInTheList(t *testing.T) {
	t.Parallel()
	c := client(t, answering(200, "application/json", `{"data":[
		{"id":"here","attributes":{}},
		{"id":"gone","error":{"code":"NotFoundError","message":"gone"}},
		{"id":"bare"}]}`))
	for page, err := range virustotal.Pages[user](t.Context(), c, nil, "lists") {
		if err != nil {
			t.Fatal(err)
		}
		for i, here := range []bool{true, false, false} {
			if (page.Objects[i].Attributes != nil) != here {
				t.Errorf("%q has attributes: %v", page.Objects[i].ID, !here)
			}
		}
	}
}

// TestInvalidResponses reads an object from responses that have none.
func TestInvalidResponses(t *testing.T) {
	t.Parallel()
	html := "<html>" + strings.Repeat("x", 1191) + "</html>"
	for name, test := range map[string]struct {
		status          int
		kind, body      string
		code, says, not string
	}{
		"refused": {
			404, "application/json", `{"error":{"code":"NotFoundError","message":"User \"joe\" not found"}}`,
			"NotFoundError", `User "joe" not found`, "",
		},
		"refused with 200":    {200, "application/json", `{"error":{"code":"ForbiddenError","message":"no"}}`, "ForbiddenError", "no", ""},
		"HTML":                {200, "text/html; charset=utf-8", html, "", "text/html, 1,204 bytes", "xxx"},
		"HTML with 403":       {403, "text/html", html, "", "text/html, 1,204 bytes", "xxx"},
		"nothing":             {200, "application/json", "", "", "an empty body", ""},
		"no data":             {200, "application/json", "{}", "", `no "data"`, ""},
		"no data with 404":    {404, "application/json", "{}", "", "application/json, 2 bytes", ""},
		"null":                {200, "application/json", `{"data":null}`, "", "null instead of an object", ""},
		"a list":              {200, "application/json", `{"data":[]}`, "", "a list instead of an object", ""},
		"no id":               {200, "application/json", `{"data":{"attributes":{}}}`, "", "without an id", ""},
		"a cut body":          {200, "application/json", `{"data":{"id":"joe","attributes":{"first_name":"Jo`, "", "application/json, 50 bytes", "Jo"},
		"more than an answer": {200, "application/json", `{"data":{"id":"joe"}} secret`, "", "application/json, 28 bytes", "secret"},
		"no envelope":         {200, "application/json", `["secret"]`, "", "application/json, 10 bytes", "secret"},
		"a wrong type": {
			200, "application/json", `{"data":{"attributes":{"last_login":"secret","first_name":"Jo"},"id":"joe"}}`,
			"", `"attributes.last_login" of "joe" has the wrong type: a string instead of a whole number`, "secret",
		},
		"a fraction": {
			200, "application/json", `{"data":{"attributes":{"last_login":1.5},"id":"joe"}}`,
			"", `"attributes.last_login" of "joe" has the wrong type: the number 1.5`, "",
		},
		"past 64 bits":      {200, "application/json", `{"data":{"attributes":{"last_login":9223372036854775808},"id":"joe"}}`, "", `"attributes.last_login"`, ""},
		"a wrong id":        {200, "application/json", `{"data":{"attributes":{},"id":17}}`, "", `"id" of 17 has the wrong type`, ""},
		"an error with 503": {503, "application/json", `{"error":{"message":"secret"}}`, "", "application/json, 30 bytes", "secret"},
		"not modified":      {304, "application/json", "", "", "an empty body", "redirect"},
		"a long message": {
			400, "application/json", `{"error":{"code":"BadRequestError","message":"` + strings.Repeat("é", 10<<20) + `"}}`,
			"BadRequestError", "ééé… (truncated from 10485760 characters)", strings.Repeat("é", 1001),
		},
		"a hostile message": {
			400, "application/json", `{"error":{"code":"BadRequestError","message":"a\u001b[31m\u202eb\n` + strings.Repeat("0f", 32) + `"}}`,
			"BadRequestError", "a [31m b [API key]", "",
		},
		"a key for a name": {
			200, "application/json", `{"data":{"attributes":{"names":{"\u001b\u202e` + strings.Repeat("0f", 32) + `":"x"}},"id":"joe"}}`,
			"", `[API key]`, strings.Repeat("0f", 32),
		},
		"gone":           {200, "application/json", `{"data":{"id":"joe","error":{"code":"NotFoundError"}}}`, "", `"joe"`, ""},
		"a wrong cursor": {200, "application/json", `{"data":{"id":"joe"},"meta":{"cursor":5}}`, "", `"meta.cursor"`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				_, err := virustotal.Get[user](t.Context(), client(t, answering(test.status, test.kind, test.body)), "users", "joe")
				e, ok := errors.AsType[*virustotal.Error](err)
				if !ok {
					t.Fatalf("%v is not an *Error", err)
				}
				if e.Status != test.status || e.Code != test.code || e.Path != "/users/joe" {
					t.Errorf("status %d, code %q, path %s", e.Status, e.Code, e.Path)
				}
				if !strings.Contains(err.Error(), test.says) || test.not != "" && strings.Contains(err.Error(), test.not) {
					t.Errorf("said %q; want %q, never %q", err, test.says, test.not)
				}
			})
		})
	}
}

func TestGetOptional(t *testing.T) {
	t.Parallel()
	found, err := virustotal.GetOptional[user](t.Context(), client(t, answering(200, "application/json", `{"data":null}`)), "x")
	if found != nil || err != nil {
		t.Errorf("found %v, %v", found, err)
	}
	found, err = virustotal.GetOptional[user](t.Context(), client(t, answering(200, "application/json", `{"data":{"id":"gone"}}`)), "x")
	if err != nil || found.ID != "gone" || found.Attributes != nil {
		t.Errorf("found %v, %v", found, err)
	}
}

func TestARedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	requests := 0
	c := client(t, nil)
	c.Transport = handled{http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		requests++
		w.Header().Set("Location", "https://evil.example/users/"+c.APIKey+"?key="+c.APIKey)
		w.WriteHeader(http.StatusFound)
	})}
	_, err := virustotal.Owner[user](t.Context(), c)
	redirect, ok := errors.AsType[*virustotal.RedirectError](err)
	if !ok || redirect.Location != "https://evil.example/users/[API key]" && redirect.Location != "https://evil.example/users/%5BAPI%20key%5D" {
		t.Errorf("%v", err)
	}
	if requests != 1 || strings.Contains(err.Error(), c.APIKey) {
		t.Errorf("%d requests; %v", requests, err)
	}
}

func TestMessagesAreMasked(t *testing.T) {
	t.Parallel()
	c := client(t, nil)
	other := strings.Repeat("0123456789abcdef", 4)
	c.Transport = handled{answering(401, "application/json", `{"error":{"code":"WrongCredentialsError","message":"`+
		c.APIKey+` is wrong, so is `+strings.ToUpper(other)+`."}}`)}
	_, err := virustotal.Owner[user](t.Context(), c)
	if e, ok := errors.AsType[*virustotal.Error](err); !ok || e.Message != "[API key] is wrong, so is [API key]." || e.Path != virustotal.OwnerPath {
		t.Errorf("%v", err)
	}
}

func TestResponseSizeIsLimited(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"links":{},"data":{"id":"a"},"rest":[1`)
		for chunk := strings.Repeat(",1", 1<<19); ; {
			if _, err := fmt.Fprint(w, chunk); err != nil {
				return
			}
		}
	}))
	defer server.Close()
	c := client(t, nil)
	c.Transport = nil
	c.BaseURL, _ = url.Parse(server.URL)
	_, err := virustotal.Get[user](t.Context(), c, "users", "joe")
	if err == nil || !strings.Contains(err.Error(), "larger than 64 MiB") {
		t.Errorf("%v", err)
	}
}

func TestRetries(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer   http.Handler
		requests int
	}{
		"TransientError":        {vttest.Error(503, "TransientError", ""), 5},
		"DeadlineExceededError": {vttest.Error(504, "DeadlineExceededError", ""), 5},
		"TooManyRequestsError":  {vttest.Error(429, "TooManyRequestsError", ""), 5},
		"TooManyRequests":       {vttest.Error(429, "TooManyRequests", ""), 5},
		"QuotaExceededError":    {vttest.Error(429, "QuotaExceededError", ""), 5},
		"a proxy's 502":         {vttest.Body(502, "text/html", "<html>"), 5},
		"a proxy's 429":         {vttest.Body(429, "text/html", "<html>"), 5},
		"BadRequestError":       {vttest.Error(400, "BadRequestError", ""), 1},
		"WrongCredentialsError": {vttest.Error(401, "WrongCredentialsError", ""), 1},
		"ForbiddenError":        {vttest.Error(403, "ForbiddenError", ""), 1},
		"NotFoundError":         {vttest.Error(404, "NotFoundError", ""), 1},
		"FailedDependencyError": {vttest.Error(424, "FailedDependencyError", ""), 1},
		"a proxy's 200":         {vttest.Body(200, "text/html", "<html>"), 1},
		"no object":             {vttest.Body(200, "application/json", `{"data":5}`), 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				requests := 0
				c := client(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					requests++
					test.answer.ServeHTTP(w, r)
				}))
				_, err := virustotal.Get[user](t.Context(), c, "users", "joe")
				if e, ok := errors.AsType[*virustotal.Error](err); !ok || e.Attempts != test.requests || requests != test.requests {
					t.Errorf("%d requests, want %d: %v", requests, test.requests, err)
				}
			})
		})
	}
}

func TestARetryMaySucceed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fake := vttest.New()
		fake.Inject("/users/"+vttest.SecurityHead, 2, vttest.Error(503, "TransientError", "try again"))
		found, err := virustotal.Get[user](t.Context(), client(t, fake), "users", vttest.SecurityHead)
		if err != nil || found.ID != vttest.SecurityHead {
			t.Errorf("%v, %v", found, err)
		}
	})
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		value func() string
		wait  time.Duration // 0 if it fails at once.
	}{
		{"seconds", func() string { return "7" }, 7 * time.Second},
		{"a date", func() string { return time.Now().Add(9 * time.Second).UTC().Format(http.TimeFormat) }, 9 * time.Second},
		{"longer than MaxRetryWait", func() string { return "61" }, 0},
		{"longer than a Duration", func() string { return "9223372036854775807" }, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				requests := 0
				c := client(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					requests++
					if requests == 1 {
						w.Header().Set("Retry-After", test.value())
						vttest.Error(429, "TooManyRequestsError", "slow down").ServeHTTP(w, r)
						return
					}
					fmt.Fprint(w, `{"data":{"id":"joe"}}`)
				}))
				start := time.Now()
				_, err := virustotal.Get[user](t.Context(), c, "users", "joe")
				if (err == nil) != (test.wait > 0) || time.Since(start) != test.wait {
					t.Errorf("after %s: %v", time.Since(start), err)
				}
				if e, ok := errors.AsType[*virustotal.Error](err); ok && e.RetryAfter <= c.MaxRetryWait {
					t.Errorf("RetryAfter is %s", e.RetryAfter)
				}
			})
		})
	}
}

func TestInterruptEndsAWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := client(t, vttest.Error(503, "TransientError", ""))
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		start := time.Now()
		if _, err := virustotal.Get[user](ctx, c, "users", "joe"); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > time.Millisecond {
			t.Errorf("%v after %s", err, time.Since(start))
		}
	})
}

// TestRateLimitIsASlidingWindow sends seven requests at four per minute: four begin at once, and three when the minute
// has passed.
func TestRateLimitIsASlidingWindow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var began []time.Duration
		start := time.Now()
		c := client(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			began = append(began, time.Since(start))
			fmt.Fprint(w, `{"data":{"id":"joe"}}`)
		}))
		c.RequestsPerMinute = 4
		for i := range 7 {
			if _, err := virustotal.Get[user](t.Context(), c, "users", fmt.Sprint(i)); err != nil {
				t.Fatal(err)
			}
		}
		want := []time.Duration{0, 0, 0, 0, time.Minute, time.Minute, time.Minute}
		if !slices.Equal(began, want) {
			t.Errorf("requests began at %v, want %v", began, want)
		}
	})
}

func TestConcurrentReadsShareARequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		requests := 0
		c := client(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			requests++
			<-time.After(time.Second) // Time for all callers to wait for this request.
			fmt.Fprint(w, `{"data":{"id":"joe"}}`)
		}))
		var group sync.WaitGroup
		for range 10 {
			group.Go(func() {
				if found, err := virustotal.Get[user](t.Context(), c, "users", "joe"); err != nil || found.ID != "joe" {
					t.Errorf("%v, %v", found, err)
				}
			})
		}
		group.Wait()
		if requests != 1 {
			t.Errorf("%d requests, want 1", requests)
		}
	})
}

func TestOnlyLastingErrorsAreCached(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]int{"NotFoundError": 1, "ForbiddenError": 1, "TransientError": 3} {
		requests := 0
		c := client(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			requests++
			vttest.Error(404, code, "").ServeHTTP(w, r)
		}))
		c.MaxRetries = 0
		for range 3 {
			if _, err := virustotal.Get[user](t.Context(), c, "users", "joe"); err == nil {
				t.Error("no error")
			}
		}
		if requests != want {
			t.Errorf("%d requests for three reads that %s answers, want %d", requests, code, want)
		}
	}
}

// TestInterruptAffectsOneCaller interrupts the caller that sent a request while another waits for the same answer.
func TestInterruptAffectsOneCaller(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		requests := 0
		c := client(t, nil)
		c.Transport = roundTripper(func(req *http.Request) (*http.Response, error) {
			requests++
			select {
			case <-req.Context().Done():
				return nil, req.Context().Err()
			case <-time.After(time.Second):
				return handled{answering(200, "application/json", `{"data":{"id":"joe"}}`)}.RoundTrip(req)
			}
		})
		ctx, interrupt := context.WithCancel(t.Context())
		var group sync.WaitGroup
		group.Go(func() {
			if _, err := virustotal.Get[user](ctx, c, "users", "joe"); !errors.Is(err, context.Canceled) {
				t.Errorf("the interrupted caller got %v", err)
			}
		})
		synctest.Wait()
		group.Go(func() {
			if found, err := virustotal.Get[user](t.Context(), c, "users", "joe"); err != nil || found.ID != "joe" {
				t.Errorf("the other caller got %v, %v", found, err)
			}
		})
		synctest.Wait()
		interrupt()
		group.Wait()
		if requests != 2 {
			t.Errorf("%d requests, want 2: the interrupted one and the other caller's", requests)
		}
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

func TestAnAttemptTimesOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := client(t, nil)
		c.MaxRetries = 0
		c.Transport = roundTripper(func(req *http.Request) (*http.Response, error) {
			<-req.Context().Done()
			return nil, req.Context().Err()
		})
		_, err := virustotal.Get[user](t.Context(), c, "users", "joe")
		if e, ok := errors.AsType[*virustotal.Error](err); !ok || !e.Retryable() || !strings.Contains(err.Error(), "within 30s") {
			t.Errorf("%v", err)
		}
	})
}
