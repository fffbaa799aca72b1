// SPDX-License-Identifier: MPL-2.0

package virustotal

import (
	"context"
	"sync"
	"time"
)

// window is the time over which VirusTotal counts the requests of a minute.
const window = time.Minute

// A rate lets at most a number of requests begin in any window, the first of them at once, as VirusTotal
// counts them itself. A bucket that fills evenly, as in x/time/rate, would let more through than a window
// that it follows a burst in. The zero value is ready to use.
type rate struct {
	mu    sync.Mutex
	began []time.Time // When the latest requests begin, oldest first; in the future for one that waits.
	hold  time.Time   // No request begins before.
}

// reserve returns how long the next request has to wait, and counts it as begun then. A limit of 0 is none.
func (r *rate) reserve(limit int) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	begin := now
	if r.hold.After(begin) {
		begin = r.hold
	}
	if limit > 0 {
		if len(r.began) >= limit {
			r.began = r.began[len(r.began)-limit:]
			if free := r.began[0].Add(window); free.After(begin) {
				begin = free
			}
		}
		r.began = append(r.began, begin)
	}
	return begin.Sub(now)
}

// holdBack lets no request begin for a while: what VirusTotal tells one request is true of all.
func (r *rate) holdBack(wait time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if until := time.Now().Add(wait); until.After(r.hold) {
		r.hold = until
	}
}

// sleep waits, or returns the context's error as soon as it ends.
func sleep(ctx context.Context, wait time.Duration) error {
	if wait <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
