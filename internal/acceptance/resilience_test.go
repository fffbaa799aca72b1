// SPDX-License-Identifier: MPL-2.0

//go:build unix

package acceptance

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/virustotal/terraform-provider-virustotal/internal/tftest"
	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// TestPlanWithTemporaryFailures plans 500 users while one request in ten fails, and counts the retries.
func TestPlanWithTemporaryFailures(t *testing.T) {
	t.Parallel()
	var requests, failed atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if requests.Add(1)%10 == 0 {
			failed.Add(1)
			vttest.Error(503, "TransientError", "try again").ServeHTTP(w, r)
			return
		}
		fmt.Fprintf(w, `{"data":{"id":"x","attributes":{"status":"active"}}}`)
	}))
	defer server.Close()
	c := newCLI(t, `
		data "virustotal_user" "x" {
			count = 500
			id    = "user-${count.index}"
		}
		output "active" { value = length([for user in data.virustotal_user.x : user if user.status == "active"]) }`)
	c.Setenv("VIRUSTOTAL_BASE_URL="+server.URL, "VIRUSTOTAL_API_KEY="+strings.Repeat("0123456789abcdef", 4), "VIRUSTOTAL_MAX_RETRY_WAIT=1ms")
	printed, exit := c.Run("plan", "-input=false", "-no-color")
	if exit != 0 || !strings.Contains(printed, "active = 500") {
		t.Errorf("the plan ended with %d: %.2000s", exit, printed)
	}
	if requests.Load() != 500+failed.Load() || failed.Load() < 50 {
		t.Errorf("%d requests, of which %d failed", requests.Load(), failed.Load())
	}
}

// TestInterruptEndsPlan interrupts Terraform while the provider waits for the time in a Retry-After.
func TestInterruptEndsPlan(t *testing.T) {
	t.Parallel()
	asked := make(chan struct{}, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "50")
		vttest.Error(429, "TooManyRequestsError", "slow down").ServeHTTP(w, r)
		select {
		case asked <- struct{}{}:
		default:
		}
	}))
	defer server.Close()
	c := newCLIWithPlugin(t, `data "virustotal_user" "x" { id = "joe" }`)
	command := exec.CommandContext(t.Context(), tftest.Path(), "plan", "-input=false", "-no-color")
	var printed bytes.Buffer
	command.Dir, command.Stdout, command.Stderr = c.Dir, &printed, &printed
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Env = append(c.Environ(), "VIRUSTOTAL_BASE_URL="+server.URL, "VIRUSTOTAL_API_KEY="+strings.Repeat("0123456789abcdef", 4))
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	<-asked
	// Interrupt the process group, as a terminal does: Terraform 1.0 relies on the provider being interrupted too.
	if err := syscall.Kill(-command.Process.Pid, syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	select {
	case err := <-ended:
		if err == nil || !strings.Contains(printed.String(), "The read was interrupted.") {
			t.Errorf("%v: %s", err, printed.String())
		}
	case <-time.After(30 * time.Second): // Less than the Retry-After.
		_ = command.Process.Kill()
		t.Error("the plan goes on")
	}
}
