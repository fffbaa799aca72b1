// SPDX-License-Identifier: MPL-2.0

package virustotal

import (
	"context"
	"sync"
	"time"
)

// window is the period of VirusTotal's limit on requests per minute.
const window = time.Minute

// A rateLimiter delays requests. The zero value is ready to use.
//
// Like VirusTotal, it uses a sliding window: at most limit requests in any 60 seconds, possibly all at once. A token
// bucket, such as x/time/rate, would allow more after a burst. A request counts until 60 seconds after its end, because
// VirusTotal may have counted it at any time until then.
//
// A 429 delays all requests, because VirusTotal limits the API key. After the delay, requests are sent one at a time,
// retries first, and become parallel again as they succeed. Otherwise the reads that Terraform runs in parallel would
// all get a 429 at each attempt, until their retries are used up.
type rateLimiter struct {
	mu       sync.Mutex
	inFlight int
	changed  chan struct{} // Closed and replaced when waiting requests should check again.

	retriesWaiting int         // Number of waiting retries. They go before new requests.
	ended          []time.Time // When the requests of the last window ended, oldest first.
	notBefore      time.Time   // No request begins before this time.
	maxInFlight    int         // Maximum number of requests in flight after a 429. 0 means no limit.
	successes      int         // Requests without a 429 since maxInFlight was set.
}

const (
	successesToRaise = 10 // Successes needed to raise maxInFlight by one.
	noLimitFrom      = 10 // The maxInFlight at which the limit ends: by default, Terraform runs no more reads than this in parallel.
)

// enter waits until a request may begin, and counts it as in flight. It calls report before the first wait of known
// duration. It returns ctx.Err() if ctx is done first.
func (r *rateLimiter) enter(ctx context.Context, limit int, isRetry bool, report func(time.Duration)) error {
	if isRetry {
		r.addRetriesWaiting(1)
		defer r.addRetriesWaiting(-1)
	}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		wait, changed := r.tryEnter(limit, isRetry)
		if wait == 0 {
			return nil
		}
		if wait > 0 && report != nil {
			report(wait)
			report = nil
		}
		if err := sleep(ctx, wait, changed); err != nil {
			return err
		}
	}
}

// addRetriesWaiting adds n to the number of waiting retries.
func (r *rateLimiter) addRetriesWaiting(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.retriesWaiting += n
	r.wake()
}

// untilChanged stands for a wait of unknown duration, until another request ends.
const untilChanged time.Duration = -1

// tryEnter counts a request as in flight and returns 0, if it may begin now. Otherwise it returns how long to wait, and
// a channel that is closed when the request should check again.
func (r *rateLimiter) tryEnter(limit int, isRetry bool) (time.Duration, <-chan struct{}) {
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

// leave records the end of a request. rateLimited is whether the status was 429.
func (r *rateLimiter) leave(limit int, rateLimited bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.inFlight--
	if limit > 0 {
		r.ended = append(r.ended, time.Now())
	}
	switch {
	case rateLimited:
		r.maxInFlight, r.successes = 1, 0
	case r.maxInFlight > 0:
		r.successes++
		if r.successes == successesToRaise {
			r.maxInFlight, r.successes = (r.maxInFlight+1)%noLimitFrom, 0
		}
	}
	r.wake()
}

// delay makes new requests wait until a duration has passed.
func (r *rateLimiter) delay(wait time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if until := time.Now().Add(wait); until.After(r.notBefore) {
		r.notBefore = until
		r.wake()
	}
}

// wake makes waiting requests check again.
func (r *rateLimiter) wake() {
	if r.changed != nil {
		close(r.changed)
		r.changed = nil
	}
}

// sleep waits for a duration or until woken is closed, whichever is first. If the duration is untilChanged, it only waits
// for woken. It returns ctx.Err() if ctx is done first.
func sleep(ctx context.Context, wait time.Duration, woken <-chan struct{}) error {
	var elapsed <-chan time.Time
	if wait != untilChanged {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		elapsed = timer.C
	}
	select {
	case <-elapsed:
		return nil
	case <-woken:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
