package sqs

import "haneul/engine/emu"

// ListDeadLetterSourceQueuesInput names a dead-letter queue.
type ListDeadLetterSourceQueuesInput struct {
	QueueUrl   string `is:"required"`
	NextToken  string
	MaxResults *int64
}

// Resource implements [emu.Input].
func (in *ListDeadLetterSourceQueuesInput) Resource(c *emu.Call) string {
	return arnOfURL(c, in.QueueUrl)
}

// ListDeadLetterSourceQueuesOutput holds a page of the queues that use it, in order of name.
type ListDeadLetterSourceQueuesOutput struct {
	QueueUrls []string `json:"queueUrls" query:"QueueUrl,flat"`
	NextToken string
}

func (s *service) listDeadLetterSourceQueues(c *emu.Call, in *ListDeadLetterSourceQueuesInput) (*ListDeadLetterSourceQueuesOutput, error) {
	k, _, err := s.find(c, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	p, err := openPage("sources/"+k.Name, in.NextToken, in.MaxResults)
	if err != nil {
		return nil, err
	}
	out := &ListDeadLetterSourceQueuesOutput{QueueUrls: []string{}}
	arn, last := k.arn(c), ""
	s.sources.From(sourceKey{arn, queueKey{c.Region, p.after}}, func(x sourceKey) bool {
		if x.DeadLetter != arn || x.Source.Region != c.Region {
			return false
		}
		if p.after != "" && x.Source.Name == p.after {
			return true
		}
		if len(out.QueueUrls) == p.limit {
			if in.MaxResults != nil {
				out.NextToken = p.token(last)
			}
			return false
		}
		out.QueueUrls, last = append(out.QueueUrls, x.Source.url(c)), x.Source.Name
		return true
	})
	return out, nil
}
