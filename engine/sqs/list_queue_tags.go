package sqs

import "haneul/engine/emu"

// ListQueueTagsInput names the queue.
type ListQueueTagsInput struct {
	QueueUrl string `is:"required"`
}

// Resource implements [emu.Input].
func (in *ListQueueTagsInput) Resource(c *emu.Call) string { return arnOfURL(c, in.QueueUrl) }

// ListQueueTagsOutput holds the queue's tags.
type ListQueueTagsOutput struct {
	Tags map[string]string `query:"Tag,flat,key=Key,value=Value"`
}

func (s *service) listQueueTags(c *emu.Call, in *ListQueueTagsInput) (*ListQueueTagsOutput, error) {
	_, q, err := s.find(c, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	if q.Tags == nil {
		q.Tags = map[string]string{}
	}
	return &ListQueueTagsOutput{q.Tags}, nil
}
