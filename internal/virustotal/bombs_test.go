// SPDX-License-Identifier: MPL-2.0

package virustotal_test

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// bomb is a body that repeats parts of a text. On the wire, such a body is small: [http.Transport] unzips it.
type bomb []struct {
	text  string
	times int
}

// TestBombs reads responses that take much memory. Each is an error that names the limit.
func TestBombs(t *testing.T) {
	t.Parallel()
	const next = `"meta":{"cursor":"%d"}}`
	mega := strings.Repeat(" ", 1<<20)
	entries := strings.Repeat("x", 8) + `%d`
	for name, test := range map[string]struct {
		status int // 200 if it is 0.
		body   func(page int) bomb
		pages  int64  // Number of requests.
		says   string // "" if the read succeeds.
	}{
		"a large body":  {body: func(int) bomb { return bomb{{`{"data":[`, 1}, {mega, 65}} }, pages: 1, says: "the response is larger than 64 MiB"},
		"a long string": {body: func(int) bomb { return bomb{{`{"data":[{"id":"`, 1}, {mega, 65}} }, pages: 1, says: "the response is larger than 64 MiB"},
		"large pages": {body: func(page int) bomb {
			return bomb{{fmt.Sprintf(`{"data":[{"id":"x%d","attributes":{"x":"`, page), 1}, {mega, 50}, {`"}}],` + fmt.Sprintf(next, page), 1}}
		}, pages: 3, says: "the list is larger than 128 MiB"},
		"large empty pages": {body: func(page int) bomb {
			return bomb{{`{"data":[],`, 1}, {mega, 50}, {fmt.Sprintf(next, page), 1}}
		}, pages: 3, says: "the list is larger than 128 MiB"},
		"a large last page": {body: func(page int) bomb {
			return bomb{{fmt.Sprintf(`{"data":[{"id":"x%d"}],`, page), 1}, {mega, 50}, {fmt.Sprintf(`"meta":{"cursor":%q}}`, strings.Repeat("x", 2-page)), 1}}
		}, pages: 3, says: "the list is larger than 128 MiB"},
		"a list below the limit": {body: func(page int) bomb {
			return bomb{{fmt.Sprintf(`{"data":[{"id":"x%d"}],`, page), 1}, {mega, 60}, {fmt.Sprintf(`"meta":{"cursor":%q}}`, strings.Repeat("x", 1-page)), 1}}
		}, pages: 2},
		"a long cursor": {body: func(int) bomb {
			return bomb{{`{"data":[],"meta":{"cursor":"`, 1}, {"x", 4097}, {`"}}`, 1}}
		}, pages: 1, says: "a cursor of 4097 bytes; the maximum is 4096"},
		"a long cursor in a link": {body: func(int) bomb {
			return bomb{{`{"data":[],"links":{"next":"https://vt.example/?cursor=`, 1}, {"x", 4097}, {`"}}`, 1}}
		}, pages: 1, says: "a cursor of 4097 bytes; the maximum is 4096"},
		"the longest cursor": {body: func(page int) bomb {
			return bomb{{`{"data":[],"meta":{"cursor":"`, 1}, {"x", 4096 * (1 - page)}, {`"}}`, 1}}
		}, pages: 2},
		"a long ID":      {body: func(int) bomb { return bomb{{`{"data":[{"id":"`, 1}, {"<", 513}, {`"}]}`, 1}} }, pages: 1, says: "an ID of 513 bytes; the maximum is 512"},
		"the longest ID": {body: func(int) bomb { return bomb{{`{"data":[{"id":"`, 1}, {"<", 512}, {`"}]}`, 1}} }, pages: 1},
		"many entries": {body: func(int) bomb {
			return append(bomb{{`{"data":[{"id":"x","attributes":{"names":{"a":1`, 1}}, append(numbered(`,"`+entries+`":0`, 1000), bomb{{`}}}]}`, 1}}...)...)
		}, pages: 1, says: `VirusTotal's "attributes.names" has more than 1000 entries`},
		"the most entries": {body: func(int) bomb {
			return append(bomb{{`{"data":[{"id":"x","attributes":{"names":{"a":1`, 1}}, append(numbered(`,"`+entries+`":0`, 999), bomb{{`}}}]}`, 1}}...)...)
		}, pages: 1},
		"deep nesting":        {body: func(int) bomb { return bomb{{`{"data":[{"id":"x","attributes":`, 1}, {`{"a":`, 1 << 20}} }, pages: 1, says: "an unexpected body"},
		"an error's message":  {status: 400, body: func(int) bomb { return bomb{{`{"error":{"code":"x","message":"`, 1}, {mega, 65}} }, pages: 1, says: "HTTP 400 Bad Request"},
		"an error of a retry": {status: 503, body: func(int) bomb { return bomb{{`{"error":`, 1}, {mega, 65}} }, pages: 3, says: "HTTP 503 Service Unavailable: a body that cannot be read: the response is larger than 64 MiB"},
		"many items":          {body: func(int) bomb { return bomb{{`{"data":[{"id":"x"}`, 1}, {`,{"id":"x"}`, 1 << 20}} }, pages: 1, says: "more than 40 items"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var requests int64
				c := client(t, nil)
				c.Transport = roundTripper(func(*http.Request) (*http.Response, error) {
					requests++
					if requests > test.pages {
						return nil, errors.ErrUnsupported // The check does not work: fail instead of running forever.
					}
					body := io.NopCloser(test.body(int(requests) - 1).reader())
					return &http.Response{StatusCode: cmp.Or(test.status, http.StatusOK), ContentLength: -1, Body: body}, nil
				})
				c.MaxRetries = 2
				err := pagesError[user](t, c)
				if (err == nil) != (test.says == "") || err != nil && !strings.Contains(err.Error(), test.says) || requests != test.pages {
					t.Errorf("after %d requests: %v", requests, err)
				}
				if e, ok := errors.AsType[*virustotal.Error](err); err != nil && (!ok || e.ConnectionLost()) {
					t.Errorf("a lost connection: %v", err)
				}
			})
		})
	}
}

// reader returns a reader of the body, which holds each text once.
func (b bomb) reader() io.Reader {
	var all []io.Reader
	for _, part := range b {
		for range part.times {
			all = append(all, strings.NewReader(part.text))
		}
	}
	return io.MultiReader(all...)
}

// numbered returns a text n times, formatted with the numbers from 0.
func numbered(format string, n int) bomb {
	var b bomb
	for i := range n {
		b = append(b, struct {
			text  string
			times int
		}{fmt.Sprintf(format, i), 1})
	}
	return b
}
