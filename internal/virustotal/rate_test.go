// SPDX-License-Identifier: MPL-2.0

package virustotal_test

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// TestRateLimitIsASlidingWindow sends seven requests at four per minute: four begin at once, and three when the minute
// has passed.
func TestRateLimitIsASlidingWindow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var began []time.Duration
		start := time.Now()
		c := client(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			began = append(began, time.Since(start))
			fmt.Fprint(w, `{"data":{"id":"joe"}}`)
		}))
		c.RequestsPerMinute = 4
		for i := range 7 {
			if _, err := virustotal.Get[user](t.Context(), c, nil, "users", fmt.Sprint(i)); err != nil {
				t.Fatal(err)
			}
		}
		want := []time.Duration{0, 0, 0, 0, time.Minute, time.Minute, time.Minute}
		if !slices.Equal(began, want) {
			t.Errorf("requests began at %v, want %v", began, want)
		}
	})
}

// inParallel calls f for 0 to n-1, ten at a time, as Terraform reads data sources.
func inParallel(n int, f func(i int)) {
	var next atomic.Int64
	var group sync.WaitGroup
	for range 10 {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				f(i)
			}
		})
	}
	group.Wait()
}

// perSecond is a handler that accepts a number of requests in any second, and answers 429 to the others.
type perSecond struct {
	limit    int
	mu       sync.Mutex
	let      []time.Time
	requests int
}

func (p *perSecond) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.requests++
	p.let = slices.DeleteFunc(p.let, func(t time.Time) bool { return time.Since(t) >= time.Second })
	if len(p.let) >= p.limit {
		vttest.Error(429, "TooManyRequestsError", "slow down").ServeHTTP(w, r)
		return
	}
	p.let = append(p.let, time.Now())
	fmt.Fprint(w, someone)
}

func TestSixtyUsersAtEightASecond(t *testing.T) {
	t.Parallel()
	for range 50 { // The jitter is random.
		synctest.Test(t, func(t *testing.T) {
			server := &perSecond{limit: 8}
			c := client(t, server)
			inParallel(60, func(i int) {
				if _, err := virustotal.User[user](t.Context(), c, nil, fmt.Sprint(i)); err != nil {
					t.Error(err)
				}
			})
			if server.requests > 90 {
				t.Errorf("%d requests for 60 users, want at most 90", server.requests)
			}
		})
	}
}

func TestRateLimitHoldsInEveryWindow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var began []time.Duration
		start := time.Now()
		c := client(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			began = append(began, time.Since(start))
			<-time.After(time.Second) // VirusTotal may count a request at any time before the response.
			fmt.Fprint(w, someone)
		}))
		c.RequestsPerMinute = 4
		for i := range 13 {
			if _, err := virustotal.User[user](t.Context(), c, nil, fmt.Sprint(i)); err != nil {
				t.Fatal(err)
			}
		}
		for i := 4; i < len(began); i++ {
			if apart := began[i] - began[i-4]; apart < time.Minute+time.Second {
				t.Errorf("request %d began %s after request %d, want at least 61s: a minute after that one ended", i, apart, i-4)
			}
		}
		if began[3] > 3*time.Second {
			t.Errorf("the fourth request waited: %v", began)
		}
	})
}

// TestA429DelaysAllRequests checks that no other request begins during the wait that a 429 asks for.
func TestA429DelaysAllRequests(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start, refused := time.Now(), time.Time{}
		var early atomic.Int64
		c := client(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == vttest.BasePath+"/users/3" && refused.IsZero() {
				refused = time.Now()
				w.Header().Set("Retry-After", "50")
				vttest.Error(429, "TooManyRequestsError", "").ServeHTTP(w, r)
				return
			}
			if !refused.IsZero() && time.Since(refused) < 50*time.Second {
				early.Add(1)
			}
			fmt.Fprint(w, someone)
		}))
		c.RequestsPerMinute = 4
		inParallel(8, func(i int) {
			<-time.After(map[bool]time.Duration{i == 3: 30 * time.Second, i > 3: 31 * time.Second}[true])
			if _, err := virustotal.User[user](t.Context(), c, nil, fmt.Sprint(i)); err != nil {
				t.Error(err)
			}
		})
		if early.Load() != 0 || time.Since(start) < 80*time.Second {
			t.Errorf("%d requests began during the wait; done after %s", early.Load(), time.Since(start))
		}
	})
}

// TestRetriesGoFirst checks that retries precede new requests, which could otherwise starve them.
func TestRetriesGoFirst(t *testing.T) {
	t.Parallel()
	for range 20 {
		synctest.Test(t, func(t *testing.T) {
			var order []string
			c := client(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				order = append(order, r.URL.Path[len(vttest.BasePath+"/users/"):])
				if len(order) == 1 {
					vttest.Error(429, "TooManyRequestsError", "").ServeHTTP(w, r)
					return
				}
				fmt.Fprint(w, someone)
			}))
			inParallel(3, func(i int) {
				<-time.After(time.Duration(i) * time.Millisecond)
				if _, err := virustotal.User[user](t.Context(), c, nil, fmt.Sprint(i)); err != nil {
					t.Error(err)
				}
			})
			if len(order) != 4 || order[1] != "0" {
				t.Errorf("requests went in the order %v", order)
			}
		})
	}
}

// TestARequestInFlightCounts checks that requests in flight count towards the limit, before any has ended.
func TestARequestInFlightCounts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start, began := time.Now(), make(chan time.Duration, 3)
		c := client(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			began <- time.Since(start)
			<-time.After(time.Second)
			fmt.Fprint(w, someone)
		}))
		c.RequestsPerMinute = 2
		inParallel(3, func(i int) {
			if _, err := virustotal.User[user](t.Context(), c, nil, fmt.Sprint(i)); err != nil {
				t.Error(err)
			}
		})
		if a, b, third := <-began, <-began, <-began; a != 0 || b != 0 || third != time.Minute+time.Second {
			t.Errorf("requests began after %s, %s and %s", a, b, third)
		}
	})
}

// TestRequestsBecomeParallelAgain checks that requests are sent one at a time after a 429, and two at a time after ten
// successes.
func TestRequestsBecomeParallelAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var inFlight []int // At the beginning of each request.
		now := 0
		c := client(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			now++
			inFlight = append(inFlight, now)
			first := len(inFlight) == 1
			mu.Unlock()
			<-time.After(time.Second)
			mu.Lock()
			now--
			mu.Unlock()
			if first {
				vttest.Error(429, "TooManyRequestsError", "").ServeHTTP(w, r)
				return
			}
			fmt.Fprint(w, someone)
		}))
		read := func(i int) {
			if _, err := virustotal.User[user](t.Context(), c, nil, fmt.Sprint(i)); err != nil {
				t.Error(err)
			}
		}
		read(0)
		inParallel(20, read)
		if got := slices.Max(inFlight[:11]); got != 1 {
			t.Errorf("%d requests at once after the 429: %v", got, inFlight)
		}
		if got := slices.Max(inFlight[11:]); got != 2 {
			t.Errorf("%d requests at once after ten successes: %v", got, inFlight)
		}
	})
}
