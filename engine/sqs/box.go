package sqs

import (
	"strconv"

	"haneul/engine/emu"
)

// A message's number is its call's number and a count within the call.
const numberBits = 12

// firstNumber is the first of the numbers that a call may give to messages.
func firstNumber(c *emu.Call) int64 { return c.Seq() << numberBits }

// copyStep is the distance from a message's number to that of its copy: between two messages of one batch there is room.
const copyStep = 16

// sequence is a message's number as a FIFO queue shows it: 20 digits, increasing.
func sequence(n int64) string {
	digits := strconv.FormatInt(n, 10)
	return ("18800000000000000000")[:20-len(digits)] + digits
}

// expiry is when something kept for a time goes: at whole seconds, so that a busy queue has one deadline a second.
func expiry(from, kept emu.Time) emu.Time {
	return (from + kept + emu.Second - 1) / emu.Second * emu.Second
}

func (q *queue) kept() emu.Time { return emu.Time(q.Retention) * emu.Second }

// store puts a new message into a queue. It completes m.More, which must be the message's own.
func (s *service) store(q *queue, n int64, m message) {
	if m.inFIFO() {
		m.More.Lane = n
		if g, ok := s.groups.Get(groupKey{q.Box, m.More.Group}); ok {
			m.More.Lane = g.Lane
		}
	}
	s.expect(q.Box, expiry(m.Sent, q.kept()))
	s.put(messageKey{q.Box, n}, m)
}

// put writes a message's row and all that follows from it.
func (s *service) put(k messageKey, m message) {
	s.messages.Put(k, m)
	if m.Hidden {
		s.expect(k.Box, m.Visible)
	}
	if m.inFIFO() {
		s.regroup(k.Box, m.More)
	}
}

// hide makes a message invisible until a moment, or visible at once.
func (m *message) hide(now, until emu.Time) { m.Hidden, m.Visible = until > now, until }

// remove takes a message out of its box.
func (s *service) remove(k messageKey, m *message) {
	s.messages.Delete(k)
	if m.inFIFO() {
		s.regroup(k.Box, m.More)
	}
}

// expect makes sure that the box is looked at when something in it becomes visible or expires.
func (s *service) expect(id int64, at emu.Time) {
	b, _ := s.boxes.Get(boxKey(id))
	if b.Due == 0 || at < b.Due {
		b.Due = at
		s.boxes.Put(boxKey(id), b)
	}
}

// regroup brings a FIFO group's row in line with its messages; of is one of them.
func (s *service) regroup(id int64, of *more) {
	k := groupKey{id, of.Group}
	head, ok := s.members.First(memberKey{Box: id, Lane: of.Lane})
	if !ok || head.Box != id || head.Lane != of.Lane {
		s.groups.Delete(k)
		return
	}
	m, _ := s.messages.Get(messageKey{id, head.N})
	s.groups.Put(k, group{Lane: of.Lane, Head: head.N, Open: !m.Hidden, Since: m.Visible})
}

// rebox gives a queue a new, empty box. The old one is emptied in the background.
func (s *service) rebox(c *emu.Call, k queueKey, q *queue) {
	s.abandon(c, q.Box)
	q.Box = c.Seq()
	s.boxes.Put(boxKey(q.Box), box{Queue: k})
}

// abandon gives up a box.
func (s *service) abandon(c *emu.Call, id int64) {
	b, _ := s.boxes.Get(boxKey(id))
	b.Gone, b.Due = true, c.Now
	s.boxes.Put(boxKey(id), b)
}

// sweepChunk bounds one step of deleting, so that no call waits long for one.
const sweepChunk = 1_000

// drainPause is the time between two steps of emptying a box that nobody can see into.
const drainPause = 10 * emu.Millisecond

// sweep reveals what becomes visible in a box and deletes what has expired, or anything if the box is given up.
func (s *service) sweep(c *emu.Call, k boxKey) {
	b, _ := s.boxes.Get(k)
	if b.Gone {
		if s.drain(int64(k)) {
			s.boxes.Delete(k)
			return
		}
		b.Due = c.Now + drainPause
		s.boxes.Put(k, b)
		return
	}
	q, _ := s.queues.Get(b.Queue)
	b.Due = earliest(s.expireMessages(c, &q), s.reveal(c, &q), s.expireSends(c, q.Box), s.expireAttempts(c, q.Box))
	s.boxes.Put(k, b)
}

