package sqs

import "haneul/engine/emu"

// service is SQS in one cloud: its tables and what is derived from them.
type service struct {
	queues   *emu.Table[queueKey, queue]
	boxes    *emu.Table[boxKey, box]
	messages *emu.Table[messageKey, message]
	groups   *emu.Table[groupKey, group]
	dedups   *emu.Table[dedupKey, dedup]
	attempts *emu.Table[attemptKey, attempt]
	moves    *emu.Table[moveKey, move]
	graves   *emu.Table[queueKey, grave]

	line    *emu.Index[messageKey] // available messages, the oldest first
	hidden  *emu.Index[hiddenKey]  // messages in flight or delayed
	members *emu.Index[memberKey]  // FIFO messages by group
	heads   *emu.Index[headKey]    // groups that can be received from, the longest available first
	sends   *emu.Index[expiryKey]  // deduplication entries by age
	replays *emu.Index[expiryKey]  // receive attempts by age
	sources *emu.Index[sourceKey]  // queues by their dead-letter queue
	active  *emu.Index[activeMove] // move tasks that are not over
}

// New adds SQS to a cloud.
func New(c *emu.Cloud) { add(c) }

func add(c *emu.Cloud) *service {
	s := &service{
		queues:   emu.NewTable[queueKey, queue](c, "sqs.queues"),
		boxes:    emu.NewTable[boxKey, box](c, "sqs.boxes"),
		messages: emu.NewTable[messageKey, message](c, "sqs.messages"),
		groups:   emu.NewTable[groupKey, group](c, "sqs.groups"),
		dedups:   emu.NewTable[dedupKey, dedup](c, "sqs.dedups"),
		attempts: emu.NewTable[attemptKey, attempt](c, "sqs.attempts"),
		moves:    emu.NewTable[moveKey, move](c, "sqs.moves"),
		graves:   emu.NewTable[queueKey, grave](c, "sqs.graves"),
	}
	s.derive()
	c.Register(&emu.Service{
		Name:  "sqs",
		Title: "Amazon SQS",
		Wire: []emu.Protocol{
			{Kind: emu.JSON10, Target: "AmazonSQS", Namespace: "com.amazonaws.sqs"},
			{Kind: emu.Query, Version: "2012-11-05", Namespace: "http://queue.amazonaws.com/doc/2012-11-05/"},
		},
		Invalid:   invalidInput,
		Policy:    s.policy,
		Resources: s.resources(c.Account()),
		Ops: []*emu.Operation{
			emu.Op("AddPermission", billed(s.addPermission)),
			emu.Op("CancelMessageMoveTask", billed(s.cancelMessageMoveTask)),
			emu.Op("ChangeMessageVisibility", billed(s.changeMessageVisibility)),
			emu.Op("ChangeMessageVisibilityBatch", billed(s.changeMessageVisibilityBatch)).As("sqs:ChangeMessageVisibility"),
			emu.Op("CreateQueue", billed(s.createQueue)),
			emu.Op("DeleteMessage", billed(s.deleteMessage)),
			emu.Op("DeleteMessageBatch", billed(s.deleteMessageBatch)).As("sqs:DeleteMessage"),
			emu.Op("DeleteQueue", billed(s.deleteQueue)),
			emu.Op("GetQueueAttributes", billed(s.getQueueAttributes)).Reads(),
			emu.Op("GetQueueUrl", billed(s.getQueueURL)).Reads(),
			emu.Op("ListDeadLetterSourceQueues", billed(s.listDeadLetterSourceQueues)).Reads(),
			emu.Op("ListMessageMoveTasks", billed(s.listMessageMoveTasks)).Reads(),
			emu.Op("ListQueueTags", billed(s.listQueueTags)).Reads(),
			emu.Op("ListQueues", billed(s.listQueues)).Reads(),
			emu.Op("PurgeQueue", billed(s.purgeQueue)),
			emu.Op("ReceiveMessage", s.receiveMessage),
			emu.Op("RemovePermission", billed(s.removePermission)),
			emu.Op("SendMessage", s.sendMessage),
			emu.Op("SendMessageBatch", s.sendMessageBatch).As("sqs:SendMessage"),
			emu.Op("SetQueueAttributes", billed(s.setQueueAttributes)),
			emu.Op("StartMessageMoveTask", billed(s.startMessageMoveTask)),
			emu.Op("TagQueue", billed(s.tagQueue)),
			emu.Op("UntagQueue", billed(s.untagQueue)),
		},
	})
	return s
}

// billed counts one request for an operation whose payload is not billed by size.
func billed[I, O any](h func(*emu.Call, I) (*O, error)) func(*emu.Call, I) (*O, error) {
	return func(c *emu.Call, in I) (*O, error) {
		c.Count("Requests", 1)
		return h(c, in)
	}
}

// bill counts a request that carries a payload: one for each 64 KB begun.
func bill(c *emu.Call, payload int64) {
	c.Count("Requests", max(1, (payload+billedChunk-1)/billedChunk))
}

// policy is the policy document of the queue with an ARN.
func (s *service) policy(c *emu.Call, arn string) string {
	_, q, _ := s.byARN(c, arn)
	return q.Policy
}
