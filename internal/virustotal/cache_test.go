// SPDX-License-Identifier: MPL-2.0

package virustotal

import (
	"context"
	"errors"
	"reflect"
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
		_, err := c.do(t.Context(), cacheKey{request: name}, func() (any, error) {
			asked[name]++
			return make([]byte, 64<<20-1000), nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"a", "b", "c", "d", "d", "e", "f", "e", "c", "a"} {
		get(name)
	}
	want := map[string]int{"a": 2, "b": 1, "c": 1, "d": 1, "e": 1, "f": 1}
	if !reflect.DeepEqual(asked, want) {
		t.Errorf("asked for %v, want %v", asked, want)
	}
	if c.size > maxCacheSize || len(c.entries) != 4 || len(c.order) != 4 {
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
		_, _ = c.do(t.Context(), cacheKey{request: "x"}, func() (any, error) {
			close(asking)
			<-waiting
			panic("decoder")
		})
	})
	<-asking
	group.Go(func() {
		close(waiting)
		if value, err := c.do(t.Context(), cacheKey{request: "x"}, func() (any, error) { return 1, nil }); value != 1 || err != nil {
			t.Errorf("%v, %v", value, err)
		}
	})
	group.Wait()
}

func TestSizeOf(t *testing.T) {
	t.Parallel()
	text, n := "0123456789", int64(1)
	for _, test := range []struct {
		value       any
		least, most int64
	}{
		{nil, 0, 0},
		{text, 26, 26},
		{&text, 34, 34},
		{[]*string{&text, nil}, 24 + 34 + 8, 24 + 34 + 8},
		{map[string]*int64{"a": &n}, 8 + 17 + 16, 8 + 17 + 16},
		{struct {
			A *string
			b any
		}{&text, 5}, 50, 60},
		{make([]byte, 1000), 1024, 1024},
	} {
		if got := sizeOf(reflect.ValueOf(test.value)); got < test.least || got > test.most {
			t.Errorf("%T takes %d bytes, want %d to %d", test.value, got, test.least, test.most)
		}
	}
}

func TestWaitingCallerStopsWhenItsContextIsCanceled(t *testing.T) {
	t.Parallel()
	var c cache
	asking, answer := make(chan struct{}), make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		_, _ = c.do(t.Context(), cacheKey{request: "x"}, func() (any, error) {
			close(asking)
			<-answer
			return 1, nil
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
			if _, err := c.do(b.Context(), keys[i%len(keys)], func() (any, error) { return i, nil }); err != nil {
				b.Fatal(err)
			}
		}
	})
}
