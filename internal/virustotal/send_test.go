// SPDX-License-Identifier: MPL-2.0

package virustotal_test

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

func TestARedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	requests := 0
	c := client(t, nil)
	c.Transport = handled{http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		requests++
		w.Header().Set("Location", "https://joe:secret@evil.example/users/"+c.APIKey+"?key="+c.APIKey)
		w.WriteHeader(http.StatusFound)
	})}
	_, err := virustotal.Owner[user](t.Context(), c)
	redirect, ok := errors.AsType[*virustotal.RedirectError](err)
	if !ok || redirect.Location != "https://evil.example/users/[API key]" && redirect.Location != "https://evil.example/users/%5BAPI%20key%5D" {
		t.Errorf("%v", err)
	}
	if requests != 1 || strings.Contains(err.Error(), c.APIKey) {
		t.Errorf("%d requests; %v", requests, err)
	}
}

func TestResponseSizeIsLimited(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"links":{},"data":{"id":"a"},"rest":[1`)
		for chunk := strings.Repeat(",1", 1<<19); ; {
			if _, err := fmt.Fprint(w, chunk); err != nil {
				return
			}
		}
	}))
	defer server.Close()
	c := client(t, nil)
	c.Transport = nil
	c.BaseURL, _ = url.Parse(server.URL)
	_, err := virustotal.Get[user](t.Context(), c, nil, "users", "joe")
	if err == nil || !strings.Contains(err.Error(), "larger than 64 MiB") {
		t.Errorf("%v", err)
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

func TestAnAttemptTimesOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := client(t, nil)
		c.MaxRetries = 0
		c.Transport = roundTripper(func(req *http.Request) (*http.Response, error) {
			<-req.Context().Done()
			return nil, req.Context().Err()
		})
		_, err := virustotal.Get[user](t.Context(), c, nil, "users", "joe")
		if e, ok := errors.AsType[*virustotal.Error](err); !ok || !e.Retryable() || !strings.Contains(err.Error(), "within 30s") {
			t.Errorf("%v", err)
		}
	})
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
		"a 429 that isn't gzip": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.WriteHeader(http.StatusTooManyRequests)
			fmt.Fprint(w, "slow down")
		}, 2, ""},
		"a cut 503": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			w.WriteHeader(http.StatusServiceUnavailable)
			fmt.Fprint(w, `{"error":{`)
		}, 2, ""},
		"a cut 503 that asks to wait too long": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(http.StatusServiceUnavailable)
			fmt.Fprint(w, `{"error":{`)
		}, 1, "HTTP 503 Service Unavailable: a body that cannot be read: unexpected EOF"},
		"a cut 404": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprint(w, `{"error":{`)
		}, 2, ""},
		"a 404 that isn't gzip": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprint(w, "<html>not found</html>")
		}, 1, "HTTP 404 Not Found: a body that cannot be read: gzip: invalid header"},
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
			_, err := virustotal.User[user](t.Context(), c, nil, "joe")
			if (err == nil) != (test.says == "") || err != nil && !strings.Contains(err.Error(), test.says) || requests.Load() != test.requests {
				t.Errorf("%d requests, %v", requests.Load(), err)
			}
			if e, ok := errors.AsType[*virustotal.Error](err); ok && e.ConnectionLost() != strings.Contains(test.says, "unexpected EOF") {
				t.Errorf("a lost connection: %v; %v", e.ConnectionLost(), err)
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
				if _, err := virustotal.User[user](t.Context(), c, nil, "joe"); err == nil || requests != test.requests {
					t.Errorf("%d requests, want %d: %v", requests, test.requests, err)
				}
			})
		})
	}
}

// TestARefusedConnectionIsNotCached checks that the next read tries again.
func TestARefusedConnectionIsNotCached(t *testing.T) {
	t.Parallel()
	c := client(t, answering(200, "application/json", someone))
	answers := c.Transport
	c.Transport = roundTripper(func(*http.Request) (*http.Response, error) {
		c.Transport = answers
		return nil, &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	})
	if _, err := virustotal.User[user](t.Context(), c, nil, "joe"); err == nil {
		t.Error("the refused connection is lost")
	}
	if _, err := virustotal.User[user](t.Context(), c, nil, "joe"); err != nil {
		t.Error(err)
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
		_, err := virustotal.User[user](t.Context(), c, nil, "joe")
		if redirect, ok := errors.AsType[*virustotal.RedirectError](err); !ok || redirect.Location != other.URL+"/api/v3/users/joe" {
			t.Errorf("%d: %v", status, err)
		}
		server.Close()
	}
	if reached.Load() != 0 {
		t.Errorf("%d requests reached the other server", reached.Load())
	}
}
