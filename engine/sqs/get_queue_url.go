package sqs

import "haneul/engine/emu"

// GetQueueUrlInput names a queue and, if it is not the caller's, its owner.
type GetQueueUrlInput struct {
	QueueName              string `is:"required"`
	QueueOwnerAWSAccountId string
}

// Resource implements [emu.Input].
func (in *GetQueueUrlInput) Resource(c *emu.Call) string {
	return "arn:aws:sqs:" + c.Region + ":" + in.owner(c) + ":" + in.QueueName
}

func (in *GetQueueUrlInput) owner(c *emu.Call) string {
	if in.QueueOwnerAWSAccountId != "" {
		return in.QueueOwnerAWSAccountId
	}
	return c.Account
}

// GetQueueUrlOutput says where the queue is.
type GetQueueUrlOutput struct{ QueueUrl string }

func (s *service) getQueueURL(c *emu.Call, in *GetQueueUrlInput) (*GetQueueUrlOutput, error) {
	k := queueKey{c.Region, in.QueueName}
	if _, ok := s.queues.Get(k); !ok || in.owner(c) != c.Account {
		return nil, noSuchQueue()
	}
	return &GetQueueUrlOutput{k.url(c)}, nil
}