func earliest(times ...emu.Time) (first emu.Time) {
	for _, t := range times {
		if t != 0 && (first == 0 || t < first) {
			first = t
		}
	}
	return first
}

// reveal makes visible what is due, wakes who waits for it, and returns when the next message becomes visible.
func (s *service) reveal(c *emu.Call, q *queue) (next emu.Time) {
	var seen []messageKey
	for _, inFlight := range [...]bool{false, true} {
		s.hidden.From(hiddenKey{Box: q.Box, InFlight: inFlight}, func(x hiddenKey) bool {
			if x.Box != q.Box || x.InFlight != inFlight {
				return false
			}
			if x.Until > c.Now || len(seen) >= sweepChunk {
				next = earliest(next, x.Until)
				return false
			}
			seen = append(seen, messageKey{x.Box, x.N})
			return true
		})
	}
	for _, k := range seen {
		m, _ := s.messages.Get(k)
		m.Hidden = false
		s.put(k, m)
		c.Note("Visible", m.ID)
	}
	if len(seen) > 0 {
		c.Wake(q.topic())
	}
	return next
}

// expireMessages deletes messages past their retention, oldest first, and returns when the next one expires.
func (s *service) expireMessages(c *emu.Call, q *queue) (next emu.Time) {
	type old struct {
		k messageKey
		m message
	}
	var expired []old
	s.messages.From(messageKey{Box: q.Box}, func(k messageKey, m message) bool {
		if k.Box != q.Box {
			return false
		}
		if at := expiry(m.Sent, q.kept()); at > c.Now || len(expired) == sweepChunk {
			next = at
			return false
		}
		expired = append(expired, old{k, m})
		return true
	})
	for _, x := range expired {
		s.remove(x.k, &x.m)
		c.Note("Expired", x.m.ID)
	}
	return next
}

// expireSends forgets sends that are no longer compared with new ones.
func (s *service) expireSends(c *emu.Call, id int64) (next emu.Time) {
	expired, next := due(s.sends, id, c.Now, dedupWindow)
	for _, x := range expired {
		s.dedups.Delete(dedupKey{id, x.Group, x.ID})
	}
	return next
}

// expireAttempts forgets receives that can no longer be asked for again.
func (s *service) expireAttempts(c *emu.Call, id int64) (next emu.Time) {
	expired, next := due(s.replays, id, c.Now, attemptWindow)
	for _, x := range expired {
		s.attempts.Delete(attemptKey{id, x.ID})
	}
	return next
}

// due lists what has expired in a box, at most a chunk of it, and when the next thing expires.
func due(x *emu.Index[expiryKey], id int64, now, kept emu.Time) (expired []expiryKey, next emu.Time) {
	x.From(expiryKey{Box: id}, func(k expiryKey) bool {
		if k.Box != id {
			return false
		}
		if at := expiry(k.At, kept); at > now || len(expired) == sweepChunk {
			next = at
			return false
		}
		expired = append(expired, k)
		return true
	})
	return expired, next
}

// drain deletes a chunk of whatever a box holds and reports whether it is empty.
func (s *service) drain(id int64) bool {
	left := sweepChunk
	left -= drop(s.messages, left, messageKey{Box: id}, func(k messageKey) bool { return k.Box == id })
	left -= drop(s.groups, left, groupKey{Box: id}, func(k groupKey) bool { return k.Box == id })
	left -= drop(s.dedups, left, dedupKey{Box: id}, func(k dedupKey) bool { return k.Box == id })
	left -= drop(s.attempts, left, attemptKey{Box: id}, func(k attemptKey) bool { return k.Box == id })
	return left > 0
}

// drop deletes up to limit rows from a key on, as long as they are in.
func drop[K emu.Ordered[K], V any](t *emu.Table[K, V], limit int, from K, in func(K) bool) int {
	var keys []K
	if limit > 0 {
		t.From(from, func(k K, _ V) bool {
			if !in(k) {
				return false
			}
			keys = append(keys, k)
			return len(keys) < limit
		})
	}
	for _, k := range keys {
		t.Delete(k)
	}
	return len(keys)
}
