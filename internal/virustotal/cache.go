// SPDX-License-Identifier: MPL-2.0

package virustotal

import (
	"context"
	"errors"
	"reflect"
	"sync"
)

// A cache asks for each thing once: of those who want the same at the same time one asks and the others
// wait, and who comes later gets what was kept. The zero value is an empty cache.
//
// x/sync/singleflight would serve, but for the caller that is interrupted: there its fault is everyone's.
type cache struct {
	mu      sync.Mutex
	entries map[cacheKey]*entry
	order   []cacheKey // Of those that are kept, the oldest first.
	size    int64      // Of those that are kept.
}

// mostKept bounds what is kept, in bytes: the oldest goes first, and costs a request should it be wanted
// again. It is far above what a state can sensibly hold.
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
	abandoned bool // The caller that asked was interrupted: another must ask.
}

// do returns the answer of key, from ask where it is not there yet.
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

// ask fills e, and forgets it where the next caller might fare better. It does so even when ask panics.
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

// keep puts an answer where do finds it, unless there is one or somebody asks for it right now.
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

// bound counts an entry that is kept, and lets the oldest go where all have become too large.
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

// sizeOf is about how many bytes a value takes, with all that it refers to.
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
		for _, field := range v.Fields() {
			size += sizeOf(field)
		}
		return size
	case reflect.Slice:
		size = bytesOf(v.Type())
		if elem := v.Type().Elem(); elem.Kind() <= reflect.Complex128 {
			return size + int64(v.Len())*bytesOf(elem)
		}
		for _, element := range v.Seq2() {
			size += sizeOf(element)
		}
		return size
	case reflect.Map:
		size = bytesOf(v.Type())
		for key, element := range v.Seq2() {
			size += sizeOf(key) + sizeOf(element)
		}
		return size
	default:
		return bytesOf(v.Type())
	}
}

func bytesOf(t reflect.Type) int64 {
	return int64(t.Size()) //nolint:gosec // No type takes half of all addresses.
}

// lasting reports whether the next to ask would be told the same: what was read, or an answer that will not
// change, such as a refusal.
func lasting(err error) bool {
	if err == nil {
		return true
	}
	e, ok := errors.AsType[*Error](err)
	return ok && e.Status != 0 && !e.Retryable()
}
