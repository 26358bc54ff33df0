package sqs

import (
	"maps"

	"haneul/engine/emu"
)

// TagQueueInput names the queue and the tags to set.
type TagQueueInput struct {
	QueueUrl string            `is:"required"`
	Tags     map[string]string `query:"Tag,flat,key=Key,value=Value" is:"required"`
}

// Resource implements [emu.Input].
func (in *TagQueueInput) Resource(c *emu.Call) string { return arnOfURL(c, in.QueueUrl) }

func (s *service) tagQueue(c *emu.Call, in *TagQueueInput) (*emu.NoOutput, error) {
	k, q, err := s.find(c, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	if err := checkTags(in.Tags); err != nil {
		return nil, err
	}
	tags := maps.Clone(q.Tags)
	if tags == nil {
		tags = map[string]string{}
	}
	maps.Copy(tags, in.Tags)
	if len(tags) > maxTags {
		return nil, invalid("Too many tags added for queue %s.", k.Name)
	}
	q.Tags = tags
	s.queues.Put(k, q)
	return &emu.NoOutput{}, nil
}
