// SPDX-License-Identifier: MPL-2.0

package virustotal

import (
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

// retry tries r until it succeeds, fails for good, or has been tried often enough.
func (c *Client) retry(ctx context.Context, r request, data func(*json.Decoder) error) (next string, err error) {
	for attempt := 1; ; attempt++ {
		if err := c.pause(ctx, Wait{Path: r.String(), Duration: c.rate.reserve(c.RequestsPerMinute)}); err != nil {
			return "", err
		}
		next, err := c.try(ctx, r, attempt, data)
		e, failed := errors.AsType[*Error](err)
		if !failed {
			return next, err
		}
		e.Attempts = attempt
		if !e.Retryable() || attempt > c.MaxRetries {
			return "", e
		}
		wait := e.RetryAfter
		if wait > c.MaxRetryWait {
			return "", e
		}
		if wait == 0 {
			wait = c.backoff(attempt)
		}
		if e.Status == http.StatusTooManyRequests {
			c.rate.holdBack(wait)
		}
		if err := c.pause(ctx, Wait{Path: r.String(), Duration: wait, Reason: e}); err != nil {
			return "", err
		}
	}
}

// pause waits and tells so.
func (c *Client) pause(ctx context.Context, w Wait) error {
	if w.Duration > 0 && c.OnWait != nil {
		c.OnWait(ctx, w)
	}
	return sleep(ctx, w.Duration)
}

// backoff is how long to wait after a failed attempt, the first being 1: exponential, with full jitter, so
// that requests which failed together do not come back together.
func (c *Client) backoff(attempt int) time.Duration {
	longest := c.MaxRetryWait
	if doubled := firstBackoff << min(attempt-1, 20); doubled < longest {
		longest = doubled
	}
	return rand.N(longest + 1) //nolint:gosec // Jitter needs no secret numbers.
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
