// SPDX-License-Identifier: MPL-2.0

package virustotal_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
)

// TestEndlessLists reads pages that repeat, stay empty or never stop.
func TestEndlessLists(t *testing.T) {
	for name, test := range map[string]struct {
		page  func(request int) string
		pages int // Number of pages requested.
		says  string
	}{
		"a circle of three": {func(n int) string {
			return fmt.Sprintf(`{"data":[{"id":"x%d"}],"meta":{"cursor":"%d"}}`, n, n%3)
		}, 4, "the same cursor twice"},
		"a page that comes again": {func(n int) string {
			return fmt.Sprintf(`{"data":[{"id":"x%d"}],"meta":{"cursor":"%d"}}`, n%5, n)
		}, 6, "the same page twice"},
		"a last page that comes again": {func(n int) string {
			return fmt.Sprintf(`{"data":[{"id":"x"}],"meta":{"cursor":%q}}`, strings.Repeat("x", 1-n))
		}, 2, "the same page twice"},
		"empty pages": {func(n int) string { return fmt.Sprintf(`{"data":[],"meta":{"cursor":"%d"}}`, n) }, 100, "100 pages without items"},
		"pages without end": {func(n int) string {
			return fmt.Sprintf(`{"data":[{"id":"x%d"}],"meta":{"cursor":"%d"}}`, n, n)
		}, 25_000, "25000 pages and has more"},
		"a page that is too long": {func(int) string {
			return `{"data":[{"id":"x"}` + strings.Repeat(`,{"id":"x"}`, 40) + `]}`
		}, 1, "a page of more than 40 items"},
		"items that come again": {func(n int) string {
			return fmt.Sprintf(`{"data":[{"id":"x","attributes":{"last_login":%d}}],"meta":{"cursor":%q}}`, n, strings.Repeat("x", 1-n))
		}, 2, ""},
		"empty pages between": {func(n int) string {
			if n == 150 {
				return `{"data":[{"id":"z"}]}`
			}
			return fmt.Sprintf(`{"data":[%s],"meta":{"cursor":"%d"}}`, strings.Repeat(fmt.Sprintf(`{"id":"x%d"}`, n), (n+1)%2), n)
		}, 151, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			requests := 0
			c := client(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if requests > 2*test.pages {
					w.WriteHeader(http.StatusNotFound) // The check does not work: fail instead of running forever.
					return
				}
				fmt.Fprint(w, test.page(requests))
				requests++
			}))
			err := pagesError[user](t, c)
			if requests != test.pages || (err == nil) != (test.says == "") || err != nil && !strings.Contains(err.Error(), test.says) {
				t.Errorf("%d pages, then %v", requests, err)
			}
		})
	}
}

// TestOversizedPage checks that a page with millions of items is not read to its end.
func TestOversizedPage(t *testing.T) {
	t.Parallel()
	var read atomic.Int64
	c := client(t, http.NotFoundHandler())
	c.Transport = roundTripper(func(*http.Request) (*http.Response, error) {
		items := io.MultiReader(strings.NewReader(`{"data":[{"id":"x"}`), &endless{unit: `,{"id":"x"}`, read: &read})
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(items)}, nil
	})
	if err := pagesError[user](t, c); err == nil || !strings.Contains(err.Error(), "more than 40 items, the requested limit") || read.Load() > 1<<20 {
		t.Errorf("%v after %d bytes", err, read.Load())
	}
}

// endless is a reader that repeats a text.
type endless struct {
	unit string
	read *atomic.Int64
}

func (e *endless) Read(p []byte) (int, error) {
	n := 0
	for n+len(e.unit) <= len(p) {
		n += copy(p[n:], e.unit)
	}
	e.read.Add(int64(n))
	return n, nil
}
