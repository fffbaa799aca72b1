// SPDX-License-Identifier: MPL-2.0

package virustotal

import (
	"testing"
	"time"
)

// TestFailureAfterAReset counts an attempt that began before the latest failure and fails after another request's
// success.
func TestFailureAfterAReset(t *testing.T) {
	t.Parallel()
	var f quotaFailures
	began := time.Now()
	f.add(began)
	f.reset()
	if got := f.add(began.Add(-time.Second)); got != 1 {
		t.Errorf("%d failures, want 1", got)
	}
}
