package sqs

import (
	"slices"
	"strconv"

	"haneul/engine/emu"
)

// receiver is one receive at work.
type receiver struct {
	s    *service
	c    *emu.Call
	key  queueKey
	q    *queue
	most int64 // messages to return
	// In seconds.
	timeout, wait int64

	taken  []delivery
	buried int64 // messages that went to the dead-letter queue instead
}

// maxBuried bounds how many dead letters one receive moves.
const maxBuried = 1_000

func (r *receiver) receive(attemptID string) error {
	if r.q.FIFO {
		return r.receiveFIFO(attemptID)
	}
	if r.wait == 0 && r.s.inFlight(r.q.Box) >= maxInFlight {
		return overLimit("Too many messages in flight: the limit of a standard queue is %d.", maxInFlight)
	}
	r.receiveStandard()
	return nil
}

// until is when the messages taken become visible again.
func (r *receiver) until() emu.Time { return r.c.Now + emu.Time(r.timeout)*emu.Second }

func (r *receiver) full() bool { return int64(len(r.taken)) >= r.most || r.buried >= maxBuried }

func (r *receiver) has(n int64) bool {
	return slices.ContainsFunc(r.taken, func(x delivery) bool { return x.k.N == n })
}

// take hands out a message, or buries it if it was handed out too often. A message whose dead-letter queue is gone
// goes on being handed out.
func (r *receiver) take(n int64) {
	k := messageKey{r.q.Box, n}
	m, ok := r.s.messages.Get(k)
	if !ok {
		return
	}
	if r.q.DeadLetter != "" && m.receives() >= r.q.MaxReceives &&
		r.s.bury(r.c, r.key, r.q, k, m, firstNumber(r.c)+r.buried) {
		r.buried++
		return
	}
	m.Received++
	m.Taken = r.c.Now
	if m.First == 0 {
		m.First = r.c.Now
	}
	m.hide(r.c.Now, r.until())
	r.s.put(k, m)
	r.taken = append(r.taken, delivery{k, m})
	r.c.Note("MessageId", m.ID)
	r.c.Note("ReceiveCount", strconv.FormatInt(m.Received, 10))
}

// receiveStandard takes what is available, the oldest first.
func (r *receiver) receiveStandard() {
	shuffled := false
	for !r.full() {
		// Those already taken are still available if their visibility timeout is 0.
		list := r.s.available(r.q.Box, int(r.most)+len(r.taken))
		if !shuffled && len(list) > 0 && r.c.Fault(emu.FaultReorder) {
			list, shuffled = r.shuffled(), true
		}
		before, buried := len(r.taken), r.buried
		for _, k := range list {
			if !r.full() && !r.has(k.N) {
				r.take(k.N)
			}
		}
		if len(r.taken) == before && r.buried == buried {
			break
		}
	}
	if len(r.taken) > 0 && r.c.Fault(emu.FaultDuplicate) {
		r.duplicate(r.taken[0])
	}
}

// available lists a box's oldest available messages.
func (s *service) available(id int64, limit int) []messageKey {
	list := make([]messageKey, 0, limit)
	s.line.From(messageKey{Box: id}, func(k messageKey) bool {
		if k.Box != id || len(list) == limit {
			return false
		}
		list = append(list, k)
		return true
	})
	return list
}

// shuffleDepth is from how far back in line a shuffled receive draws.
const shuffleDepth = 100

// shuffled is the front of the line in an order drawn at random.
func (r *receiver) shuffled() []messageKey {
	list := r.s.available(r.q.Box, shuffleDepth)
	for i := len(list) - 1; i > 0; i-- {
		j := int(r.c.Rand() % uint64(i+1))
		list[i], list[j] = list[j], list[i]
	}
	return list
}

// duplicate leaves a second copy of a message behind, available at once: what happens on AWS when one of the servers that
// hold a message misses that it was received.
func (r *receiver) duplicate(x delivery) {
	k := x.k
	for taken := true; taken; _, taken = r.s.messages.Get(k) {
		k.N += copyStep
	}
	m := x.m
	m.hide(r.c.Now, r.c.Now)
	r.s.put(k, m)
	r.c.Note("Duplicated", m.ID)
	r.c.Wake(r.q.topic())
}
