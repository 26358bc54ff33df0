//go:build linux

package emu

import (
	"os"
	"sync"
	"testing"
	"time"
)

// fill makes every further write to the journal fail as on a full disk; the function returned makes room again.
func fill(t *testing.T, c *Cloud) (makeRoom func()) {
	t.Helper()
	full, err := os.OpenFile("/dev/full", os.O_RDWR, 0)
	if err != nil {
		t.Skip(err)
	}
	c.journal.writing.Lock()
	defer c.journal.writing.Unlock()
	file := c.disk.file
	c.disk.file = full
	return func() {
		c.journal.writing.Lock()
		defer c.journal.writing.Unlock()
		c.disk.file = file
	}
}

func TestDiskFull(t *testing.T) {
	dir := t.TempDir()
	c, _ := opened(t, dir, Options{})
	c.Start()
	must(t, do(c, "Make", expiring("kept", 3600)))
	before := c.Digest()
	makeRoom := fill(t, c)
	c.mu.Lock()
	c.triedToHeal = time.Now().Add(time.Hour)
	c.mu.Unlock()

	var calls sync.WaitGroup
	for range 20 {
		calls.Go(func() { wantCode(t, do(c, "Make", thingNamed("lost", 1)).Err, "ServiceUnavailable") })
	}
	calls.Wait()
	c.mu.Lock()
	c.triedToHeal = time.Now().Add(time.Hour)
	c.mu.Unlock()
	if got := c.Digest(); len(got) != len(before) || got[2] != before[2] {
		t.Errorf("memory ran ahead: %v, was %v", got, before)
	}
	at := c.Now()
	must(t, do(c, "Get", &onThing{"kept"}))
	wantCode(t, do(c, "Get", &onThing{"lost"}).Err, "NoSuchThing")
	if _, err := c.Advance(time.Hour); err == nil {
		t.Error("the clock was advanced though nothing can be recorded")
	}
	if c.Freeze() == nil || c.Reset() == nil {
		t.Error("a change was accepted")
	}
	if c.Now() != at {
		t.Error("the clock runs on")
	}

	makeRoom()
	c.mu.Lock()
	c.triedToHeal = time.Time{}
	c.mu.Unlock()
	must(t, do(c, "Make", thingNamed("after", 1)))
	c.Close()
	again, s := opened(t, dir, Options{})
	same(t, c, again)
	if s.things.Len() != 2 {
		t.Errorf("%d things after the restart, want kept and after", s.things.Len())
	}
}
