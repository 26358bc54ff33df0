package sqs

import "haneul/engine/emu"

// SetQueueAttributesInput names the queue and the attributes to change. An empty Policy, RedrivePolicy,
// RedriveAllowPolicy or KmsMasterKeyId removes it.
type SetQueueAttributesInput struct {
	QueueUrl   string            `is:"required"`
	Attributes map[string]string `query:"Attribute,flat,key=Name,value=Value" is:"required"`
}

// Resource implements [emu.Input].
func (in *SetQueueAttributesInput) Resource(c *emu.Call) string { return arnOfURL(c, in.QueueUrl) }

func (s *service) setQueueAttributes(c *emu.Call, in *SetQueueAttributesInput) (*emu.NoOutput, error) {
	k, q, err := s.find(c, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	kept := q.Retention
	a := assignment{s: s, c: c, key: k, q: &q}
	if err := a.assign(in.Attributes); err != nil {
		return nil, err
	}
	q.Modified = c.Now
	s.queues.Put(k, q)
	if q.Retention != kept {
		s.expect(q.Box, c.Now) // what is already too old goes before anybody looks
	}
	return &emu.NoOutput{}, nil
}
