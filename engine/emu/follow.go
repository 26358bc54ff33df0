package emu

import "time"

// heartbeat is how long the follower of the clock sleeps at most.
const heartbeat = time.Second

// Start lets the cloud live by itself until Close: what is due happens even when nobody calls, and effects that were
// left undone when the engine stopped are taken up again.
func (c *Cloud) Start() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.clock.beat()
	c.closed.Go(c.follow)
	c.resumeEffects()
}

// follow is the one goroutine that follows the earliest deadline.
func (c *Cloud) follow() {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		c.mu.Lock()
		c.heal()
		now := c.catchUp()
		pause := heartbeat
		if !c.clock.still() {
			pause = min(pause, time.Duration(c.nextDue()-now))
		}
		c.wakesAt = now + Span(pause)
		c.mark(now)
		offset := c.journal.end
		c.mu.Unlock()
		c.written(offset) // an error is the journal's, and meets the next caller
		c.compactWhenDue()
		timer.Reset(max(pause, 0))
		select {
		case <-timer.C:
		case <-c.kick:
		case <-c.life.Done():
			return
		}
	}
}

// poke wakes the follower if something is due before it would wake by itself.
func (c *Cloud) poke() {
	if c.nextDue() >= c.wakesAt {
		return
	}
	c.wakesAt = c.nextDue()
	select {
	case c.kick <- struct{}{}:
	default:
	}
}

// Close ends the cloud: parked calls are dropped, effects get their context cancelled, the journal is written out with the
// time, from which the clock goes on when the cloud is opened again.
func (c *Cloud) Close() error {
	c.mu.Lock()
	if c.life.Err() != nil {
		c.mu.Unlock()
		return nil
	}
	c.markNow(c.catchUp())
	c.end()
	c.mu.Unlock()
	c.closed.Wait()
	return c.journal.close()
}
