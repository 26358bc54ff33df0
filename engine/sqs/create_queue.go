package sqs

import (
	"maps"

	"haneul/engine/emu"
)

// CreateQueueInput names the queue and its attributes.
type CreateQueueInput struct {
	QueueName  string            `is:"required"`
	Attributes map[string]string `query:"Attribute,flat,key=Name,value=Value"`
	Tags       map[string]string `json:"tags" query:"Tag,flat,key=Key,value=Value"`
}

// Resource implements [emu.Input].
func (in *CreateQueueInput) Resource(c *emu.Call) string {
	return queueKey{c.Region, in.QueueName}.arn(c)
}

// CreateQueueOutput says where the queue is.
type CreateQueueOutput struct{ QueueUrl string }

// createQueue makes a queue. If there is one of that name whose attributes agree with those given, it is the answer.
func (s *service) createQueue(c *emu.Call, in *CreateQueueInput) (*CreateQueueOutput, error) {
	k := queueKey{c.Region, in.QueueName}
	fifo := in.Attributes["FifoQueue"] == "true"
	switch {
	case fifo && !validName(k.Name, ".fifo"):
		return nil, invalid("The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.")
	case !fifo && !validName(k.Name, ""):
		return nil, invalid("Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length")
	}
	q := newQueue(c, fifo)
	a := assignment{s: s, c: c, key: k, q: &q, born: true}
	if err := a.assign(in.Attributes); err != nil {
		return nil, err
	}
	if err := checkTags(in.Tags); err != nil {
		return nil, err
	}
	if len(in.Tags) > 0 {
		q.Tags = in.Tags
		if err := c.Allow("sqs:TagQueue", k.arn(c)); err != nil {
			return nil, err
		}
	}
	if old, ok := s.queues.Get(k); ok {
		if err := old.agrees(&q, in); err != nil {
			return nil, err
		}
		return &CreateQueueOutput{k.url(c)}, nil
	}
	if _, deleted := s.graves.Get(k); deleted {
		return nil, legacy("QueueDeletedRecently", "You must wait 60 seconds after deleting a queue before you can create another with the same name.")
	}
	s.boxes.Put(boxKey(q.Box), box{Queue: k})
	s.queues.Put(k, q)
	return &CreateQueueOutput{k.url(c)}, nil
}

// agrees compares an existing queue with one that would be created, in the attributes that were given.
func (q *queue) agrees(wanted *queue, in *CreateQueueInput) error {
	is, want := q.describe(), wanted.describe()
	for _, name := range attributeNames {
		if _, given := in.Attributes[name]; given && is[name] != want[name] {
			return shape("QueueNameExists", "QueueAlreadyExists", "A queue already exists with the same name and a different value for attribute %s", name)
		}
	}
	if in.Tags != nil && !maps.Equal(q.Tags, in.Tags) {
		return shape("QueueNameExists", "QueueAlreadyExists", "A queue already exists with the same name and a different value for tags")
	}
	return nil
}
