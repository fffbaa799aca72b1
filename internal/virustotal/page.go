// SPDX-License-Identifier: MPL-2.0

package virustotal

import (
	"context"
	"iter"
	"maps"
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

// Pages reads the list at a path page by page, and no page before the loop asks for it. It ends at the first error, and
// fails on a list that would not end: a page that is the same as one before, or more pages than any real list has.
// Every page is asked for by PageSize items, so that callers with different limits share pages.
func Pages[A any](ctx context.Context, c *Client, query url.Values, path ...string) iter.Seq2[Page[A], error] {
	return func(yield func(Page[A], error) bool) {
		r := request{path: path, query: url.Values{"limit": {strconv.Itoa(PageSize)}}}
		maps.Copy(r.query, query)
		read := pagesRead{cursors: map[string]bool{}, digests: map[uint64]bool{}}
		for {
			page, err := fetch(ctx, c, r, decodeList[A])
			if err == nil {
				err = read.check(page.next, page.data.digest, len(page.data.objects))
				if err != nil {
					err = c.dataError(r, err)
				}
			}
			if err != nil {
				yield(Page[A]{}, err)
				return
			}
			if !yield(Page[A]{page.data.objects, page.next != ""}, nil) || page.next == "" {
				return
			}
			r.query = maps.Clone(r.query)
			r.query.Set("cursor", page.next)
		}
	}
}

// pagesRead is what is kept of the pages of a list, to see that it comes to an end.
type pagesRead struct {
	cursors map[string]bool
	digests map[uint64]bool
	count   int
	empty   int // How many pages in a row had no items.
}

const (
	maxPages      = 25_000 // A million items: no real list reaches it.
	maxEmptyPages = 100    // In a row. A filter may leave pages empty, but no limit on items would end them.
)

// check counts a page, and finds that the list would have no end.
func (p *pagesRead) check(next string, digest uint64, items int) error {
	p.count++
	p.empty++
	if items > 0 {
		p.empty = 0
	}
	const endless = ", so the list would have no end"
	switch {
	case items > 0 && p.digests[digest]:
		return dataErrorf("VirusTotal sent a page that is the same as one before" + endless)
	case next != "" && p.cursors[next]:
		return dataErrorf("VirusTotal sent the cursor of a page that was read before" + endless)
	case next != "" && p.empty == maxEmptyPages:
		return dataErrorf("VirusTotal sent %d pages without items in a row"+endless, maxEmptyPages)
	case next != "" && p.count == maxPages:
		return dataErrorf("VirusTotal sent %d pages and has more, which no real list has", maxPages)
	}
	p.digests[digest] = true
	p.cursors[next] = true
	return nil
}
