package sqs

import (
	"strconv"

	"haneul/engine/emu"
)

// PurgeQueueInput names the queue.
type PurgeQueueInput struct {
	QueueUrl string `is:"required"`
}

// Resource implements [emu.Input].
func (in *PurgeQueueInput) Resource(c *emu.Call) string { return arnOfURL(c, in.QueueUrl) }

// purgeQueue deletes all messages, those in flight and the memory of what was sent included.
func (s *service) purgeQueue(c *emu.Call, in *PurgeQueueInput) (*emu.NoOutput, error) {
	k, q, err := s.find(c, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	if q.Purged != 0 && c.Now < q.Purged+purgeInterval {
		e := legacy("PurgeQueueInProgress", "Only one PurgeQueue operation on %s is allowed every 60 seconds.", k.Name)
		e.Status = 403
		return nil, e
	}
	n := s.count(q.Box)
	c.Note("Purged", strconv.Itoa(n.visible+n.inFlight+n.delayed))
	old := q.topic()
	s.rebox(c, k, &q)
	q.Purged = c.Now
	s.queues.Put(k, q)
	c.Wake(old) // receives that wait for the old box
	return &emu.NoOutput{}, nil
}
