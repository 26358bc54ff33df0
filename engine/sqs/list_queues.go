package sqs

import (
	"strings"

	"haneul/engine/emu"
)

// ListQueuesInput says which queues to list, and how many at a time.
type ListQueuesInput struct {
	QueueNamePrefix string
	NextToken       string
	MaxResults      *int64
}

// Resource implements [emu.Input].
func (*ListQueuesInput) Resource(c *emu.Call) string { return "*" }

// ListQueuesOutput holds a page of queues in order of name.
type ListQueuesOutput struct {
	QueueUrls []string `query:"QueueUrl,flat"`
	NextToken string
}

func (s *service) listQueues(c *emu.Call, in *ListQueuesInput) (*ListQueuesOutput, error) {
	p, err := openPage("queues/"+in.QueueNamePrefix, in.NextToken, in.MaxResults)
	if err != nil {
		return nil, err
	}
	out := &ListQueuesOutput{}
	last := ""
	s.queues.From(queueKey{c.Region, max(p.after, in.QueueNamePrefix)}, func(k queueKey, _ queue) bool {
		if k.Region != c.Region || !strings.HasPrefix(k.Name, in.QueueNamePrefix) {
			return false
		}
		if p.after != "" && k.Name <= p.after {
			return true
		}
		if len(out.QueueUrls) == p.limit {
			if in.MaxResults != nil {
				out.NextToken = p.token(last)
			}
			return false
		}
		out.QueueUrls, last = append(out.QueueUrls, k.url(c)), k.Name
		return true
	})
	return out, nil
}
