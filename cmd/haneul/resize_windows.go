package main

import "time"

// sizeChanges sends something when the terminal's size may have changed, until stop. Windows tells nobody, so this asks.
func sizeChanges() (changed <-chan time.Time, stop func()) {
	t := time.NewTicker(250 * time.Millisecond)
	return t.C, t.Stop
}
