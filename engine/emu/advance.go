package emu

import (
	"fmt"
	"time"
)

// advanceChunk is how many deadlines run before other callers get a turn.
const advanceChunk = 256

// Advance moves the clock by d and runs everything that becomes due on the way, in order of time, at its own time. It
// returns how many deadlines passed. Callers get in between; two advances come one after the other.
func (c *Cloud) Advance(d time.Duration) (steps int, err error) {
	c.advancing.Lock()
	defer c.advancing.Unlock()
	c.mu.Lock()
	target := c.catchUp() + Span(max(d, 0))
	for c.refusal() == nil && c.nextDue() <= target {
		c.clock.pinned = max(c.nextDue(), c.now())
		c.step(c.clock.pinned)
		if steps++; steps%advanceChunk == 0 {
			c.mu.Unlock()
			c.mu.Lock()
		}
	}
	c.clock.pinned = 0
	if err := c.refusal(); err != nil {
		c.mu.Unlock()
		return steps, err
	}
	c.setClock(max(target, c.now()))
	offset := c.note(EntryClock, "Advance", c.now())
	c.mu.Unlock()
	return steps, c.written(offset)
}

// nextDue is the earliest moment at which something is to be done.
func (c *Cloud) nextDue() Time {
	if c.timersMoved {
		c.timersMoved, c.nextTimer = false, never
		for _, t := range c.timers {
			c.nextTimer = min(c.nextTimer, t.next())
		}
	}
	if k, _, ok := c.retries.min(); ok {
		return min(k.at, c.nextTimer)
	}
	return c.nextTimer
}

// catchUp does everything that is due by now and returns now: no handler sees a moment before what was due by then
// has been done.
func (c *Cloud) catchUp() Time {
	now := c.now()
	if !c.clock.stalled {
		for c.nextDue() <= now {
			c.step(now)
		}
	}
	return now
}

// step does the one earliest thing that is due by limit, never before anything that has happened. At the same moment,
// timers go before parked calls, and timers in the order of their registration.
func (c *Cloud) step(limit Time) {
	at := c.nextDue()
	if at > limit {
		return
	}
	now := max(at, c.journal.last)
	for _, t := range c.timers {
		if t.next() == at {
			c.fire(t, now)
			return
		}
	}
	_, p, _ := c.retries.min()
	c.retry(p, now)
}

// fire runs a deadline as a transaction of its own. A deadline that fails, or that would be due for ever because
// it changed nothing, is set aside until its row changes or the cloud is opened again.
func (c *Cloud) fire(t timers, at Time) {
	call := c.newCall(arrival{request: &Request{Op: c.ops[kernelName+":Due"], In: &DueInput{Table: t.tableName()}, Principal: c.kernelPrincipal()}, started: at}, at)
	err := contain(call, func() error { t.fire(call); return nil })
	if err == nil && t.next() <= at && len(c.dirty) == 0 {
		err = fmt.Errorf("a deadline of %s changed nothing and would be due for ever", t.tableName())
	}
	if err != nil {
		c.rollback(0)
		t.skip()
	}
	c.conclude(call, EntryDue, nil, err, nil)
}
