package sqs

import (
	"strconv"

	"haneul/engine/emu"
)

// ChangeMessageVisibilityInput names the queue, the receipt of the message, and for how many seconds from now it is to be
// invisible.
type ChangeMessageVisibilityInput struct {
	QueueUrl          string `is:"required"`
	ReceiptHandle     string `is:"required"`
	VisibilityTimeout *int64 `is:"required"`
}

// Resource implements [emu.Input].
func (in *ChangeMessageVisibilityInput) Resource(c *emu.Call) string { return arnOfURL(c, in.QueueUrl) }

func (s *service) changeMessageVisibility(c *emu.Call, in *ChangeMessageVisibilityInput) (*emu.NoOutput, error) {
	k, q, err := s.find(c, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	switch t := in.VisibilityTimeout; {
	case t == nil:
		return nil, missing("VisibilityTimeout")
	case *t < 0 || *t > maxVisibility:
		return nil, invalidValue(*t, "VisibilityTimeout", "Must be between 0 and 43200.")
	}
	if err := s.changeByHandle(c, k, &q, in.ReceiptHandle, *in.VisibilityTimeout); err != nil {
		return nil, err
	}
	return &emu.NoOutput{}, nil
}

// changeByHandle sets until when a received message is invisible. It may not add up to more than twelve hours since the
// message was received. On a standard queue AWS lets the last receiver take a message back whose timeout is over
// (recorded in November 2023); on a FIFO queue its handle has expired.
func (s *service) changeByHandle(c *emu.Call, name queueKey, q *queue, handle string, timeout int64) error {
	r, err := s.receiptFor(name, handle)
	if err != nil {
		return err
	}
	k := messageKey{r.Box, r.N}
	m, ok := s.messages.Get(k)
	switch {
	case !ok || r.Box != q.Box:
		return goneMessage(handle)
	case m.Received != r.Nth || q.FIFO && !m.Hidden:
		return goneMessage(handle)
	}
	until := c.Now + emu.Time(timeout)*emu.Second
	if until > m.Taken+maxVisibility*emu.Second {
		return invalidValue(timeout, "VisibilityTimeout", "Total VisibilityTimeout for the message is beyond the limit [43200 seconds]")
	}
	m.hide(c.Now, until)
	s.put(k, m)
	c.Note("MessageId", m.ID)
	c.Note("VisibilityTimeout", strconv.FormatInt(timeout, 10))
	if !m.Hidden {
		c.Wake(q.topic())
	}
	return nil
}
