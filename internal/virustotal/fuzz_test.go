// SPDX-License-Identifier: MPL-2.0

package virustotal

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// FuzzEnvelope decodes arbitrary responses as lists: the result is a complete list or an error, and every item has an
// ID.
func FuzzEnvelope(f *testing.F) {
	for _, seed := range []string{
		`{"data":[{"id":"a","type":"x","attributes":{}}],"meta":{"cursor":"a+/="},"links":{"next":"https://x/?cursor=b"}}`,
		`{"data":null}`, `{"data":{}}`, `{"error":{"code":"NotFoundError","message":"x"}}`, `{}`, `[]`, `{"data":[{"id":"a","error":{}}]} x`,
		`{"data":[` + strings.Repeat("[", 1000), `{"meta":5,"links":[]}`,
	} {
		f.Add(seed)
	}
	fixtures, err := filepath.Glob("vttest/fixtures/users/*/*.json")
	if err != nil || len(fixtures) == 0 {
		f.Fatal("no fixtures", err)
	}
	for _, name := range fixtures {
		content, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(`{"data":` + string(content) + `}`)
	}
	f.Fuzz(func(t *testing.T, body string) {
		var page list[struct{}]
		e, err := decodeEnvelope(jsontext.NewDecoder(strings.NewReader(body), decoding), content{"data": func(dec *jsontext.Decoder) (err error) {
			page, err = decodeList[struct{}](new(Client), dec)
			return err
		}})
		if err != nil {
			return
		}
		if !json.Valid([]byte(body)) {
			t.Errorf("took %q for JSON", body)
		}
		if e.hasData && page.objects == nil {
			t.Error("neither a list nor an error")
		}
		if len(page.objects) > PageSize {
			t.Errorf("%d items", len(page.objects))
		}
		for _, object := range page.objects {
			if object.ID == "" || IsKey(object.ID) {
				t.Errorf("an object with the ID %q", object.ID)
			}
		}
	})
}

// FuzzCursor checks that a cursor reaches the next request unchanged.
func FuzzCursor(f *testing.F) {
	f.Add("a+b/c=", "")
	f.Add("", "https://www.virustotal.com/api/v3/users/x/groups?cursor=a%2Bb&limit=40")
	f.Add("", "https://www.virustotal.com/api/v3/users/x/groups?cursor=%zz")
	f.Add("", "://")
	f.Fuzz(func(t *testing.T, cursor, next string) {
		got, err := nextCursor(cursor, &next)
		if err != nil {
			return
		}
		if got == "" {
			t.Errorf("%q ends the list", next)
		}
		r := request{path: []string{"users", next, cursor}, query: url.Values{"cursor": {got}, "limit": {"40"}}}
		base := &url.URL{Scheme: "https", Host: "vt.example", Path: "/api/v3"}
		sent, err := url.Parse(r.url(base).String())
		if err != nil || sent.Query().Get("cursor") != got || sent.Host != base.Host {
			t.Errorf("cursor %q was sent as %q, %v", got, sent, err)
		}
		segments := strings.Split(sent.EscapedPath(), "/")
		if len(segments) != 6 {
			t.Fatalf("%q and %q became the path %s", next, cursor, sent.EscapedPath())
		}
		for i, want := range []string{next, cursor} {
			if segment, err := url.PathUnescape(segments[4+i]); err != nil || segment != want {
				t.Errorf("%q was sent as %q, %v", want, segment, err)
			}
		}
	})
}

// FuzzRetryAfter checks that the wait is never negative, and that seconds are parsed exactly.
func FuzzRetryAfter(f *testing.F) {
	now := time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	for _, seed := range []string{
		"", "7", "-1", "9223372036854775807", "1e3",
		"Sat, 31 Jan 2026 12:00:09 GMT", "Saturday, 31-Jan-26 12:00:09 GMT", "Sat Jan 31 12:00:09 2026",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		wait := retryAfter(http.Header{"Retry-After": {value}}, now)
		if wait < 0 {
			t.Errorf("%q waits %s", value, wait)
		}
		if n, err := strconv.ParseUint(value, 10, 32); err == nil && wait != time.Duration(n)*time.Second {
			t.Errorf("%q waits %s", value, wait)
		}
	})
}

// FuzzMask checks that a key is masked anywhere in a text, and that the rest of the text is unchanged.
func FuzzMask(f *testing.F) {
	key := strings.Repeat("0123456789abcdef", 4)
	f.Add("the key ", " is wrong")
	f.Add("abcdef", "0123456789")
	f.Fuzz(func(t *testing.T, before, after string) {
		c := &Client{APIKey: key}
		if masked := c.clean(before + key + after); strings.Contains(masked, key) {
			t.Errorf("%q", masked)
		}
		isSpecial := func(r rune) bool { return r < ' ' || r > '~' }
		if text := strings.ToValidUTF8(before, "") + " "; len(text) < keyLength && !strings.ContainsFunc(text, isSpecial) && c.clean(text) != text {
			t.Errorf("%q became %q", text, c.clean(text))
		}
	})
}
