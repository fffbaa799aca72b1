// SPDX-License-Identifier: MPL-2.0

package virustotal

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// Wait is a pause before a request.
type Wait struct {
	Path     string // As in [Error].
	Duration time.Duration
	Reason   error // The error that is followed by a retry; nil where the rate is why.
}

// firstBackoff is the most that the first retry waits, where VirusTotal does not say how long to; each
// further one waits up to twice as long as the one before.
const firstBackoff = time.Second

// firstQuotaBackoff is how long all requests wait after a QuotaExceededError, which may be the minute's
// window: doubled three times, the waits come to the minute that frees it.
const firstQuotaBackoff = window / 15

// retry tries r until it succeeds, fails for good, or has been tried often enough.
func (c *Client) retry(ctx context.Context, r request, data func(*jsontext.Decoder) error) (next string, err error) {
	tell := func(wait time.Duration) { c.tell(ctx, Wait{Path: r.String(), Duration: wait}) }
	for attempt := 1; ; attempt++ {
		if err := c.rate.enter(ctx, c.RequestsPerMinute, attempt > 1, tell); err != nil {
			return "", err
		}
		began := time.Now()
		next, err := c.try(ctx, r, attempt, data)
		e, failed := errors.AsType[*Error](err)
		c.rate.leave(c.RequestsPerMinute, failed && e.Status == http.StatusTooManyRequests)
		if err == nil {
			c.quota.passed()
		}
		if !failed {
			return next, err
		}
		e.Attempts = attempt
		tries := attempt
		if e.Reason() == CodeQuotaExceeded {
			tries = c.quota.refused(began)
		}
		if !e.Retryable() || e.RetryAfter > c.MaxRetryWait || tries > c.MaxRetries {
			return "", e
		}
		wait := cmp.Or(e.RetryAfter, c.backoff(e, tries))
		c.tell(ctx, Wait{Path: r.String(), Duration: wait, Reason: e})
		if e.Status == http.StatusTooManyRequests {
			c.rate.holdBack(wait)
			tell = nil // Of this wait it was told.
		} else if err := sleep(ctx, wait, nil); err != nil {
			return "", err
		}
	}
}

func (c *Client) tell(ctx context.Context, w Wait) {
	if c.OnWait != nil {
		c.OnWait(ctx, w)
	}
}

// backoff is how long to wait after so many failed tries: exponential, with full jitter, so that requests
// which failed together do not come back together. After a 429 the rate keeps them apart, so half of the wait
// is certain there: full jitter could use up all retries within the second that was full.
func (c *Client) backoff(e *Error, tries int) time.Duration {
	doublings := min(tries-1, 20)
	if e.Reason() == CodeQuotaExceeded {
		return min(firstQuotaBackoff<<doublings, c.MaxRetryWait)
	}
	longest, shortest := min(firstBackoff<<doublings, c.MaxRetryWait), time.Duration(0)
	if e.Status == http.StatusTooManyRequests {
		shortest = longest / 2
	}
	return shortest + rand.N(longest-shortest+1) //nolint:gosec // Jitter needs no secret numbers.
}

// A quota counts how often VirusTotal was asked in vain since a quota was used up. It is everyone's: all
// requests draw on it, so what one was told need not be asked again by the others.
type quota struct {
	mu    sync.Mutex
	tries int
	last  time.Time // When the latest try was refused.
}

// refused counts a request that began at a time as a try, unless it was under way with the one before.
func (q *quota) refused(began time.Time) (tries int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.tries == 0 || began.After(q.last) {
		q.tries, q.last = q.tries+1, time.Now()
	}
	return q.tries
}

func (q *quota) passed() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.tries = 0
}

// retryAfter reads a Retry-After header, in seconds or as a date, and returns 0 where there is none to be read.
func retryAfter(header http.Header, now time.Time) time.Duration {
	value := header.Get("Retry-After")
	if seconds, err := strconv.ParseInt(value, 10, 64); err == nil {
		const most = int64(1<<63-1) / int64(time.Second)
		return time.Duration(max(0, min(seconds, most))) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}
