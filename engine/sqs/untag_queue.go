package sqs

import (
	"maps"

	"haneul/engine/emu"
)

// UntagQueueInput names the queue and the tags to remove.
type UntagQueueInput struct {
	QueueUrl string   `is:"required"`
	TagKeys  []string `query:"TagKey,flat" is:"required"`
}

// Resource implements [emu.Input].
func (in *UntagQueueInput) Resource(c *emu.Call) string { return arnOfURL(c, in.QueueUrl) }

func (s *service) untagQueue(c *emu.Call, in *UntagQueueInput) (*emu.NoOutput, error) {
	k, q, err := s.find(c, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	tags := maps.Clone(q.Tags)
	for _, name := range in.TagKeys {
		delete(tags, name)
	}
	if q.Tags = tags; len(tags) == 0 {
		q.Tags = nil
	}
	s.queues.Put(k, q)
	return &emu.NoOutput{}, nil
}
