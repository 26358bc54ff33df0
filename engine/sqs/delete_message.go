package sqs

import "haneul/engine/emu"

// DeleteMessageInput names the queue and the receipt of the message.
type DeleteMessageInput struct {
	QueueUrl      string `is:"required"`
	ReceiptHandle string `is:"required"`
}

// Resource implements [emu.Input].
func (in *DeleteMessageInput) Resource(c *emu.Call) string { return arnOfURL(c, in.QueueUrl) }

func (s *service) deleteMessage(c *emu.Call, in *DeleteMessageInput) (*emu.NoOutput, error) {
	k, q, err := s.find(c, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	if err := s.deleteByHandle(c, k, &q, in.ReceiptHandle); err != nil {
		return nil, err
	}
	return &emu.NoOutput{}, nil
}

// deleteByHandle deletes a message that was received. Deleting again what is gone is no error. On a standard queue
// an old handle is no error either, but the message stays, because somebody else has it; on a FIFO queue the handle
// is good only while the message is invisible.
func (s *service) deleteByHandle(c *emu.Call, name queueKey, q *queue, handle string) error {
	r, err := s.receiptFor(name, handle)
	if err != nil {
		return err
	}
	k := messageKey{r.Box, r.N}
	m, ok := s.messages.Get(k)
	if !ok || r.Box != q.Box {
		return nil // deleted, expired or purged
	}
	if q.FIFO && (m.Received != r.Nth || !m.Hidden) {
		return expiredHandle(handle)
	}
	c.Note("MessageId", m.ID)
	if m.Received != r.Nth {
		c.Note("OldReceipt", "the message was received again since; it is not deleted")
		return nil
	}
	s.remove(k, &m)
	if q.FIFO {
		c.Wake(q.topic()) // the next of its group may be available now
	}
	return nil
}

// receiptFor reads a handle that was given out for a queue.
func (s *service) receiptFor(k queueKey, handle string) (receipt, error) {
	r, ok := readHandle(handle)
	if !ok {
		return r, invalidHandle(handle)
	}
	if b, ok := s.boxes.Get(boxKey(r.Box)); ok && b.Queue != k {
		return r, invalidHandle(handle)
	}
	return r, nil
}
