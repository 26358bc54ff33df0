package sqs

import "haneul/engine/emu"

// DeleteMessageBatchInput names the queue and up to ten receipts.
type DeleteMessageBatchInput struct {
	QueueUrl string                           `is:"required"`
	Entries  []DeleteMessageBatchRequestEntry `query:"DeleteMessageBatchRequestEntry,flat" is:"required"`
}

// Resource implements [emu.Input].
func (in *DeleteMessageBatchInput) Resource(c *emu.Call) string { return arnOfURL(c, in.QueueUrl) }

// DeleteMessageBatchRequestEntry is one message to delete.
type DeleteMessageBatchRequestEntry struct{ Id, ReceiptHandle string }

// DeleteMessageBatchOutput tells which messages were deleted and which were not.
type DeleteMessageBatchOutput struct {
	Successful []DeleteMessageBatchResultEntry `query:"DeleteMessageBatchResultEntry,flat"`
	Failed     []BatchResultErrorEntry         `query:"BatchResultErrorEntry,flat"`
}

// DeleteMessageBatchResultEntry is a message that was deleted.
type DeleteMessageBatchResultEntry struct{ Id string }

func (s *service) deleteMessageBatch(c *emu.Call, in *DeleteMessageBatchInput) (*DeleteMessageBatchOutput, error) {
	k, q, err := s.find(c, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(in.Entries))
	for i, e := range in.Entries {
		ids[i] = e.Id
	}
	if err := checkBatch("DeleteMessageBatchRequestEntry", ids); err != nil {
		return nil, err
	}
	out := &DeleteMessageBatchOutput{Successful: []DeleteMessageBatchResultEntry{}, Failed: []BatchResultErrorEntry{}}
	for _, e := range in.Entries {
		var err error
		if e.ReceiptHandle == "" {
			err = missing("ReceiptHandle")
		} else {
			err = s.deleteByHandle(c, k, &q, e.ReceiptHandle)
		}
		if err != nil {
			out.Failed = append(out.Failed, failed(e.Id, err))
		} else {
			out.Successful = append(out.Successful, DeleteMessageBatchResultEntry{e.Id})
		}
	}
	return out, nil
}
