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
// at once. After a burst, a token bucket as in x/time/rate would allow more than a window does. A request
// counts until a window after its end, since VirusTotal may have counted it at any time before.
//
// A 429 delays all requests, since VirusTotal limits the key rather than a request. After it they are sent one
// at a time, retries first, and in parallel again only as they succeed: otherwise all the reads that Terraform
// runs in parallel would be refused at each attempt, and use up their retries.
type rate struct {
	mu       sync.Mutex
	inFlight int
	changed  chan struct{} // Closed and replaced when waiting requests should check again.

	retriesWaiting int         // Retries that wait. They go before new requests.
	ended          []time.Time // When the requests of the last window ended, oldest first.
	notBefore      time.Time   // No request begins before this time.
	maxInFlight    int         // The limit on requests in flight after a 429. 0 is no limit.
	successes      int         // Requests that succeeded since maxInFlight was set.
}

const (
	successesToWiden = 10 // Requests that succeed before one more may be in flight.
	noLimitFrom      = 10 // The number of reads that Terraform runs in parallel: from here on no limit is needed.
)

// enter waits until a request may begin, and counts it. tell is called before the first wait whose length is known.
func (r *rate) enter(ctx context.Context, limit int, isRetry bool, tell func(time.Duration)) error {
	if isRetry {
		r.queue(1)
		defer r.queue(-1)
	}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		wait, changed := r.tryEnter(limit, isRetry)
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

// queue counts the retries that wait.
func (r *rate) queue(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.retriesWaiting += n
	r.wake()
}

// untilChanged is a wait for another request to end.
const untilChanged time.Duration = -1

// tryEnter counts a request that may begin and returns 0. For one that has to wait it returns how long, and a channel
// that is closed when it should check again.
func (r *rate) tryEnter(limit int, isRetry bool) (time.Duration, <-chan struct{}) {
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
	case r.notBefore.After(now):
		return r.notBefore.Sub(now), r.changed
	case r.retriesWaiting > 0 && !isRetry, r.maxInFlight > 0 && r.inFlight >= r.maxInFlight, limit > 0 && r.inFlight >= limit:
		return untilChanged, r.changed
	case limit > 0 && r.inFlight+len(r.ended) >= limit:
		return r.ended[0].Add(window).Sub(now), r.changed
	}
	r.inFlight++
	return 0, nil
}

// leave counts a request that has ended. refused is whether VirusTotal answered 429.
func (r *rate) leave(limit int, refused bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.inFlight--
	if limit > 0 {
		r.ended = append(r.ended, time.Now())
	}
	switch {
	case refused:
		r.maxInFlight, r.successes = 1, 0
	case r.maxInFlight > 0:
		r.successes++
		if r.successes == successesToWiden {
			r.maxInFlight, r.successes = (r.maxInFlight+1)%noLimitFrom, 0
		}
	}
	r.wake()
}

// delay lets no request begin for a while.
func (r *rate) delay(wait time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if until := time.Now().Add(wait); until.After(r.notBefore) {
		r.notBefore = until
		r.wake()
	}
}

// wake makes waiting requests check again.
func (r *rate) wake() {
	if r.changed != nil {
		close(r.changed)
		r.changed = nil
	}
}

// sleep waits until the time is over or it is woken, and for untilChanged only until it is woken. It returns the context's error as soon as that ends.
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
