package emu

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

func benchCloud(b *testing.B, dir string, o JournalOptions) (*Cloud, *toy) {
	c, s := newToy(b, Options{Log: func(string, ...any) {}})
	if dir != "" {
		if err := c.Open(dir, o); err != nil {
			b.Fatal(err)
		}
	}
	return c, s
}

// BenchmarkCall is one call in process: a write of about 150 bytes, and a read.
func BenchmarkCall(b *testing.B) {
	for _, kind := range []string{"memory", "disk"} {
		dir := ""
		if kind == "disk" {
			dir = b.TempDir()
		}
		c, _ := benchCloud(b, dir, JournalOptions{})
		body := strings.Repeat("x", 128)
		b.Run("write/"+kind, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				must(b, do(c, "Ping", &makeInput{onThing: onThing{"n" + strconv.Itoa(i%5000)}, Size: int64(i % 1000), Secret: body}))
			}
		})
		b.Run("read/"+kind, func(b *testing.B) {
			b.ReportAllocs()
			in := &onThing{"n1"}
			for b.Loop() {
				do(c, "Get", in)
			}
		})
		b.Run("write-parallel/"+kind, func(b *testing.B) {
			b.ReportAllocs()
			b.RunParallel(func(p *testing.PB) {
				for i := 0; p.Next(); i++ {
					must(b, do(c, "Ping", &makeInput{onThing: onThing{"n" + strconv.Itoa(i%5000)}, Size: int64(i % 1000), Secret: body}))
				}
			})
		})
	}
}

// BenchmarkLarge holds 400,000 rows of 1 KB to their figures: memory, restart, and no pause while compacting. One round
// tells all: -benchtime 1x.
func BenchmarkLarge(b *testing.B) {
	dir, digest := b.TempDir(), ""
	b.Run("fill", func(b *testing.B) { digest = fillLarge(b, dir) })
	debug.FreeOSMemory()
	b.Run("restart", func(b *testing.B) {
		b.Logf("closed: resident %d MB", resident())
		began := time.Now()
		c, _ := opened(b, dir, Options{})
		took := time.Since(began)
		b.Logf("restarted in %v; resident %d MB", took, resident())
		if took > 5*time.Second || resident() > 1000 {
			b.Errorf("restart took %v and %d MB", took, resident())
		}
		if got := fmt.Sprint(c.Digest()); got != digest {
			b.Error("tables differ")
		}
	})
}

func fillLarge(b *testing.B, dir string) (digest string) {
	c, _ := opened(b, dir, Options{Log: b.Logf})
	c.Start()
	const n = 400_000
	began := time.Now()
	for i := range n {
		must(b, do(c, "Ping", large(i)))
	}
	b.Logf("filled in %v; resident %d MB", time.Since(began), resident())
	for c.compacting.Load() {
		time.Sleep(time.Millisecond)
	}

	snap := make(chan time.Duration)
	go func() {
		c.journal.writing.Lock()
		c.disk.grew = 1 << 40
		c.journal.writing.Unlock()
		began := time.Now()
		c.compactWhenDue()
		for c.compacting.Load() {
			time.Sleep(time.Millisecond)
		}
		snap <- time.Since(began)
	}()
	var took time.Duration
	busy := pauses(func(i int) bool {
		must(b, do(c, "Ping", large(n+i%1000)))
		select {
		case took = <-snap:
		default:
		}
		return took == 0
	})
	began = time.Now()
	quiet := pauses(func(i int) bool {
		must(b, do(c, "Ping", large(n+i%1000)))
		return time.Since(began) < took
	})
	b.Logf("compacted in %v; resident %d MB", took, resident())
	b.Logf("calls meanwhile: %+v; as many seconds after: %+v", busy, quiet)
	if busy.longest > 50*time.Millisecond+quiet.longest { // on a busy machine any call may have to wait for a core
		b.Errorf("a call took %v while compacting", busy.longest)
	}
	began = time.Now()
	c.mu.Lock()
	c.freeze()
	c.mu.Unlock()
	b.Logf("freeze under the lock: %v", time.Since(began))
	branch, _ := newToy(b, Options{})
	began = time.Now()
	if err := c.CopyTo(branch); err != nil {
		b.Fatal(err)
	}
	b.Logf("branch: %v", time.Since(began))
	return fmt.Sprint(c.Digest())
}

// spread says how long calls took.
type spread struct {
	calls                int
	median, p99, longest time.Duration
}

func pauses(call func(i int) bool) spread {
	var ds []time.Duration
	for more := true; more; {
		began := time.Now()
		more = call(len(ds))
		ds = append(ds, time.Since(began))
	}
	slices.Sort(ds)
	return spread{len(ds), ds[len(ds)/2], ds[len(ds)*99/100], ds[len(ds)-1]}
}

func large(i int) *makeInput {
	return &makeInput{onThing: onThing{strconv.Itoa(i)}, Tags: map[string]string{"body": strings.Repeat(strconv.Itoa(i%10), 1024)}, Lifetime: 1_000_000}
}

// resident is the process's memory in MB.
func resident() int {
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int(m.Sys >> 20)
	}
	pages, _ := strconv.Atoi(strings.Fields(string(b))[1])
	return pages * os.Getpagesize() >> 20
}
