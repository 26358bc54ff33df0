package emu

import "fmt"

// CopyTo makes dst, which the same program built and nobody uses yet, a branch of c: the same rows and the same time, a
// life of its own from then on. It takes microseconds: rows are shared until one side changes them. Effects under way
// stay with c; root key, seed and the account's name for itself are dst's own.
func (c *Cloud) CopyTo(dst *Cloud) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	dst.mu.Lock()
	defer dst.mu.Unlock()
	if dst.seq != 0 || len(c.tables) != len(dst.tables) {
		return fmt.Errorf("%s cannot become a branch of %s: it is in use, or made of other services", dst.name, c.name)
	}
	c.catchUp()
	for i, t := range c.tables {
		dst.tables[i].copyFrom(t)
	}
	dst.outbox.clear()
	dst.seq = c.seq
	dst.clock.set(c.now())
	dst.clock.frozen = c.clock.frozen
	if m, ok := dst.journal.store.(*memory); ok {
		m.last = c.seq
		return nil
	}
	dst.disk.last = c.seq
	return dst.compact(dst.freeze())
}

// Reset empties every table. The clock and the journal go on, and the journal records it. Parked calls find out.
func (c *Cloud) Reset() error {
	c.mu.Lock()
	if err := c.refusal(); err != nil {
		c.mu.Unlock()
		return err
	}
	now := c.catchUp()
	c.clear()
	offset := c.note(EntryReset, "Reset", now)
	var topics []string
	c.retries.all(func(_ retryKey, p *parked) bool { topics = append(topics, p.topic); return true })
	c.wake(topics, now)
	c.mu.Unlock()
	return c.written(offset)
}
