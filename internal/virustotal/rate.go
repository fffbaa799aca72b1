// SPDX-License-Identifier: MPL-2.0

package virustotal

import (
	"context"
	"sync"
	"time"
)

// window is the time over which VirusTotal counts the requests of a minute.
const window = time.Minute

// A rate decides when the next request may begin. The zero value lets all begin at once.
//
// A limit is a window, as VirusTotal's own: at most that many requests in any 60 seconds, the first of them
// at once. A bucket that fills evenly, as in x/time/rate, lets more through than a window after a burst. A
// request counts until a window after its end, since VirusTotal may have counted it at any time before.
//
// A 429 holds all requests back, for what VirusTotal tells one is true of all. After it they go one by one,
// those that were refused first, and side by side again only as they succeed: else as many as Terraform reads
// in parallel would be refused at each try, and use up each other's retries.
type rate struct {
	mu       sync.Mutex
	inFlight int
	again    int           // How many wait that were sent before.
	ended    []time.Time   // When the requests of the last window ended, oldest first.
	hold     time.Time     // No request begins before.
	abreast  int           // The most in flight, after a 429; 0 is no limit.
	passed   int           // How many passed since abreast was set.
	changed  chan struct{} // Closed and replaced when a waiting request should look again.
}

const (
	passesToWiden = 10 // How many requests pass before one more may be in flight.
	wideEnough    = 10 // As many as Terraform reads in parallel: no limit is needed from there on.
)

// enter waits until a request may begin, and counts it; again is whether it was sent before. tell is told of
// the first wait whose length is known.
func (r *rate) enter(ctx context.Context, limit int, again bool, tell func(time.Duration)) error {
	if again {
		r.queue(1)
		defer r.queue(-1)
	}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		wait, changed := r.tryEnter(limit, again)
		if wait == 0 {
			return nil
		}
		if wait > 0 && tell != nil {
			tell(wait)
			tell = nil
		}
		if err := sleep(ctx, wait, changed); err != nil {
			return err
		}
	}
}

// queue counts those that wait and were sent before.
func (r *rate) queue(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.again += n
	r.look()
}

// untilChanged is a wait for another request to end.
const untilChanged time.Duration = -1

// tryEnter counts a request that may begin and returns 0, or returns how long it has to wait, or until what.
func (r *rate) tryEnter(limit int, again bool) (time.Duration, <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.changed == nil {
		r.changed = make(chan struct{})
	}
	now := time.Now()
	for len(r.ended) > 0 && !r.ended[0].Add(window).After(now) {
		r.ended = r.ended[1:]
	}
	switch {
	case r.hold.After(now):
		return r.hold.Sub(now), r.changed
	case r.again > 0 && !again, r.abreast > 0 && r.inFlight >= r.abreast, limit > 0 && r.inFlight >= limit:
		return untilChanged, r.changed
	case limit > 0 && r.inFlight+len(r.ended) >= limit:
		return r.ended[0].Add(window).Sub(now), r.changed
	}
	r.inFlight++
	return 0, nil
}

// leave counts a request that has ended; refused is whether VirusTotal gets too many.
func (r *rate) leave(limit int, refused bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.inFlight--
	if limit > 0 {
		r.ended = append(r.ended, time.Now())
	}
	switch {
	case refused:
		r.abreast, r.passed = 1, 0
	case r.abreast > 0:
		r.passed++
		if r.passed == passesToWiden {
			r.abreast, r.passed = (r.abreast+1)%wideEnough, 0
		}
	}
	r.look()
}

// holdBack lets no request begin for a while.
func (r *rate) holdBack(wait time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if until := time.Now().Add(wait); until.After(r.hold) {
		r.hold = until
		r.look()
	}
}

// look makes waiting requests look again.
func (r *rate) look() {
	if r.changed != nil {
		close(r.changed)
		r.changed = nil
	}
}

// sleep waits, for untilChanged without end, until woken. It returns the context's error as soon as that ends.
func sleep(ctx context.Context, wait time.Duration, woken <-chan struct{}) error {
	var over <-chan time.Time
	if wait != untilChanged {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		over = timer.C
	}
	select {
	case <-over:
		return nil
	case <-woken:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
