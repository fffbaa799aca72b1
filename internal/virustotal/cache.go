// SPDX-License-Identifier: MPL-2.0

package virustotal

import (
	"context"
	"errors"
	"reflect"
	"sync"
)

// A cache requests each thing once. Of the callers that want the same at the same time, one requests it and the others
// wait; later callers get the cached answer. The zero value is an empty cache.
//
// x/sync/singleflight does not fit: there the interrupt of one caller fails all of them.
type cache struct {
	mu      sync.Mutex
	entries map[cacheKey]*entry
	order   []cacheKey // Of those that are kept, the oldest first.
	size    int64      // Of those that are kept.
}

// mostKept is the maximum size of the cache in bytes. The oldest answer is dropped first, and costs a request if it is
// wanted again. The size is far above what a state can sensibly hold.
const mostKept = 256 << 20

// A cacheKey is a request and the type that its answer is decoded into: what is decoded is kept, not what
// was sent, which can be a thousand times as large.
type cacheKey struct {
	request string
	answer  reflect.Type
}

type entry struct {
	done      chan struct{} // Closed when the fields below are set.
	value     any
	err       error
	size      int64
	abandoned bool // The caller that sent the request was interrupted: another has to send it.
}

// do returns the cached answer of key, or calls ask for it.
func (c *cache) do(ctx context.Context, key cacheKey, ask func() (any, error)) (any, error) {
	for {
		c.mu.Lock()
		e, found := c.entries[key]
		if !found {
			e = &entry{done: make(chan struct{}), abandoned: true}
			c.enter(key, e)
		}
		c.mu.Unlock()

		if !found {
			c.ask(ctx, key, e, ask)
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

// ask fills e, and drops it from the cache if a later request might succeed. It does so even if ask panics.
func (c *cache) ask(ctx context.Context, key cacheKey, e *entry, ask func() (any, error)) {
	defer func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if e.abandoned || !lasting(e.err) {
			delete(c.entries, key)
		} else {
			c.bound(key, e)
		}
		close(e.done)
	}()
	e.value, e.err = ask()
	e.abandoned = e.err != nil && ctx.Err() != nil
}

// keep caches an answer, unless there is one already or a request for it is in flight.
func (c *cache) keep(key cacheKey, value any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, found := c.entries[key]; !found {
		e := &entry{done: make(chan struct{}), value: value}
		close(e.done)
		c.enter(key, e)
		c.bound(key, e)
	}
}

func (c *cache) enter(key cacheKey, e *entry) {
	if c.entries == nil {
		c.entries = map[cacheKey]*entry{}
	}
	c.entries[key] = e
}

// bound counts an entry, and drops the oldest ones if the cache has become too large.
func (c *cache) bound(key cacheKey, e *entry) {
	e.size = sizeOf(reflect.ValueOf(e.value))
	c.order = append(c.order, key)
	c.size += e.size
	for c.size > mostKept {
		oldest := c.order[0]
		c.size -= c.entries[oldest].size
		delete(c.entries, oldest)
		c.order = c.order[1:]
	}
}

// sizeOf is roughly the number of bytes that a value takes, including everything it refers to.
func sizeOf(v reflect.Value) int64 {
	var size int64
	switch v.Kind() {
	case reflect.Invalid:
		return 0
	case reflect.Pointer, reflect.Interface:
		return bytesOf(v.Type()) + sizeOf(v.Elem())
	case reflect.String:
		return bytesOf(v.Type()) + int64(v.Len())
	case reflect.Struct:
		for i := range v.NumField() { // Not by an iterator, which would allocate for each.
			size += sizeOf(v.Field(i))
		}
		return size
	case reflect.Slice:
		size = bytesOf(v.Type())
		if elem := v.Type().Elem(); elem.Kind() <= reflect.Complex128 {
			return size + int64(v.Len())*bytesOf(elem)
		}
		for i := range v.Len() {
			size += sizeOf(v.Index(i))
		}
		return size
	case reflect.Map:
		size = bytesOf(v.Type())
		for entries := v.MapRange(); entries.Next(); {
			size += sizeOf(entries.Key()) + sizeOf(entries.Value())
		}
		return size
	default:
		return bytesOf(v.Type())
	}
}

func bytesOf(t reflect.Type) int64 {
	return int64(t.Size()) //nolint:gosec // No type takes half of all addresses.
}

// lasting reports whether another request would have the same outcome: an answer, or a refusal that will not change.
func lasting(err error) bool {
	if err == nil {
		return true
	}
	e, ok := errors.AsType[*Error](err)
	return ok && e.Status != 0 && !e.Retryable()
}
