// SPDX-License-Identifier: MPL-2.0

package virustotal_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

func TestRetries(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer   http.Handler
		requests int
	}{
		"TransientError":        {vttest.Error(503, "TransientError", ""), 5},
		"DeadlineExceededError": {vttest.Error(504, "DeadlineExceededError", ""), 5},
		"TooManyRequestsError":  {vttest.Error(429, "TooManyRequestsError", ""), 5},
		"TooManyRequests":       {vttest.Error(429, "TooManyRequests", ""), 5},
		"QuotaExceededError":    {vttest.Error(429, "QuotaExceededError", ""), 5},
		"a proxy's 502":         {vttest.Body(502, "text/html", "<html>"), 5},
		"a proxy's 429":         {vttest.Body(429, "text/html", "<html>"), 5},
		"BadRequestError":       {vttest.Error(400, "BadRequestError", ""), 1},
		"WrongCredentialsError": {vttest.Error(401, "WrongCredentialsError", ""), 1},
		"ForbiddenError":        {vttest.Error(403, "ForbiddenError", ""), 1},
		"NotFoundError":         {vttest.Error(404, "NotFoundError", ""), 1},
		"FailedDependencyError": {vttest.Error(424, "FailedDependencyError", ""), 1},
		"a proxy's 200":         {vttest.Body(200, "text/html", "<html>"), 1},
		"no object":             {vttest.Body(200, "application/json", `{"data":5}`), 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				requests := 0
				c := client(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					requests++
					test.answer.ServeHTTP(w, r)
				}))
				_, err := virustotal.Get[user](t.Context(), c, nil, "users", "joe")
				if e, ok := errors.AsType[*virustotal.Error](err); !ok || e.Attempts != test.requests || requests != test.requests {
					t.Errorf("%d requests, want %d: %v", requests, test.requests, err)
				}
			})
		})
	}
}

func TestARetryMaySucceed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fake := vttest.New()
		fake.Inject("/users/"+vttest.SecurityHead, 2, vttest.Error(503, "TransientError", "try again"))
		found, err := virustotal.Get[user](t.Context(), client(t, fake), nil, "users", vttest.SecurityHead)
		if err != nil || found.ID != vttest.SecurityHead {
			t.Errorf("%v, %v", found, err)
		}
	})
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		value func() string
		wait  time.Duration // 0 if it fails at once.
	}{
		{"seconds", func() string { return "7" }, 7 * time.Second},
		{"a date", func() string { return time.Now().Add(9 * time.Second).UTC().Format(http.TimeFormat) }, 9 * time.Second},
		{"as long as MaxRetryWait", func() string { return "60" }, 60 * time.Second},
		{"longer than MaxRetryWait", func() string { return "61" }, 0},
		{"longer than a Duration", func() string { return "9223372036854775807" }, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				requests := 0
				c := client(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					requests++
					if requests == 1 {
						w.Header().Set("Retry-After", test.value())
						vttest.Error(429, "TooManyRequestsError", "slow down").ServeHTTP(w, r)
						return
					}
					fmt.Fprint(w, `{"data":{"id":"joe"}}`)
				}))
				start := time.Now()
				_, err := virustotal.Get[user](t.Context(), c, nil, "users", "joe")
				if (err == nil) != (test.wait > 0) || time.Since(start) != test.wait {
					t.Errorf("after %s: %v", time.Since(start), err)
				}
				if e, ok := errors.AsType[*virustotal.Error](err); ok && e.RetryAfter <= c.MaxRetryWait {
					t.Errorf("RetryAfter is %s", e.RetryAfter)
				}
			})
		})
	}
}

func TestInterruptEndsAWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := client(t, vttest.Error(503, "TransientError", ""))
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		start := time.Now()
		if _, err := virustotal.Get[user](ctx, c, nil, "users", "joe"); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > time.Millisecond {
			t.Errorf("%v after %s", err, time.Since(start))
		}
	})
}

// TestWaits checks the length of each wait before a retry, and that the hooks do not receive the API key.
func TestWaits(t *testing.T) {
	t.Parallel()
	most := make([]time.Duration, 6)
	for range 50 {
		synctest.Test(t, func(t *testing.T) {
			c := client(t, nil)
			c.Transport = handled{vttest.Error(503, "TransientError", c.APIKey)}
			c.MaxRetries, c.MaxRetryWait = 6, 10*time.Second
			attempts, waits := 0, 0
			c.OnRequest = func(_ context.Context, a virustotal.Attempt) {
				attempts++
				if a.Number != attempts || a.Status != 503 || strings.Contains(fmt.Sprint(a), c.APIKey) {
					t.Errorf("attempt %d is reported as %+v", attempts, a)
				}
			}
			c.OnWait = func(_ context.Context, w virustotal.Wait) {
				if longest := min(time.Second<<waits, c.MaxRetryWait); w.Duration < 0 || w.Duration > longest {
					t.Errorf("wait %d is %s, want at most %s", waits, w.Duration, longest)
				}
				most[waits] = max(most[waits], w.Duration)
				waits++
				if w.Err == nil || strings.Contains(fmt.Sprint(w, w.Err), c.APIKey) {
					t.Errorf("a wait is reported as %+v", w)
				}
			}
			if _, err := virustotal.Owner[user](t.Context(), c); err == nil || attempts != 7 || waits != 6 {
				t.Errorf("%d attempts, %d waits, %v", attempts, waits, err)
			}
		})
	}
	if most[1] < time.Second || most[2] < 2*time.Second || most[3] < 4*time.Second {
		t.Errorf("the waits do not grow: the longest were %v", most)
	}
}

// TestInterrupts checks that an interrupt ends each kind of wait at once.
func TestInterrupts(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer http.Handler
		limit  int
		before func(context.Context, *virustotal.Client)
	}{
		"a retry": {answer: vttest.Error(503, "TransientError", "")},
		"a 429":   {answer: vttest.Error(429, "TooManyRequestsError", "")},
		"the rate": {
			answer: answering(200, "application/json", someone), limit: 1,
			before: func(ctx context.Context, c *virustotal.Client) { _, _ = virustotal.User[user](ctx, c, nil, "first") },
		},
		"another request": {answer: vttest.Error(503, "TransientError", ""), before: func(ctx context.Context, c *virustotal.Client) {
			go func() { _, _ = virustotal.User[user](ctx, c, nil, "joe") }()
		}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := client(t, test.answer)
				c.RequestsPerMinute = test.limit
				if test.before != nil {
					test.before(t.Context(), c)
					synctest.Wait()
				}
				ctx, interrupt := context.WithCancel(t.Context())
				var ended error
				var group sync.WaitGroup
				group.Go(func() { _, ended = virustotal.User[user](ctx, c, nil, "joe") })
				synctest.Wait()
				start := time.Now()
				interrupt()
				group.Wait()
				if !errors.Is(ended, context.Canceled) || time.Since(start) != 0 {
					t.Errorf("%v after %s", ended, time.Since(start))
				}
			})
		})
	}
}
