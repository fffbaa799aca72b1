// SPDX-License-Identifier: MPL-2.0

package virustotal_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

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
		if _, err := virustotal.User[user](t.Context(), c, nil, fmt.Sprint(i)); err != nil {
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
