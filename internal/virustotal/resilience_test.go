// SPDX-License-Identifier: MPL-2.0

package virustotal_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// someone is a response with a user.
const someone = `{"data":{"id":"joe","attributes":{}}}`

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
				if _, err := virustotal.User[user](t.Context(), c, fmt.Sprint(i)); err != nil {
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
			if _, err := virustotal.User[user](t.Context(), c, fmt.Sprint(i)); err != nil {
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
			if _, err := virustotal.User[user](t.Context(), c, fmt.Sprint(i)); err != nil {
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
				if _, err := virustotal.User[user](t.Context(), c, fmt.Sprint(i)); err != nil {
					t.Error(err)
				}
			})
			if len(order) != 4 || order[1] != "0" {
				t.Errorf("requests went in the order %v", order)
			}
		})
	}
}

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
		if _, err := virustotal.User[user](t.Context(), c, "joe"); err != nil || time.Since(start) > time.Minute {
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
			if _, err := virustotal.User[user](t.Context(), c, fmt.Sprint(i)); err == nil {
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
			if _, err := virustotal.User[user](t.Context(), c, fmt.Sprint(i)); err == nil {
				t.Error("no error")
			}
		})
		if requests.Load() > 25 || time.Since(start) > 62*time.Second {
			t.Errorf("%d requests in %s", requests.Load(), time.Since(start))
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
			before: func(ctx context.Context, c *virustotal.Client) { _, _ = virustotal.User[user](ctx, c, "first") },
		},
		"another request": {answer: vttest.Error(503, "TransientError", ""), before: func(ctx context.Context, c *virustotal.Client) {
			go func() { _, _ = virustotal.User[user](ctx, c, "joe") }()
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
				group.Go(func() { _, ended = virustotal.User[user](ctx, c, "joe") })
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

// TestBrokenBodies reads broken bodies over a real connection.
func TestBrokenBodies(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer   http.HandlerFunc
		requests int64
		says     string // "" if the second attempt succeeds.
	}{
		"a cut body": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, `{"data":{"id":`)
		}, 2, ""},
		"a cut connection": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, 2, ""},
		"gzip that isn't": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			fmt.Fprint(w, someone)
		}, 1, "gzip: invalid header"},
		"HTML with 502": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(http.StatusBadGateway)
			fmt.Fprint(w, "<html>")
		}, 2, ""},
		"HTML with 200": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, "<html>")
		}, 1, "text/html, 6 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			var requests atomic.Int64
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if requests.Add(1) == 1 {
					test.answer(w, r)
					return
				}
				fmt.Fprint(w, someone)
			}))
			defer server.Close()
			c := client(t, nil)
			c.Transport, c.MaxRetryWait = nil, time.Millisecond
			c.BaseURL, _ = url.Parse(server.URL)
			_, err := virustotal.User[user](t.Context(), c, "joe")
			if (err == nil) != (test.says == "") || err != nil && !strings.Contains(err.Error(), test.says) || requests.Load() != test.requests {
				t.Errorf("%d requests, %v", requests.Load(), err)
			}
		})
	}
}

// TestNetworkErrors checks which network errors are retried.
func TestNetworkErrors(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault    error
		requests int
	}{
		"nobody listens":      {&net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}, 1},
		"no such name":        {&net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "vt.example", IsNotFound: true}}, 1},
		"a wrong certificate": {&tls.CertificateVerificationError{Err: errors.New("unknown authority")}, 1},
		"no TLS":              {tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}, 1},
		"a name server's":     {&net.OpError{Op: "dial", Err: &net.DNSError{Err: "server misbehaving", Name: "vt.example", IsTemporary: true}}, 5},
		"reset":               {&net.OpError{Op: "read", Err: os.NewSyscallError("read", syscall.ECONNRESET)}, 5},
		"cut":                 {io.ErrUnexpectedEOF, 5},
		"no route":            {&net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ENETUNREACH)}, 5},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				requests := 0
				c := client(t, nil)
				c.Transport = roundTripper(func(*http.Request) (*http.Response, error) {
					requests++
					return nil, test.fault
				})
				if _, err := virustotal.User[user](t.Context(), c, "joe"); err == nil || requests != test.requests {
					t.Errorf("%d requests, want %d: %v", requests, test.requests, err)
				}
			})
		})
	}
}

// TestNoRedirectReachesAnotherServer redirects, with every status, to a server that counts its requests.
func TestNoRedirectReachesAnotherServer(t *testing.T) {
	t.Parallel()
	var reached atomic.Int64
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	defer other.Close()
	for _, status := range []int{300, 301, 302, 303, 305, 307, 308} {
		server := httptest.NewServer(http.RedirectHandler(other.URL+"/api/v3/users/joe", status))
		c := client(t, nil)
		c.Transport = nil
		c.BaseURL, _ = url.Parse(server.URL)
		_, err := virustotal.User[user](t.Context(), c, "joe")
		if redirect, ok := errors.AsType[*virustotal.RedirectError](err); !ok || redirect.Location != other.URL+"/api/v3/users/joe" {
			t.Errorf("%d: %v", status, err)
		}
		server.Close()
	}
	if reached.Load() != 0 {
		t.Errorf("%d requests reached the other server", reached.Load())
	}
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
					if _, err := virustotal.User[user](t.Context(), c, fmt.Sprintf("%d-%d", round, i)); err != nil {
						t.Errorf("round %d: %v", round, err)
					}
				})
			}
			all.Wait()
		}
	})
}

