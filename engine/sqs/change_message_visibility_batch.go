package sqs

import "haneul/engine/emu"

// ChangeMessageVisibilityBatchInput names the queue and up to ten receipts with their timeouts.
type ChangeMessageVisibilityBatchInput struct {
	QueueUrl string                                     `is:"required"`
	Entries  []ChangeMessageVisibilityBatchRequestEntry `query:"ChangeMessageVisibilityBatchRequestEntry,flat" is:"required"`
}

// Resource implements [emu.Input].
func (in *ChangeMessageVisibilityBatchInput) Resource(c *emu.Call) string {
	return arnOfURL(c, in.QueueUrl)
}

// ChangeMessageVisibilityBatchRequestEntry is one message and its timeout in seconds.
type ChangeMessageVisibilityBatchRequestEntry struct {
	Id                string
	ReceiptHandle     string
	VisibilityTimeout *int64
}

// ChangeMessageVisibilityBatchOutput tells for which messages it worked and for which it did not.
type ChangeMessageVisibilityBatchOutput struct {
	Successful []ChangeMessageVisibilityBatchResultEntry `query:"ChangeMessageVisibilityBatchResultEntry,flat"`
	Failed     []BatchResultErrorEntry                   `query:"BatchResultErrorEntry,flat"`
}

// ChangeMessageVisibilityBatchResultEntry is a message whose timeout was changed.
type ChangeMessageVisibilityBatchResultEntry struct{ Id string }

const changeEntry = "ChangeMessageVisibilityBatchRequestEntry"

func (s *service) changeMessageVisibilityBatch(c *emu.Call, in *ChangeMessageVisibilityBatchInput) (*ChangeMessageVisibilityBatchOutput, error) {
	k, q, err := s.find(c, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(in.Entries))
	for i, e := range in.Entries {
		ids[i] = e.Id
	}
	if err := checkBatch(changeEntry, ids); err != nil {
		return nil, err
	}
	out := &ChangeMessageVisibilityBatchOutput{
		Successful: []ChangeMessageVisibilityBatchResultEntry{}, Failed: []BatchResultErrorEntry{},
	}
	for i, e := range in.Entries {
		if err := s.changeEntry(c, k, &q, e, i); err != nil {
			out.Failed = append(out.Failed, failed(e.Id, err))
		} else {
			out.Successful = append(out.Successful, ChangeMessageVisibilityBatchResultEntry{e.Id})
		}
	}
	return out, nil
}

func (s *service) changeEntry(c *emu.Call, k queueKey, q *queue, e ChangeMessageVisibilityBatchRequestEntry, i int) error {
	switch {
	case e.ReceiptHandle == "":
		return missing("ReceiptHandle")
	case e.VisibilityTimeout == nil:
		return missingIn(changeEntry, i, "VisibilityTimeout")
	case *e.VisibilityTimeout < 0 || *e.VisibilityTimeout > maxVisibility:
		return invalidValue(*e.VisibilityTimeout, "VisibilityTimeout", "VisibilityTimeout must be an integer between 0 and 43200.")
	}
	return s.changeByHandle(c, k, q, e.ReceiptHandle, *e.VisibilityTimeout)
}
