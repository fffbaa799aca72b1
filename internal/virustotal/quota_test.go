// SPDX-License-Identifier: MPL-2.0

package virustotal_test

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

func TestQuotaPerMinute(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		c := client(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if time.Since(start) < time.Minute {
				vttest.Error(429, "QuotaExceededError", "Quota exceeded").ServeHTTP(w, r)
				return
			}
			fmt.Fprint(w, someone)
		}))
		if _, err := virustotal.User[user](t.Context(), c, nil, "joe"); err != nil || time.Since(start) > time.Minute {
			t.Errorf("after %s: %v", time.Since(start), err)
		}
	})
}

// TestUsedUpQuota checks that the first read gives up within a minute, and the following ones at once.
func TestUsedUpQuota(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		requests, start := 0, time.Now()
		c := client(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			requests++
			vttest.Error(429, "QuotaExceededError", "Quota exceeded").ServeHTTP(w, r)
		}))
		for i := range 20 {
			if _, err := virustotal.User[user](t.Context(), c, nil, fmt.Sprint(i)); err == nil {
				t.Error("no error")
			}
		}
		if requests != 5+19 || time.Since(start) > time.Minute {
			t.Errorf("%d requests in %s", requests, time.Since(start))
		}
	})
}

// TestUsedUpQuotaInParallel checks that ten reads in parallel wait no longer than one.
func TestUsedUpQuotaInParallel(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var requests atomic.Int64
		start := time.Now()
		c := client(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			requests.Add(1)
			<-time.After(20 * time.Millisecond)
			vttest.Error(429, "QuotaExceededError", "Quota exceeded").ServeHTTP(w, r)
		}))
		inParallel(10, func(i int) {
			if _, err := virustotal.User[user](t.Context(), c, nil, fmt.Sprint(i)); err == nil {
				t.Error("no error")
			}
		})
		if requests.Load() > 25 || time.Since(start) > 62*time.Second {
			t.Errorf("%d requests in %s", requests.Load(), time.Since(start))
		}
	})
}

// TestQuotaFailuresAreShared checks that failures of parallel reads count once, and that a success resets the count.
func TestQuotaFailuresAreShared(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var left atomic.Int64 // Number of failures left.
		c := client(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			refused := left.Add(-1) >= 0
			<-time.After(time.Second) // Time for all requests to begin.
			if refused {
				vttest.Error(429, "QuotaExceededError", "").ServeHTTP(w, r)
				return
			}
			fmt.Fprint(w, `{"data":{"id":"x","attributes":{}}}`)
		}))
		c.MaxRetries = 1
		for round, reads := range []int{10, 1, 1} {
			left.Store(int64(reads))
			var all sync.WaitGroup
			for i := range reads {
				all.Go(func() {
					if _, err := virustotal.User[user](t.Context(), c, nil, fmt.Sprintf("%d-%d", round, i)); err != nil {
						t.Errorf("round %d: %v", round, err)
					}
				})
			}
			all.Wait()
		}
	})
}
