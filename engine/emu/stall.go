package emu

import (
	"os"
	"path/filepath"
	"time"
)

// When the journal cannot be written (the disk is full, say), what is in memory has run ahead of what anybody may be told.
// The rule is: those who wait get ServiceUnavailable, the tables go back to what the files hold, and until there is room
// again the cloud stands still: its clock stops, so that nothing becomes due, calls that would change something are
// refused, and reads are answered from the tables without being recorded. Nothing that was acknowledged is lost,
// and nothing is shown that a restart would not show.

// written returns once the journal holds everything up to an offset, or with the error to answer.
func (c *Cloud) written(offset int64) error {
	err := c.journal.wait(offset)
	if err == nil {
		return nil
	}
	c.stall(err)
	return cannotRecord(err)
}

func cannotRecord(err error) *Error {
	return unavailable("This call could not be recorded, so it did not happen: %v. Changes are refused until there is room.", err)
}

// stall puts the tables back and stops the cloud.
func (c *Cloud) stall(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	j := c.journal
	j.writing.Lock()
	defer j.writing.Unlock()
	if j.failed == nil || c.stalled != nil {
		return // an earlier trouble, which is over or known
	}
	c.log("the journal of %s cannot be written, so no change is accepted: %v", c.name, err)
	j.giveUp()
	c.stalled, c.triedToHeal = cannotRecord(err), time.Now()
	c.clock.set(c.now())
	c.clock.stalled = true
	c.clear()
	c.seq = 0
	r, err := c.recover(c.disk)
	if err != nil {
		c.log("the journal of %s cannot be read back either; restart the engine: %v", c.name, err)
		c.clear()
		c.broken = true
		return
	}
	c.clock.frozen = r.frozen
}

// heal lets the cloud go on if the disk takes data again. The lock is held.
func (c *Cloud) heal() {
	if c.stalled == nil || c.broken || time.Since(c.triedToHeal) < time.Second {
		return
	}
	c.triedToHeal = time.Now()
	if c.disk.probe() != nil {
		return
	}
	c.journal.writing.Lock()
	c.journal.failed = nil
	c.disk.grew += c.disk.compactAt + c.disk.size // have a snapshot soon: who knows what the disk did to the segment
	c.journal.writing.Unlock()
	c.stalled, c.clock.stalled = nil, false
	c.setClock(c.clock.offset)
	c.log("the journal of %s can be written again", c.name)
	c.resumeEffects()
}

// probe finds out whether there is room for a while.
func (d *disk) probe() error {
	path := filepath.Join(d.dir, "probe"+newSuffix)
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer os.Remove(path)
	defer f.Close()
	if _, err := f.Write(make([]byte, maxSpare)); err != nil {
		return err
	}
	return f.Sync()
}

// refusal is why no change is accepted, nil if it is.
func (c *Cloud) refusal() error {
	switch {
	case c.life.Err() != nil:
		return c.closedError()
	case c.stalled != nil:
		return c.stalled
	}
	return nil
}

func (c *Cloud) closedError() *Error { return unavailable("The cloud %s is closed.", c.name) }

// mark journals the time now and then, so that a crash does not set a quiet cloud's clock back by more than a minute.
func (c *Cloud) mark(now Time) {
	if c.disk != nil && c.stalled == nil && now-c.journal.last >= Minute {
		c.markNow(now)
	}
}

func (c *Cloud) markNow(now Time) {
	if c.stalled != nil {
		return
	}
	c.journal.begin(c.flags(), c.seq, now)
	c.journal.endEntries()
	c.journal.commit(c.seq)
}
