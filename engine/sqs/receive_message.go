package sqs

import (
	"slices"
	"strconv"

	"haneul/engine/emu"
)

// ReceiveMessageInput names the queue, how many messages to return at most (1 to 10, else 1), how long they are to be
// invisible and how long to wait for one, both in seconds, and which attributes to show. AttributeNames is the older
// name of MessageSystemAttributeNames.
type ReceiveMessageInput struct {
	QueueUrl                    string   `is:"required"`
	AttributeNames              []string `query:"AttributeName,flat"`
	MessageSystemAttributeNames []string `query:"MessageSystemAttributeName,flat"`
	MessageAttributeNames       []string `query:"MessageAttributeName,flat"`
	MaxNumberOfMessages         *int64
	VisibilityTimeout           *int64
	WaitTimeSeconds             *int64
	ReceiveRequestAttemptId     string
}

// Resource implements [emu.Input].
func (in *ReceiveMessageInput) Resource(c *emu.Call) string { return arnOfURL(c, in.QueueUrl) }

// ReceiveMessageOutput holds the messages, if any.
type ReceiveMessageOutput struct {
	Messages []Message `query:"Message,flat"`
}

// Message is a message as its receiver sees it.
type Message struct {
	MessageId              string
	ReceiptHandle          string
	MD5OfBody              string
	Body                   string
	Attributes             map[string]string `query:"Attribute,flat,key=Name,value=Value"`
	MD5OfMessageAttributes string
	MessageAttributes      map[string]MessageAttributeValue `query:"MessageAttribute,flat,key=Name,value=Value"`
}

var systemAttributeNames = []string{
	"All", "SenderId", "SentTimestamp", "ApproximateReceiveCount", "ApproximateFirstReceiveTimestamp", "SequenceNumber",
	"MessageDeduplicationId", "MessageGroupId", "AWSTraceHeader", "DeadLetterQueueSourceArn",
}

func (s *service) receiveMessage(c *emu.Call, in *ReceiveMessageInput) (*ReceiveMessageOutput, error) {
	k, q, err := s.find(c, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	r, err := in.receiver(s, c, k, &q)
	if err != nil {
		return nil, err
	}
	if err := r.receive(in.ReceiveRequestAttemptId); err != nil {
		return nil, err
	}
	// Dead letters that were moved are an outcome, too: waiting would undo it.
	if until := c.Started + emu.Time(r.wait)*emu.Second; len(r.taken) == 0 && r.buried == 0 {
		if err := c.Wait(q.topic(), until, 0); err != nil {
			return nil, err
		}
	}
	out := &ReceiveMessageOutput{}
	size := int64(0)
	for _, x := range r.taken {
		out.Messages = append(out.Messages, in.show(x))
		size += x.size()
	}
	bill(c, size)
	return out, nil
}

// receiver checks what is asked for.
func (in *ReceiveMessageInput) receiver(s *service, c *emu.Call, k queueKey, q *queue) (*receiver, error) {
	r := &receiver{s: s, c: c, key: k, q: q, most: 1, timeout: q.Visibility, wait: q.Wait}
	for _, p := range []struct {
		given     *int64
		to        *int64
		low, high int64
		name      string
		reason    string
	}{
		{in.MaxNumberOfMessages, &r.most, 1, maxBatch, "MaxNumberOfMessages", "Must be between 1 and 10, if provided."},
		{in.VisibilityTimeout, &r.timeout, 0, maxVisibility, "VisibilityTimeout", "Must be >= 0 and <= 43200, if provided."},
		{in.WaitTimeSeconds, &r.wait, 0, maxWait, "WaitTimeSeconds", "Must be >= 0 and <= 20, if provided."},
	} {
		if p.given == nil {
			continue
		}
		if *p.to = *p.given; *p.to < p.low || *p.to > p.high {
			return nil, invalidValue(*p.given, p.name, p.reason)
		}
	}
	for _, names := range [][]string{in.AttributeNames, in.MessageSystemAttributeNames} {
		for _, name := range names {
			if !slices.Contains(systemAttributeNames, name) {
				return nil, unknownAttribute(name)
			}
		}
	}
	if id := in.ReceiveRequestAttemptId; id != "" {
		switch {
		case !q.FIFO:
			return nil, invalidValue(id, "ReceiveRequestAttemptId", "The request include parameter that is not valid for this queue type.")
		case !isGraphic(id):
			return nil, invalidValue(id, "ReceiveRequestAttemptId", "ReceiveRequestAttemptId can only include alphanumeric and punctuation characters. 1 to 128 in length.")
		}
	}
	return r, nil
}

// show writes a message with the attributes asked for.
func (in *ReceiveMessageInput) show(x delivery) Message {
	m := Message{
		MessageId: x.m.ID, ReceiptHandle: receipt{x.k.Box, x.k.N, x.m.Received}.handle(), MD5OfBody: x.m.MD5, Body: x.m.Body,
	}
	if len(in.AttributeNames)+len(in.MessageSystemAttributeNames) > 0 {
		m.Attributes = x.attributes(func(name string) bool {
			return asked(in.AttributeNames, name) || asked(in.MessageSystemAttributeNames, name)
		})
	}
	if x.m.More == nil || len(x.m.More.Attributes) == 0 || len(in.MessageAttributeNames) == 0 {
		return m
	}
	some := chosen(x.m.More.Attributes, in.MessageAttributeNames)
	m.MD5OfMessageAttributes = digest(some)
	m.MessageAttributes = make(map[string]MessageAttributeValue, len(some))
	for _, a := range some {
		m.MessageAttributes[a.Name] = a.wire()
	}
	return m
}

func asked(names []string, name string) bool {
	return slices.Contains(names, name) || slices.Contains(names, "All")
}

// delivery is a message on its way to its receiver.
type delivery struct {
	k messageKey
	m message
}

func (x delivery) size() int64 {
	n := len(x.m.Body)
	if x.m.More != nil {
		for _, a := range x.m.More.Attributes {
			n += a.size()
		}
	}
	return int64(n)
}

// attributes lists the system attributes that are asked for and that the message has.
func (x delivery) attributes(asked func(string) bool) map[string]string {
	list := [...][2]string{
		{"SenderId", x.m.Sender},
		{"SentTimestamp", milliseconds(x.m.Sent)},
		{"ApproximateReceiveCount", strconv.FormatInt(x.m.Received, 10)},
		{"ApproximateFirstReceiveTimestamp", milliseconds(x.m.First)},
		{"MessageGroupId"}, {"MessageDeduplicationId"}, {"AWSTraceHeader"}, {"DeadLetterQueueSourceArn"}, {"SequenceNumber"},
	}
	if more := x.m.More; more != nil {
		list[4][1], list[5][1], list[6][1], list[7][1] = more.Group, more.Dedup, more.Trace, more.Source
		if more.FIFO {
			list[8][1] = sequence(x.k.N)
		}
	}
	some := map[string]string{}
	for _, a := range list {
		if a[1] != "" && asked(a[0]) {
			some[a[0]] = a[1]
		}
	}
	if len(some) == 0 {
		return nil
	}
	return some
}