// TestEndlessLists reads pages that repeat, stay empty or never stop.
func TestEndlessLists(t *testing.T) {
	for name, test := range map[string]struct {
		page  func(request int) string
		pages int // Number of pages requested.
		says  string
	}{
		"a circle of three": {func(n int) string {
			return fmt.Sprintf(`{"data":[{"id":"x%d"}],"meta":{"cursor":"%d"}}`, n, n%3)
		}, 4, "the same cursor twice"},
		"a page that comes again": {func(n int) string {
			return fmt.Sprintf(`{"data":[{"id":"x%d"}],"meta":{"cursor":"%d"}}`, n%5, n)
		}, 6, "the same page twice"},
		"a last page that comes again": {func(n int) string {
			return fmt.Sprintf(`{"data":[{"id":"x"}],"meta":{"cursor":%q}}`, strings.Repeat("x", 1-n))
		}, 2, "the same page twice"},
		"empty pages": {func(n int) string { return fmt.Sprintf(`{"data":[],"meta":{"cursor":"%d"}}`, n) }, 100, "100 pages without items"},
		"pages without end": {func(n int) string {
			return fmt.Sprintf(`{"data":[{"id":"x%d"}],"meta":{"cursor":"%d"}}`, n, n)
		}, 25_000, "25000 pages and has more"},
		"a page that is too long": {func(int) string {
			return `{"data":[{"id":"x"}` + strings.Repeat(`,{"id":"x"}`, 40) + `]}`
		}, 1, "a page of more than 40 items"},
		"items that come again": {func(n int) string {
			return fmt.Sprintf(`{"data":[{"id":"x","attributes":{"last_login":%d}}],"meta":{"cursor":%q}}`, n, strings.Repeat("x", 1-n))
		}, 2, ""},
		"empty pages between": {func(n int) string {
			if n == 150 {
				return `{"data":[{"id":"z"}]}`
			}
			return fmt.Sprintf(`{"data":[%s],"meta":{"cursor":"%d"}}`, strings.Repeat(fmt.Sprintf(`{"id":"x%d"}`, n), (n+1)%2), n)
		}, 151, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			requests := 0
			c := client(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if requests > 2*test.pages {
					w.WriteHeader(http.StatusNotFound) // The check does not work: fail instead of running forever.
					return
				}
				fmt.Fprint(w, test.page(requests))
				requests++
			}))
			err := pagesError[user](t, c)
			if requests != test.pages || (err == nil) != (test.says == "") || err != nil && !strings.Contains(err.Error(), test.says) {
				t.Errorf("%d pages, then %v", requests, err)
			}
		})
	}
}

// TestOversizedPage checks that a page with millions of items is not read to its end.
func TestOversizedPage(t *testing.T) {
	t.Parallel()
	var read atomic.Int64
	c := client(t, http.NotFoundHandler())
	c.Transport = roundTrip(func(*http.Request) (*http.Response, error) {
		items := io.MultiReader(strings.NewReader(`{"data":[{"id":"x"}`), &endless{unit: `,{"id":"x"}`, read: &read})
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(items)}, nil
	})
	if err := pagesError[user](t, c); err == nil || !strings.Contains(err.Error(), "more than 40 items, the requested limit") || read.Load() > 1<<20 {
		t.Errorf("%v after %d bytes", err, read.Load())
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// endless is a reader that repeats a text.
type endless struct {
	unit string
	read *atomic.Int64
}

func (e *endless) Read(p []byte) (int, error) {
	n := 0
	for n+len(e.unit) <= len(p) {
		n += copy(p[n:], e.unit)
	}
	e.read.Add(int64(n))
	return n, nil
}

// TestSoak reads a few thousand users from a server that fails one request in five, in different ways, and checks that
// no goroutine and no open file is left.
func TestSoak(t *testing.T) {
	files := openFiles(t)
	faults := []http.Handler{
		vttest.Error(503, "TransientError", ""), vttest.Error(504, "DeadlineExceededError", ""), vttest.Error(429, "TooManyRequestsError", ""),
		vttest.Body(502, "text/html", "<html>"), http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }),
		http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, `{"data":`)
		}),
	}
	var requests atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n := int(requests.Add(1)); n%5 == 0 {
			faults[n/5%len(faults)].ServeHTTP(w, r)
			return
		}
		fmt.Fprint(w, someone)
	}))
	transport := &http.Transport{MaxIdleConnsPerHost: 10}
	c := client(t, nil)
	c.Transport, c.MaxRetries, c.MaxRetryWait = transport, 20, time.Millisecond
	c.BaseURL, _ = url.Parse(server.URL)
	const users = 3000
	inParallel(users, func(i int) {
		if _, err := virustotal.User[user](t.Context(), c, fmt.Sprint(i)); err != nil {
			t.Error(err)
		}
	})
	if got := requests.Load(); got < users*6/5 || got > users*3/2 {
		t.Errorf("%d requests for %d users", got, users)
	}
	transport.CloseIdleConnections()
	server.Close()
	goleak.VerifyNone(t)
	if left := openFiles(t); left > files {
		t.Errorf("%d files are open, %d were", left, files)
	}
}

// openFiles returns the number of the process's open files, or 0 on systems without /proc.
func openFiles(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0
	}
	return len(entries)
}
