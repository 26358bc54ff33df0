//go:build !windows

package main

import (
	"os"
	"os/signal"
	"syscall"
)

// sizeChanges sends something when the terminal's size may have changed, until stop.
func sizeChanges() (changed <-chan os.Signal, stop func()) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGWINCH)
	return c, func() { signal.Stop(c) }
}
