// SPDX-License-Identifier: MPL-2.0

package virustotal

import (
	"context"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"strconv"
)

// PageSize is the most items that VirusTotal gives in one answer: "Limit can't be larger than 40".
const PageSize = 40

// Page is a part of a list.
type Page[A any] struct {
	Objects []*Object[A]
	More    bool // Whether VirusTotal has a next page.
}

// Pages reads the list at a path page by page, and no page before the loop asks for it. It ends at the
// first error. Every page is asked for by PageSize items, so that whoever wants fewer shares them.
func Pages[A any](ctx context.Context, c *Client, query url.Values, path ...string) iter.Seq2[Page[A], error] {
	return func(yield func(Page[A], error) bool) {
		r := request{path: path, query: url.Values{"limit": {strconv.Itoa(PageSize)}}}
		maps.Copy(r.query, query)
		empty := 0
		for seen := map[string]bool{}; ; {
			page, err := fetch(ctx, c, r, decodeList[A])
			if err != nil {
				yield(Page[A]{}, err)
				return
			}
			if !yield(Page[A]{page.data, page.next != ""}, nil) || page.next == "" {
				return
			}
			empty++
			if len(page.data) > 0 {
				empty = 0
			}
			if seen[page.next] || empty == mostEmptyPages {
				yield(Page[A]{}, &Error{Path: r.String(), Status: http.StatusOK, Err: errEndless})
				return
			}
			seen[page.next] = true
			r.query = maps.Clone(r.query)
			r.query.Set("cursor", page.next)
		}
	}
}

// mostEmptyPages is how many pages without items may come in a row: no limit on items would end them.
const mostEmptyPages = 100

var errEndless = &DataError{"VirusTotal gave the cursor of a page that was read before, or pages without items, so the list would have no end"}
