// SPDX-License-Identifier: MPL-2.0

package virustotal

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
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

// firstQuotaBackoff is how long the first retry waits after a QuotaExceededError, which may be the minute's
// window: doubled three times, the waits come to the minute that frees it.
const firstQuotaBackoff = window / 15

// retry tries r until it succeeds, fails for good, or has been tried often enough.
func (c *Client) retry(ctx context.Context, r request, data func(*json.Decoder) error) (next string, err error) {
	tell := func(wait time.Duration) { c.tell(ctx, Wait{Path: r.String(), Duration: wait}) }
	for attempt := 1; ; attempt++ {
		if err := c.rate.enter(ctx, c.RequestsPerMinute, attempt > 1, tell); err != nil {
			return "", err
		}
		next, err := c.try(ctx, r, attempt, data)
		e, failed := errors.AsType[*Error](err)
		c.rate.leave(c.RequestsPerMinute, failed && e.Status == http.StatusTooManyRequests)
		if err == nil {
			c.quotaSpent.Store(false)
		}
		if !failed {
			return next, err
		}
		e.Attempts = attempt
		if !e.Retryable() || e.RetryAfter > c.MaxRetryWait {
			return "", e
		}
		if e.Code == CodeQuotaExceeded && c.quotaSpent.Load() {
			return "", e // Another request has waited for the minute's window in vain.
		}
		if attempt > c.MaxRetries {
			c.quotaSpent.Store(e.Code == CodeQuotaExceeded)
			return "", e
		}
		wait := cmp.Or(e.RetryAfter, c.backoff(e))
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

// backoff is how long to wait after a failed attempt, the first being 1: exponential, with full jitter, so
// that requests which failed together do not come back together. After a 429 the rate keeps them apart, so
// half of the wait is certain there: full jitter could use up all retries within the second that was full.
func (c *Client) backoff(e *Error) time.Duration {
	doublings := min(e.Attempts-1, 20)
	if e.Code == CodeQuotaExceeded {
		return min(firstQuotaBackoff<<doublings, c.MaxRetryWait)
	}
	longest, shortest := min(firstBackoff<<doublings, c.MaxRetryWait), time.Duration(0)
	if e.Status == http.StatusTooManyRequests {
		shortest = longest / 2
	}
	return shortest + rand.N(longest-shortest+1) //nolint:gosec // Jitter needs no secret numbers.
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
