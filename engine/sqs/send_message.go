package sqs

import (
	"crypto/sha256"
	"encoding/hex"

	"haneul/engine/emu"
)

// SendMessageInput names the queue and says what to send.
type SendMessageInput struct {
	QueueUrl                string `is:"required"`
	MessageBody             string `is:"required"`
	DelaySeconds            *int64
	MessageAttributes       map[string]MessageAttributeValue `query:"MessageAttribute,flat,key=Name,value=Value"`
	MessageSystemAttributes map[string]MessageAttributeValue `query:"MessageSystemAttribute,flat,key=Name,value=Value"`
	MessageDeduplicationId  *string
	MessageGroupId          *string
}

// Resource implements [emu.Input].
func (in *SendMessageInput) Resource(c *emu.Call) string { return arnOfURL(c, in.QueueUrl) }

// SendMessageOutput identifies the message and lets the sender check that it arrived unharmed.
type SendMessageOutput struct {
	MD5OfMessageBody             string
	MD5OfMessageAttributes       string
	MD5OfMessageSystemAttributes string
	MessageId                    string
	SequenceNumber               string
}

func (s *service) sendMessage(c *emu.Call, in *SendMessageInput) (*SendMessageOutput, error) {
	_, q, err := s.find(c, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	d, err := in.draft(c, &q)
	if err != nil {
		return nil, err
	}
	bill(c, d.size)
	sent := s.send(c, &q, d, firstNumber(c))
	return &sent, nil
}

// draft is a message that may be sent.
type draft struct {
	message
	size int64
}

// draft checks a message against the queue it is for.
func (in *SendMessageInput) draft(c *emu.Call, q *queue) (d draft, err error) {
	delay, err := in.delay(q)
	if err != nil {
		return d, err
	}
	if err := checkText(in.MessageBody); err != nil {
		return d, err
	}
	extra, err := in.extra(q)
	if err != nil {
		return d, err
	}
	d.size = in.size()
	if d.size > q.MaxSize {
		return d, tooLong(q.MaxSize)
	}
	d.message = message{
		Body: in.MessageBody, MD5: md5Hex([]byte(in.MessageBody)), Sender: c.Principal.ID, Sent: c.Now,
	}
	d.hide(c.Now, c.Now+delay)
	if extra.FIFO || extra.Group != "" || extra.Trace != "" || extra.Attributes != nil {
		d.More = &extra
	}
	return d, nil
}

// delay is how long the message is delayed. On a FIFO queue only the queue says; AWS lets an explicit 0 pass.
func (in *SendMessageInput) delay(q *queue) (emu.Time, error) {
	seconds := q.Delay
	if own := in.DelaySeconds; own != nil {
		switch {
		case q.FIFO && *own != 0:
			return 0, invalidValue(*own, "DelaySeconds", "The request include parameter that is not valid for this queue type.")
		case *own < 0 || *own > maxDelay:
			return 0, invalidValue(*own, "DelaySeconds", "DelaySeconds must be >= 0 and <= 900.")
		case !q.FIFO:
			seconds = *own
		}
	}
	return emu.Time(seconds) * emu.Second, nil
}

// extra checks what a message may have besides its body.
func (in *SendMessageInput) extra(q *queue) (x more, err error) {
	if x, err = in.order(q); err != nil {
		return x, err
	}
	if x.Attributes, err = readAttributes(in.MessageAttributes); err != nil {
		return x, err
	}
	x.Trace, err = readTrace(in.MessageSystemAttributes)
	return x, err
}

// order checks the message group and deduplication ids.
func (in *SendMessageInput) order(q *queue) (x more, err error) {
	const rule = " can only include alphanumeric and punctuation characters. 1 to 128 in length."
	group, id := in.MessageGroupId, in.MessageDeduplicationId
	switch {
	case group == nil && q.FIFO:
		return x, missing("MessageGroupId")
	case group != nil && !isGraphic(*group):
		return x, invalidValue(*group, "MessageGroupId", "MessageGroupId"+rule)
	case id != nil && !q.FIFO:
		return x, invalidValue(*id, "MessageDeduplicationId", "The request include parameter that is not valid for this queue type.")
	case id != nil && !isGraphic(*id):
		return x, invalidValue(*id, "MessageDeduplicationId", "MessageDeduplicationId"+rule)
	case id == nil && q.FIFO && !q.ContentDedup:
		return x, invalid("The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly")
	}
	x.FIFO = q.FIFO
	if group != nil {
		x.Group = *group
	}
	if id != nil {
		x.Dedup = *id
	} else if q.FIFO {
		sum := sha256.Sum256([]byte(in.MessageBody))
		x.Dedup = hex.EncodeToString(sum[:])
	}
	return x, nil
}

// size is the size AWS limits and bills: the body and all of the attributes.
func (in *SendMessageInput) size() int64 {
	n := len(in.MessageBody)
	for _, name := range sortedNames(in.MessageAttributes) {
		v := in.MessageAttributes[name]
		n += len(name) + len(v.DataType) + len(v.BinaryValue)
		if v.StringValue != nil {
			n += len(*v.StringValue)
		}
	}
	return int64(n)
}

// send puts a message into the queue, unless it is a duplicate of one sent to a FIFO queue within five minutes.
func (s *service) send(c *emu.Call, q *queue, d draft, n int64) (out SendMessageOutput) {
	out.MD5OfMessageBody = d.MD5
	if x := d.More; x != nil {
		out.MD5OfMessageAttributes, out.MD5OfMessageSystemAttributes = digest(x.Attributes), traceDigest(x.Trace)
	}
	if !q.FIFO {
		d.ID = c.NewID()
		out.MessageId = d.ID
		s.deliver(c, q, n, d.message)
		return out
	}
	k := dedupKey{q.Box, "", d.More.Dedup}
	if q.DedupByGroup {
		k.Group = d.More.Group
	}
	was, ok := s.dedups.Get(k)
	if ok && c.Now < was.Sent+dedupWindow {
		c.Note("MessageId", was.ID)
		c.Note("Duplicate", d.More.Dedup)
	} else {
		d.ID = c.NewID()
		was = dedup{N: n, ID: d.ID, Sent: c.Now}
		s.dedups.Put(k, was)
		s.expect(q.Box, expiry(c.Now, dedupWindow))
		s.deliver(c, q, n, d.message)
	}
	out.MessageId, out.SequenceNumber = was.ID, sequence(was.N)
	return out
}

// deliver stores a new message and wakes who waits for it.
func (s *service) deliver(c *emu.Call, q *queue, n int64, m message) {
	s.store(q, n, m)
	c.Note("MessageId", m.ID)
	if m.Hidden {
		c.Note("DelayedUntil", milliseconds(m.Visible))
		return
	}
	c.Wake(q.topic())
}
