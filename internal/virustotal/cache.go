// SPDX-License-Identifier: MPL-2.0

package virustotal

import (
	"context"
	"errors"
	"reflect"
	"sync"
)

// A cache holds answers, and merges concurrent requests for the same answer: one caller sends the request and the
// others wait for it. The zero value is an empty cache.
//
// x/sync/singleflight does not fit: if one caller's context were canceled, all callers would fail.
type cache struct {
	mu      sync.Mutex
	entries map[cacheKey]*entry
	order   []cacheKey // Of the complete entries, oldest first.
	size    int64      // Of the complete entries.
}

// maxCacheSize is the maximum size of the cache: of its keys, and of the bodies that its answers were decoded from, in
// bytes. Beyond it the oldest answers are evicted, and requested again when needed. Two of the largest reads fit.
const maxCacheSize = 2 * maxRead

// A cacheKey is a request and the type that its response is decoded into. The cache holds decoded answers, which have
// only the attributes that the type has: a page of files takes a thousandth of its body.
type cacheKey struct {
	request string
	answer  reflect.Type
}

type entry struct {
	done      chan struct{} // Closed when the fields below are set.
	value     any
	err       error
	size      int64 // Of the key and the body, in bytes.
	abandoned bool  // Whether the loading caller was interrupted or panicked. If so, another caller loads the answer.
}

// do returns the cached answer for key. If there is none, it calls load, or waits for another caller's load.
func (c *cache) do(ctx context.Context, key cacheKey, load func() (value any, size int64, err error)) (any, error) {
	for {
		c.mu.Lock()
		e, found := c.entries[key]
		if !found {
			e = &entry{done: make(chan struct{}), abandoned: true}
			c.insert(key, e)
		}
		c.mu.Unlock()

		if !found {
			c.fill(ctx, key, e, load)
			return e.value, e.err
		}
		select {
		case <-e.done:
			if !e.abandoned {
				return e.value, e.err
			}
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// fill sets e to the result of load. It removes e from the cache if load panics, or if another request could have a
// different result.
func (c *cache) fill(ctx context.Context, key cacheKey, e *entry, load func() (value any, size int64, err error)) {
	defer func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if e.abandoned || !isCacheable(e.err) {
			delete(c.entries, key)
		} else {
			c.addSize(key, e)
		}
		close(e.done)
	}()
	e.value, e.size, e.err = load()
	e.abandoned = e.err != nil && ctx.Err() != nil
}

// put caches value, unless there is an answer for key already, or another caller is loading it.
func (c *cache) put(key cacheKey, value any, size int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, found := c.entries[key]; !found {
		e := &entry{done: make(chan struct{}), value: value, size: size}
		close(e.done)
		c.insert(key, e)
		c.addSize(key, e)
	}
}

func (c *cache) insert(key cacheKey, e *entry) {
	if c.entries == nil {
		c.entries = map[cacheKey]*entry{}
	}
	c.entries[key] = e
}

// addSize adds the size of e to that of the cache, and evicts the oldest entries while the cache is too large.
func (c *cache) addSize(key cacheKey, e *entry) {
	e.size += int64(len(key.request))
	c.order = append(c.order, key)
	c.size += e.size
	for c.size > maxCacheSize {
		oldest := c.order[0]
		c.size -= c.entries[oldest].size
		delete(c.entries, oldest)
		c.order = c.order[1:]
	}
}

// isCacheable reports whether another request would have the same result: whether there was a response, and it was a
// success or an error that is not temporary.
func isCacheable(err error) bool {
	if err == nil {
		return true
	}
	e, ok := errors.AsType[*Error](err)
	return ok && e.Status != 0 && !e.Retryable()
}
