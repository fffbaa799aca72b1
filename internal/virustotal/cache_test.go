// SPDX-License-Identifier: MPL-2.0

package virustotal

import (
	"context"
	"errors"
	"maps"
	"sync"
	"testing"
)

// TestCacheSizeIsLimited caches six answers of 64 MiB, of which four fit.
func TestCacheSizeIsLimited(t *testing.T) {
	t.Parallel()
	var c cache
	asked := map[string]int{}
	get := func(name string) {
		t.Helper()
		_, err := c.do(t.Context(), cacheKey{request: name}, func() (any, int64, error) {
			asked[name]++
			return name, 64<<20 - 1, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"a", "b", "c", "d", "d", "e", "f", "e", "c", "a"} {
		get(name)
	}
	want := map[string]int{"a": 2, "b": 1, "c": 1, "d": 1, "e": 1, "f": 1}
	if !maps.Equal(asked, want) {
		t.Errorf("requested %v, want %v", asked, want)
	}
	if c.size != maxCacheSize || len(c.entries) != 4 || len(c.order) != 4 {
		t.Errorf("%d entries of %d bytes are kept", len(c.entries), c.size)
	}
}

// TestPanicReleasesWaitingCallers checks that a caller waiting for a request that panics sends its own.
func TestPanicReleasesWaitingCallers(t *testing.T) {
	t.Parallel()
	var c cache
	var group sync.WaitGroup
	asking, waiting := make(chan struct{}), make(chan struct{})
	group.Go(func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic is lost")
			}
		}()
		_, _ = c.do(t.Context(), cacheKey{request: "x"}, func() (any, int64, error) {
			close(asking)
			<-waiting
			panic("decoder")
		})
	})
	<-asking
	group.Go(func() {
		close(waiting)
		if value, err := c.do(t.Context(), cacheKey{request: "x"}, func() (any, int64, error) { return 1, 0, nil }); value != 1 || err != nil {
			t.Errorf("%v, %v", value, err)
		}
	})
	group.Wait()
}

func TestWaitingCallerStopsWhenItsContextIsCanceled(t *testing.T) {
	t.Parallel()
	var c cache
	asking, answer := make(chan struct{}), make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		_, _ = c.do(t.Context(), cacheKey{request: "x"}, func() (any, int64, error) {
			close(asking)
			<-answer
			return 1, 0, nil
		})
	})
	<-asking
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	if _, err := c.do(ctx, cacheKey{request: "x"}, nil); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	close(answer)
	group.Wait()
}

// TestAnswerOfAnInterruptedCallerIsKept checks that an answer that arrives while its caller is interrupted is not
// requested again.
func TestAnswerOfAnInterruptedCallerIsKept(t *testing.T) {
	t.Parallel()
	var c cache
	ctx, interrupt := context.WithCancel(t.Context())
	requests := 0
	load := func() (any, int64, error) {
		interrupt()
		requests++
		return 1, 0, nil
	}
	for _, ctx := range []context.Context{ctx, t.Context()} {
		if value, err := c.do(ctx, cacheKey{request: "x"}, load); value != 1 || err != nil || requests != 1 {
			t.Errorf("%v, %v after %d requests", value, err, requests)
		}
	}
}

// BenchmarkCache reads 100 cached answers from 64 goroutines per processor.
func BenchmarkCache(b *testing.B) {
	var c cache
	keys := make([]cacheKey, 100)
	for i := range keys {
		keys[i] = cacheKey{request: string(rune('a' + i))}
	}
	b.ReportAllocs()
	b.SetParallelism(64)
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			if _, err := c.do(b.Context(), keys[i%len(keys)], func() (any, int64, error) { return i, 0, nil }); err != nil {
				b.Fatal(err)
			}
		}
	})
}
