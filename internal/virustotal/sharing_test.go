// SPDX-License-Identifier: MPL-2.0

package virustotal_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

func TestConcurrentReadsShareARequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		requests := 0
		c := client(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			requests++
			<-time.After(time.Second) // Time for all callers to wait for this request.
			fmt.Fprint(w, `{"data":{"id":"joe"}}`)
		}))
		var group sync.WaitGroup
		for range 10 {
			group.Go(func() {
				if found, err := virustotal.Get[user](t.Context(), c, nil, "users", "joe"); err != nil || found.ID != "joe" {
					t.Errorf("%v, %v", found, err)
				}
			})
		}
		group.Wait()
		if requests != 1 {
			t.Errorf("%d requests, want 1", requests)
		}
	})
}

func TestOnlyLastingErrorsAreCached(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]int{"NotFoundError": 1, "ForbiddenError": 1, "TransientError": 3} {
		requests := 0
		c := client(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			requests++
			vttest.Error(404, code, "").ServeHTTP(w, r)
		}))
		c.MaxRetries = 0
		for range 3 {
			if _, err := virustotal.Get[user](t.Context(), c, nil, "users", "joe"); err == nil {
				t.Error("no error")
			}
		}
		if requests != want {
			t.Errorf("%d requests for three reads that %s answers, want %d", requests, code, want)
		}
	}
}

// TestInterruptAffectsOneCaller interrupts the caller that sent a request while another waits for the same answer.
func TestInterruptAffectsOneCaller(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		requests := 0
		c := client(t, nil)
		c.Transport = roundTripper(func(req *http.Request) (*http.Response, error) {
			requests++
			select {
			case <-req.Context().Done():
				return nil, req.Context().Err()
			case <-time.After(time.Second):
				return handled{answering(200, "application/json", `{"data":{"id":"joe"}}`)}.RoundTrip(req)
			}
		})
		ctx, interrupt := context.WithCancel(t.Context())
		var group sync.WaitGroup
		group.Go(func() {
			if _, err := virustotal.Get[user](ctx, c, nil, "users", "joe"); !errors.Is(err, context.Canceled) {
				t.Errorf("the interrupted caller got %v", err)
			}
		})
		synctest.Wait()
		group.Go(func() {
			if found, err := virustotal.Get[user](t.Context(), c, nil, "users", "joe"); err != nil || found.ID != "joe" {
				t.Errorf("the other caller got %v, %v", found, err)
			}
		})
		synctest.Wait()
		interrupt()
		group.Wait()
		if requests != 2 {
			t.Errorf("%d requests, want 2: the interrupted one and the other caller's", requests)
		}
	})
}
