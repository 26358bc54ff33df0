//go:build linux

package procs

import (
	"os"
	"os/signal"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"haneul/engine/compute/guest/tool"
)

// Stress is stress [-c PROCESSORS] [-m BLOCKS] [--vm-bytes SIZE] [-t DURATION]: it keeps processors busy and holds
// memory, all of it touched, until it is ended.
func Stress(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "c:m:b:t:v", "cpu=c", "vm=m", "vm-bytes=b", "timeout=t", "verbose=v")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	cpus, e1 := o.Int('c', 0)
	blocks, e2 := o.Int('m', 0)
	bytes, ok := byteSize(o.Str('b', "256M"))
	limit, ok2 := duration(o.Str('t', "infinity"))
	if e1 != nil || e2 != nil || !ok || !ok2 || cpus+blocks == 0 {
		return c.Fail(1, "usage: stress [-c PROCESSORS] [-m BLOCKS] [--vm-bytes 256M] [-t 60s]")
	}
	c.Printf("stress: info: dispatching hogs: %d cpu, %d vm\n", cpus, blocks)
	c.Out.Flush()
	var stop atomic.Bool
	started := time.Now()
	for range cpus {
		go func() {
			for x := uint64(1); !stop.Load(); {
				for range 1 << 16 {
					x = x*6364136223846793005 + 1442695040888963407
				}
				sink.Store(x)
			}
		}()
	}
	var held [][]byte
	for range blocks {
		b := make([]byte, bytes)
		for i := 0; i < len(b); i += 4096 {
			b[i] = 1
		}
		held = append(held, b)
	}
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM, syscall.SIGINT)
	select {
	case <-ended:
	case <-time.After(limit):
	}
	stop.Store(true)
	c.Printf("stress: info: successful run completed in %ds, %d MB held\n", int(time.Since(started).Seconds()), int64(len(held))*bytes>>20)
	return 0
}

// sink keeps the compiler from dropping the work.
var sink atomic.Uint64

func byteSize(s string) (int64, bool) {
	unit := int64(1)
	if s != "" {
		if i := strings.IndexByte("BKMG", strings.ToUpper(s[len(s)-1:])[0]); i >= 0 {
			unit, s = 1<<(10*i), s[:len(s)-1]
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n * unit, err == nil && n > 0
}
