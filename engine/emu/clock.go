package emu

import (
	"math"
	"time"
)

// never is later than any moment.
const never = Time(math.MaxInt64)

// clock turns wall time into virtual time: at wall rate from an offset, or standing still. It is guarded by the cloud's
// lock.
type clock struct {
	wall    func() time.Time
	base    time.Time // wall time at which the virtual clock stood at offset
	offset  Time
	frozen  bool      // by a user
	stalled bool      // by the kernel, while nothing can be recorded
	pinned  Time      // while an advance steps through deadlines: the moment of the step
	beating bool      // somebody looks at the clock every heartbeat
	seen    time.Time // the last look
}

func newClock(wall func() time.Time) clock {
	now := wall()
	return clock{wall: wall, base: now, offset: Time(now.UnixNano())}
}

// asleep is the gap between two looks at a beating clock from which on the machine must have slept. Most systems' monotonic
// clocks stand still then; where one does not, and where the wall clock is set by hand, virtual time stands still anyway.
const asleep = time.Minute

// now is the virtual time.
func (k *clock) now() Time {
	switch {
	case k.pinned != 0:
		return k.pinned
	case k.still():
		return k.offset
	}
	w := k.wall()
	if k.beating {
		if gap := w.Sub(k.seen); gap < 0 || gap > asleep {
			k.base = k.base.Add(gap)
		}
		k.seen = w
	}
	return k.offset + Time(w.Sub(k.base))
}

func (k *clock) still() bool { return k.frozen || k.stalled }

// set makes it at now.
func (k *clock) set(at Time) {
	k.base, k.offset = k.wall(), at
	k.seen = k.base
}

// beat begins to expect that now is called at least once in every heartbeat.
func (k *clock) beat() { k.beating, k.seen = true, k.wall() }

func (c *Cloud) now() Time { return c.clock.now() }

// Now is the cloud's virtual time.
func (c *Cloud) Now() Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

// Frozen reports whether the clock is stopped.
func (c *Cloud) Frozen() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.clock.frozen
}

// Freeze stops the clock; Advance still moves it.
func (c *Cloud) Freeze() error { return c.turnClock("Freeze", true) }

// Resume lets the clock run again from where it stands.
func (c *Cloud) Resume() error { return c.turnClock("Resume", false) }

func (c *Cloud) turnClock(what string, frozen bool) error {
	c.mu.Lock()
	if err := c.refusal(); err != nil {
		c.mu.Unlock()
		return err
	}
	now := c.catchUp()
	c.setClock(now)
	c.clock.frozen = frozen
	offset := c.note(EntryClock, what, now)
	c.mu.Unlock()
	return c.written(offset)
}

// setClock makes it at now, whatever the follower of the clock thought it would be.
func (c *Cloud) setClock(at Time) {
	c.clock.set(at)
	c.wakesAt = never
	c.poke()
}

// note records something that the kernel itself did.
func (c *Cloud) note(kind EntryKind, what string, at Time) (offset int64) {
	call := c.newCall(arrival{request: &Request{Op: c.ops[kernelName+":"+what], Principal: c.kernelPrincipal()}, started: at}, at)
	return c.commit(call, kind, nil, nil)
}
