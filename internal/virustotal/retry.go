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
)

// Wait describes a wait before an attempt, as reported to OnWait.
type Wait struct {
	Path     string // As in [Error].
	Duration time.Duration
	Err      error // The error that causes the retry. nil if the request waits for the rate limit.
}

// firstBackoff is the longest wait before the first retry, if VirusTotal sends no Retry-After. It doubles with each
// further retry.
const firstBackoff = time.Second

// firstQuotaBackoff is the first wait after a QuotaExceededError. It doubles too: the waits of four retries add up to a
// minute, because the quota may be the one per minute.
const firstQuotaBackoff = window / 15

// retry sends r until it succeeds, fails for good, or MaxRetries is reached.
func (c *Client) retry(ctx context.Context, r request, data func() content) (trailer, error) {
	report := func(wait time.Duration) { c.reportWait(ctx, Wait{Path: r.String(), Duration: wait}) }
	for attempt := 1; ; attempt++ {
		if err := c.limiter.enter(ctx, c.RequestsPerMinute, attempt > 1, report); err != nil {
			return trailer{}, err
		}
		start := time.Now()
		read, err := c.try(ctx, r, attempt, data())
		e, failed := errors.AsType[*Error](err)
		c.limiter.leave(c.RequestsPerMinute, failed && e.Status == http.StatusTooManyRequests)
		if err == nil {
			c.quotaFailures.reset()
		}
		if !failed {
			return read, err
		}
		e.Attempts = attempt
		failures := attempt
		if e.Reason() == CodeQuotaExceeded {
			failures = c.quotaFailures.add(start)
		}
		if !e.Retryable() || e.RetryAfter > c.MaxRetryWait || failures > c.MaxRetries {
			return trailer{}, e
		}
		wait := cmp.Or(e.RetryAfter, c.backoff(e, failures))
		c.reportWait(ctx, Wait{Path: r.String(), Duration: wait, Err: e})
		if e.Status == http.StatusTooManyRequests {
			c.limiter.delay(wait)
			report = nil // Already reported.
		} else if err := sleep(ctx, wait, nil); err != nil {
			return trailer{}, err
		}
	}
}

func (c *Client) reportWait(ctx context.Context, w Wait) {
	if c.OnWait != nil {
		c.OnWait(ctx, w)
	}
}

// backoff returns how long to wait after a number of failed attempts. It grows exponentially, with full jitter so that
// requests that failed together are not retried together. After a 429, at least half of the wait is fixed. Jitter is
// less important there, because the rate limiter sends retries one at a time, but without a minimum all retries could
// fall into the same second.
func (c *Client) backoff(e *Error, failures int) time.Duration {
	doublings := min(failures-1, 20)
	if e.Reason() == CodeQuotaExceeded {
		return min(firstQuotaBackoff<<doublings, c.MaxRetryWait)
	}
	longest, shortest := min(firstBackoff<<doublings, c.MaxRetryWait), time.Duration(0)
	if e.Status == http.StatusTooManyRequests {
		shortest = longest / 2
	}
	return shortest + rand.N(longest-shortest+1) //nolint:gosec // Jitter needs no cryptographic randomness.
}

// quotaFailures counts the attempts that failed with QuotaExceededError. All requests share the count, as they share
// the quota: once one request has used up the retries, the others fail at their first attempt.
type quotaFailures struct {
	mu    sync.Mutex
	count int
	last  time.Time // When the latest attempt failed.
}

// add counts the failure of an attempt that began at start, and returns the count. An attempt that was already in
// flight when the previous one failed does not count again.
func (f *quotaFailures) add(start time.Time) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.count == 0 || start.After(f.last) {
		f.count, f.last = f.count+1, time.Now()
	}
	return f.count
}

// reset sets the count to 0. It is called when a request succeeds.
func (f *quotaFailures) reset() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.count = 0
}

// retryAfter returns the wait that a Retry-After header asks for, in seconds or as a date. It is 0 if the header is
// missing or invalid.
func retryAfter(header http.Header, now time.Time) time.Duration {
	value := header.Get("Retry-After")
	if seconds, err := strconv.ParseInt(value, 10, 64); err == nil {
		const maxSeconds = int64(1<<63-1) / int64(time.Second)
		return time.Duration(max(0, min(seconds, maxSeconds))) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}
