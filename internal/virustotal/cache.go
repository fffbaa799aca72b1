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
}

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
	abandoned bool // The caller that asked was interrupted: another must ask.
}

// do returns the answer of key, from ask where it is not there yet.
func (c *cache) do(ctx context.Context, key cacheKey, ask func() (any, error)) (any, error) {
	for {
		c.mu.Lock()
		e, found := c.entries[key]
		if !found {
			e = &entry{done: make(chan struct{}), abandoned: true}
			c.set(key, e)
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
		if e.abandoned || !lasting(e.err) {
			c.mu.Lock()
			delete(c.entries, key)
			c.mu.Unlock()
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
		c.set(key, e)
	}
}

func (c *cache) set(key cacheKey, e *entry) {
	if c.entries == nil {
		c.entries = map[cacheKey]*entry{}
	}
	c.entries[key] = e
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
