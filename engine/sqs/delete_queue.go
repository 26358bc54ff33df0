package sqs

import "haneul/engine/emu"

// DeleteQueueInput names the queue.
type DeleteQueueInput struct {
	QueueUrl string `is:"required"`
}

// Resource implements [emu.Input].
func (in *DeleteQueueInput) Resource(c *emu.Call) string { return arnOfURL(c, in.QueueUrl) }

// deleteQueue removes a queue with everything in it, at once. Its name stays taken for a minute.
func (s *service) deleteQueue(c *emu.Call, in *DeleteQueueInput) (*emu.NoOutput, error) {
	k, q, err := s.find(c, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	s.queues.Delete(k)
	s.abandon(c, q.Box)
	drop(s.moves, s.moves.Len(), moveKey{k, 1<<63 - 1}, func(m moveKey) bool { return m.Source == k })
	s.graves.Put(k, grave{Until: c.Now + recreateAfter})
	c.Wake(q.topic())
	return &emu.NoOutput{}, nil
}
