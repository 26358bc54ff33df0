package sqs

import "slices"

// receiveFIFO takes what is available, as many messages of one group as possible before those of the next. A group is
// available when its oldest message is, and is read up to the first that is not; groups are in line as messages are.
// AWS was seen to answer in just this order (tests that LocalStack recorded against it).
func (r *receiver) receiveFIFO(attemptID string) error {
	if attemptID != "" && r.replay(attemptID) {
		return nil
	}
	room := int64(maxInFlightFIFO - r.s.inFlight(r.q.Box))
	r.most = min(r.most, max(0, room))
	var visited []string // groups stay open if the visibility timeout is 0
	from := headKey{Box: r.q.Box}
	for !r.full() {
		h, ok := r.s.heads.First(from)
		if !ok || h.Box != r.q.Box {
			break
		}
		if slices.Contains(visited, h.Group) {
			from = headKey{Box: h.Box, Since: h.Since, Head: h.Head, Group: h.Group + "\x00"}
			continue
		}
		r.takeGroup(groupKey{h.Box, h.Group})
		visited = append(visited, h.Group)
	}
	if attemptID != "" && len(r.taken) > 0 {
		r.remember(attemptID)
	}
	return nil
}

// takeGroup takes messages of a group in order, up to the first that is in flight or delayed.
func (r *receiver) takeGroup(k groupKey) {
	g, _ := r.s.groups.Get(k)
	next := memberKey{Box: k.Box, Lane: g.Lane}
	for !r.full() {
		x, ok := r.s.members.First(next)
		if !ok || x.Box != k.Box || x.Lane != g.Lane {
			break
		}
		if m, _ := r.s.messages.Get(messageKey{x.Box, x.N}); m.Hidden {
			break
		}
		r.take(x.N)
		next.N = x.N + 1
	}
}

// remember keeps what was returned, for a client whose answer gets lost.
func (r *receiver) remember(id string) {
	a := attempt{At: r.c.Now, Until: r.until()}
	for _, x := range r.taken {
		a.Taken = append(a.Taken, receipt{x.k.Box, x.k.N, x.m.Received})
	}
	r.s.attempts.Put(attemptKey{r.q.Box, id}, a)
	r.s.expect(r.q.Box, expiry(r.c.Now, attemptWindow))
}

// replay returns what the attempt returned before: the same messages with the same handles, if all of them are still
// invisible and were neither deleted nor changed. It starts their visibility timeouts anew and counts no receive.
func (r *receiver) replay(id string) bool {
	a, ok := r.s.attempts.Get(attemptKey{r.q.Box, id})
	if !ok || r.c.Now >= a.At+attemptWindow {
		return false
	}
	var again []delivery
	for _, x := range a.Taken {
		k := messageKey{x.Box, x.N}
		m, ok := r.s.messages.Get(k)
		if !ok || m.Received != x.Nth || !m.Hidden || m.Visible != a.Until {
			return false
		}
		again = append(again, delivery{k, m})
	}
	for _, x := range again {
		x.m.Taken = r.c.Now
		x.m.hide(r.c.Now, r.until())
		r.s.put(x.k, x.m)
		r.taken = append(r.taken, x)
		r.c.Note("MessageId", x.m.ID)
		r.c.Note("Replayed", id)
	}
	a.Until = r.until()
	r.s.attempts.Put(attemptKey{r.q.Box, id}, a)
	return true
}
