package sqs

import (
	"slices"

	"haneul/engine/emu"
)

// RemovePermissionInput names the queue and the label of the statement to remove.
type RemovePermissionInput struct {
	QueueUrl string `is:"required"`
	Label    string `is:"required"`
}

// Resource implements [emu.Input].
func (in *RemovePermissionInput) Resource(c *emu.Call) string { return arnOfURL(c, in.QueueUrl) }

func (s *service) removePermission(c *emu.Call, in *RemovePermissionInput) (*emu.NoOutput, error) {
	k, q, err := s.find(c, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	d, _ := parseDocument(q.Policy)
	i := d.find(in.Label)
	if i < 0 {
		return nil, invalidValue(in.Label, "Label", "can't find label.")
	}
	d.Statement = slices.Delete(d.Statement, i, i+1)
	q.Policy, q.Modified = d.String(), c.Now
	s.queues.Put(k, q)
	return &emu.NoOutput{}, nil
}
