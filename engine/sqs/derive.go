package sqs

import (
	"cmp"
	"strconv"
	"strings"

	"haneul/engine/emu"
)

// hiddenKey puts hidden messages in order of becoming visible, those in flight apart from the delayed ones.
type hiddenKey struct {
	Box      int64
	InFlight bool
	Until    emu.Time
	N        int64
}

// Compare orders by box, then the delayed before those in flight, then by time.
func (a hiddenKey) Compare(b hiddenKey) int {
	if a.Box == b.Box && a.InFlight != b.InFlight {
		if b.InFlight {
			return -1
		}
		return 1
	}
	return cmp.Or(cmp.Compare(a.Box, b.Box), cmp.Compare(a.Until, b.Until), cmp.Compare(a.N, b.N))
}

// memberKey lists a group's messages in order.
type memberKey struct{ Box, Lane, N int64 }

// Compare orders by group, then by number.
func (a memberKey) Compare(b memberKey) int {
	return cmp.Or(cmp.Compare(a.Box, b.Box), cmp.Compare(a.Lane, b.Lane), cmp.Compare(a.N, b.N))
}

// headKey puts groups in line.
type headKey struct {
	Box   int64
	Since emu.Time
	Head  int64
	Group string
}

// Compare orders by the moment of availability, then by the age of the head.
func (a headKey) Compare(b headKey) int {
	return cmp.Or(cmp.Compare(a.Box, b.Box), cmp.Compare(a.Since, b.Since), cmp.Compare(a.Head, b.Head), strings.Compare(a.Group, b.Group))
}

// expiryKey puts what is kept for a while in order of age.
type expiryKey struct {
	Box       int64
	At        emu.Time
	Group, ID string
}

// Compare orders by age.
func (a expiryKey) Compare(b expiryKey) int {
	return cmp.Or(cmp.Compare(a.Box, b.Box), cmp.Compare(a.At, b.At), strings.Compare(a.Group, b.Group), strings.Compare(a.ID, b.ID))
}

// sourceKey finds the queues that send their dead letters to a queue.
type sourceKey struct {
	DeadLetter string // ARN
	Source     queueKey
}

// Compare orders by dead-letter queue, then by source.
func (a sourceKey) Compare(b sourceKey) int {
	return cmp.Or(strings.Compare(a.DeadLetter, b.DeadLetter), a.Source.Compare(b.Source))
}

// activeMove finds the move tasks that are not over.
type activeMove struct{ moveKey }

// Compare orders as moveKey does.
func (a activeMove) Compare(b activeMove) int { return a.moveKey.Compare(b.moveKey) }

// derive declares the indexes and deadlines.
func (s *service) derive() {
	s.line = emu.NewIndex(s.messages, func(k messageKey, m *message) (messageKey, bool) { return k, !m.Hidden })
	s.hidden = emu.NewIndex(s.messages, func(k messageKey, m *message) (hiddenKey, bool) {
		return hiddenKey{k.Box, m.Received > 0, m.Visible, k.N}, m.Hidden
	})
	s.members = emu.NewIndex(s.messages, func(k messageKey, m *message) (x memberKey, ok bool) {
		if !m.inFIFO() {
			return x, false
		}
		return memberKey{k.Box, m.More.Lane, k.N}, true
	})
	s.heads = emu.NewIndex(s.groups, func(k groupKey, g *group) (headKey, bool) {
		return headKey{k.Box, g.Since, g.Head, k.Group}, g.Open
	})
	s.sends = emu.NewIndex(s.dedups, func(k dedupKey, d *dedup) (expiryKey, bool) {
		return expiryKey{k.Box, d.Sent, k.Group, k.ID}, true
	})
	s.replays = emu.NewIndex(s.attempts, func(k attemptKey, a *attempt) (expiryKey, bool) {
		return expiryKey{Box: k.Box, At: a.At, ID: k.ID}, true
	})
	s.sources = emu.NewIndex(s.queues, func(k queueKey, q *queue) (sourceKey, bool) {
		return sourceKey{q.DeadLetter, k}, q.DeadLetter != ""
	})
	s.active = emu.NewIndex(s.moves, func(k moveKey, m *move) (activeMove, bool) {
		return activeMove{k}, m.Next != 0
	})
	emu.OnDue(s.boxes, func(_ boxKey, b *box) (emu.Time, bool) { return b.Due, b.Due != 0 }, s.sweep)
	emu.OnDue(s.graves, func(_ queueKey, g *grave) (emu.Time, bool) { return g.Until, true }, s.forget)
	emu.OnDue(s.moves, func(_ moveKey, m *move) (emu.Time, bool) { return m.Next, m.Next != 0 }, s.moveOn)
}

func (s *service) forget(_ *emu.Call, k queueKey) { s.graves.Delete(k) }

func boxTopic(id int64) string { return "sqs/" + strconv.FormatInt(id, 36) }
