package sqs

import "haneul/engine/emu"

// SendMessageBatchInput names the queue and up to ten messages.
type SendMessageBatchInput struct {
	QueueUrl string                         `is:"required"`
	Entries  []SendMessageBatchRequestEntry `query:"SendMessageBatchRequestEntry,flat" is:"required"`
}

// Resource implements [emu.Input].
func (in *SendMessageBatchInput) Resource(c *emu.Call) string { return arnOfURL(c, in.QueueUrl) }

// SendMessageBatchRequestEntry is one message of a batch.
type SendMessageBatchRequestEntry struct {
	Id                      string
	MessageBody             string
	DelaySeconds            *int64
	MessageAttributes       map[string]MessageAttributeValue `query:"MessageAttribute,flat,key=Name,value=Value"`
	MessageSystemAttributes map[string]MessageAttributeValue `query:"MessageSystemAttribute,flat,key=Name,value=Value"`
	MessageDeduplicationId  *string
	MessageGroupId          *string
}

// SendMessageBatchOutput tells which messages were sent and which were not.
type SendMessageBatchOutput struct {
	Successful []SendMessageBatchResultEntry `query:"SendMessageBatchResultEntry,flat"`
	Failed     []BatchResultErrorEntry       `query:"BatchResultErrorEntry,flat"`
}

// SendMessageBatchResultEntry is a message that was sent.
type SendMessageBatchResultEntry struct {
	Id                           string
	MessageId                    string
	MD5OfMessageBody             string
	MD5OfMessageAttributes       string
	MD5OfMessageSystemAttributes string
	SequenceNumber               string
}

const sendEntry = "SendMessageBatchRequestEntry"

func (s *service) sendMessageBatch(c *emu.Call, in *SendMessageBatchInput) (*SendMessageBatchOutput, error) {
	_, q, err := s.find(c, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	size, err := in.check()
	if err != nil {
		return nil, err
	}
	bill(c, size)
	out := &SendMessageBatchOutput{Successful: []SendMessageBatchResultEntry{}, Failed: []BatchResultErrorEntry{}}
	drafts := make([]draft, len(in.Entries))
	for i := range in.Entries {
		var err error
		if drafts[i], err = in.Entries[i].draft(c, &q, i); err == nil {
			continue
		}
		if q.FIFO { // AWS refuses the whole batch, to keep the order
			return nil, wholeBatch(err)
		}
		out.Failed = append(out.Failed, failed(in.Entries[i].Id, err))
	}
	for i, d := range drafts {
		if d.MD5 == "" {
			continue
		}
		sent := s.send(c, &q, d, firstNumber(c)+int64(i))
		out.Successful = append(out.Successful, SendMessageBatchResultEntry{
			Id: in.Entries[i].Id, MessageId: sent.MessageId, MD5OfMessageBody: sent.MD5OfMessageBody,
			MD5OfMessageAttributes: sent.MD5OfMessageAttributes, MD5OfMessageSystemAttributes: sent.MD5OfMessageSystemAttributes,
			SequenceNumber: sent.SequenceNumber,
		})
	}
	return out, nil
}

// check checks the batch as a whole and returns its size.
func (in *SendMessageBatchInput) check() (size int64, err error) {
	ids := make([]string, len(in.Entries))
	for i := range in.Entries {
		e := in.Entries[i].message()
		ids[i], size = in.Entries[i].Id, size+e.size()
	}
	if err := checkBatch(sendEntry, ids); err != nil {
		return 0, err
	}
	if size > maxBatchSize {
		return 0, legacy("BatchRequestTooLong", "Batch requests cannot be longer than %d bytes. You have sent %d bytes.", maxBatchSize, size)
	}
	return size, nil
}

func (e *SendMessageBatchRequestEntry) message() SendMessageInput {
	return SendMessageInput{
		MessageBody: e.MessageBody, DelaySeconds: e.DelaySeconds,
		MessageAttributes: e.MessageAttributes, MessageSystemAttributes: e.MessageSystemAttributes,
		MessageDeduplicationId: e.MessageDeduplicationId, MessageGroupId: e.MessageGroupId,
	}
}

func (e *SendMessageBatchRequestEntry) draft(c *emu.Call, q *queue, i int) (draft, error) {
	if e.MessageBody == "" {
		return draft{}, missingIn(sendEntry, i, "MessageBody")
	}
	m := e.message()
	return m.draft(c, q)
}

// wholeBatch is the error of a batch that fails because of one entry: what is missing counts as invalid then.
func wholeBatch(err error) error {
	if e, ok := err.(*emu.Error); ok && e.Query() == "MissingParameter" {
		return invalid("%s", e.Message)
	}
	return err
}
