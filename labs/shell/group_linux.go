package shell

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// GroupTime is how much processor time a process group has used, those that ended and were not waited for included; false
// if nobody knows.
func GroupTime(pid int) (time.Duration, bool) {
	const tick = 10 * time.Millisecond // USER_HZ is 100 everywhere
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	group, found, ticks := strconv.Itoa(pid), false, 0
	for _, file := range stats {
		b, err := os.ReadFile(file)
		if err != nil {
			continue // it ended meanwhile
		}
		// The name in parentheses may hold anything; state, ppid and pgrp follow it.
		fields := bytes.Fields(b[bytes.LastIndexByte(b, ')')+1:])
		if len(fields) < 15 || string(fields[2]) != group {
			continue
		}
		found = true
		for _, f := range fields[11:15] { // utime, stime, and those of children that were waited for
			n, _ := strconv.Atoi(string(f))
			ticks += n
		}
	}
	return time.Duration(ticks) * tick, found
}
