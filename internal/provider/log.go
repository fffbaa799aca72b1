// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// subsystem is the log subsystem for requests. Its level is that of TF_LOG or TF_LOG_PROVIDER.
const subsystem = "http"

// totals counts the requests and waits of one read.
type totals struct {
	requests, waits atomic.Int64
}

type totalsKey struct{}

// withLog returns a context in which requests are logged and counted, and a function that logs the totals of the read.
func withLog(ctx context.Context, name string) (context.Context, func()) {
	ctx = tflog.NewSubsystem(ctx, subsystem)
	t, start := new(totals), time.Now()
	ctx = context.WithValue(ctx, totalsKey{}, t)
	return ctx, func() {
		tflog.SubsystemDebug(ctx, subsystem, "Read "+name, map[string]any{
			"requests": strconv.FormatInt(t.requests.Load(), 10),
			"waits":    strconv.FormatInt(t.waits.Load(), 10),
			"duration": time.Since(start).String(),
		})
	}
}

// logRequest logs an attempt. It logs neither headers nor bodies, and only strings, because tflog masks no other type.
func logRequest(ctx context.Context, a virustotal.Attempt) {
	if t, ok := ctx.Value(totalsKey{}).(*totals); ok {
		t.requests.Add(1)
	}
	tflog.SubsystemDebug(ctx, subsystem, "VirusTotal request", map[string]any{
		"method":   "GET",
		"path":     a.Path,
		"status":   strconv.Itoa(a.Status),
		"attempt":  strconv.Itoa(a.Number),
		"duration": a.Duration.String(),
	})
}

// logWait logs a wait before it begins.
func logWait(ctx context.Context, w virustotal.Wait) {
	if t, ok := ctx.Value(totalsKey{}).(*totals); ok {
		t.waits.Add(1)
	}
	fields := map[string]any{"path": w.Path, "wait": w.Duration.String()}
	if w.Err == nil {
		tflog.SubsystemDebug(ctx, subsystem, "Waiting for the rate limit", fields)
		return
	}
	fields["error"] = w.Err.Error()
	tflog.SubsystemWarn(ctx, subsystem, "Waiting to try again", fields)
}
