// SPDX-License-Identifier: MPL-2.0

package virustotal

import (
	"context"
	"hash/maphash"
	"iter"
	"maps"
	"net/url"
	"strconv"
)

// PageSize is the maximum number of items in a page: VirusTotal rejects larger ones with "Limit can't be larger than
// 40".
const PageSize = 40

// Page is one page of a list.
type Page[A any] struct {
	Objects []*Object[A]
	More    bool // Whether there is a next page.
}

// Pages iterates over the pages of the list at a path. It reads each page when the loop reaches it, and stops at the
// first error. A list that would never end is an error: one that repeats a page or a cursor, sends page after page
// without items, or has more pages than any real list. So is a list of more than maxRead bytes. All pages are requested
// with a limit of PageSize, so that callers with different limits share pages.
func Pages[A any](ctx context.Context, c *Client, query url.Values, path ...string) iter.Seq2[Page[A], error] {
	return func(yield func(Page[A], error) bool) {
		r := request{path: path, query: url.Values{"limit": {strconv.Itoa(PageSize)}}}
		maps.Copy(r.query, query)
		seen := pagesRead{cursors: map[uint64]bool{}, digests: map[uint64]bool{}}
		for {
			page, err := fetch(ctx, c, r, decodeList[A])
			if err == nil {
				err = seen.check(page.trailer, page.data.digest, len(page.data.objects))
				if err != nil {
					err = c.contentError(r, err)
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

// pagesRead records the pages of a list that were read, to detect a list that would never end.
type pagesRead struct {
	cursors map[uint64]bool // Hashes, since a cursor may have maxCursor bytes.
	digests map[uint64]bool
	count   int
	empty   int   // Number of empty pages since the last item.
	size    int64 // Of all bodies, in bytes.
}

const (
	maxPages      = 25_000 // A million items, more than any real list has.
	maxEmptyPages = 100    // In a row. A filter may leave a few pages empty.

	// maxRead is the maximum size of all pages of a list in bytes, after decompression. 10,000 members with twenty quotas
	// each have about 25 MiB.
	maxRead = 128 << 20
)

// check records a page, and fails if the list would never end.
func (p *pagesRead) check(page trailer, digest uint64, items int) error {
	p.size += page.size
	p.count++
	p.empty++
	if items > 0 {
		p.empty = 0
	}
	next, cursor := page.next != "", maphash.String(digestSeed, page.next)
	const endless = ", so the list would never end"
	switch {
	case items > 0 && p.digests[digest]:
		return dataErrorf("VirusTotal sent the same page twice" + endless)
	case next && p.cursors[cursor]:
		return dataErrorf("VirusTotal sent the same cursor twice" + endless)
	case next && p.empty == maxEmptyPages:
		return dataErrorf("VirusTotal sent %d pages without items in a row"+endless, maxEmptyPages)
	case next && p.count == maxPages:
		return dataErrorf("VirusTotal sent %d pages and has more: no real list is that long", maxPages)
	case p.size > maxRead:
		return tooLarge("the list", maxRead)
	}
	p.digests[digest] = true
	p.cursors[cursor] = true
	return nil
}
