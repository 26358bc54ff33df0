package sqs

import (
	"cmp"
	"strings"

	"haneul/engine/emu"
)

// queueKey names a queue. The account is the cloud's.
type queueKey struct{ Region, Name string }

// Compare orders queues by region, then by name, as ListQueues shows them.
func (a queueKey) Compare(b queueKey) int {
	return cmp.Or(strings.Compare(a.Region, b.Region), strings.Compare(a.Name, b.Name))
}

// queue is a queue's configuration. Its messages live in a box: to purge or delete a queue is to give up its box, which
// is emptied in the background, so that neither takes longer the more messages there are.
type queue struct {
	Box               int64 // never used twice
	FIFO              bool
	Created, Modified emu.Time
	Purged            emu.Time // the last time; 0 for never

	// In seconds and bytes.
	Visibility, Retention, Delay, MaxSize, Wait int64

	Policy      string // a policy document, "" for none
	DeadLetter  string // ARN of the dead-letter queue, "" for none; it existed when it was set
	MaxReceives int64  // of the redrive policy
	RedriveFrom string // the redrive allow policy, as it was given; "" for none
	KeyID       string // KmsMasterKeyId
	KeyReuse    int64  // KmsDataKeyReusePeriodSeconds
	ManagedSSE  bool   // false if KeyID is set

	ContentDedup, DedupByGroup, LimitByGroup bool // FIFO only

	Tags map[string]string // nil if there are none
}

// messageKey names a message. Numbers follow the order of sending over the whole cloud: a smaller number was sent
// no later. A message that moves to a standard dead-letter queue keeps its number with its time.
type messageKey struct{ Box, N int64 }

// Compare orders a box's messages by the time they were sent.
func (a messageKey) Compare(b messageKey) int {
	return cmp.Or(cmp.Compare(a.Box, b.Box), cmp.Compare(a.N, b.N))
}

// message is a message in a queue. There are many: what most messages lack is behind a pointer.
type message struct {
	ID       string
	Body     string
	MD5      string // of the body
	Sender   string // the sender's unique id
	Sent     emu.Time
	Hidden   bool     // in flight, if it was received before, else delayed; the box's deadline ends it
	Visible  emu.Time // when that ends, or when it became available
	First    emu.Time // first receive; 0 for never
	Taken    emu.Time // last receive
	Received int64    // how often; the number of its last receipt
	More     *more    // never changed in place
}

func (m *message) inFIFO() bool { return m.More != nil && m.More.FIFO }

// receives is how often the message was received in the queue where it is.
func (m *message) receives() int64 {
	if m.More == nil {
		return m.Received
	}
	return m.Received - m.More.Earlier
}

// more is what a message may have.
type more struct {
	FIFO       bool // the message is in a FIFO queue
	Group      string
	Lane       int64  // number of its FIFO group's row; see group
	Dedup      string // MessageDeduplicationId, given or of the content
	Trace      string // AWSTraceHeader
	Source     string // ARN of the queue it was moved from as a dead letter
	Earlier    int64  // how often it had been received when it came here
	Attributes []attribute
}

// attribute is a message attribute: Binary if its type begins with Binary, else Text.
type attribute struct {
	Name, Type, Text string
	Binary           []byte
}

// boxKey names a box.
type boxKey int64

// Compare orders boxes by age.
func (a boxKey) Compare(b boxKey) int { return cmp.Compare(a, b) }

// box holds a queue's messages. It is empty or has a due time: one deadline for all of its rows.
type box struct {
	Queue queueKey // whose box it is, or was
	Due   emu.Time // nothing in it becomes visible or expires before; 0 for never
	Gone  bool     // given up: whatever is in it is to be deleted
}

// groupKey names a message group of a FIFO queue.
type groupKey struct {
	Box   int64
	Group string
}

// Compare orders groups by name.
func (a groupKey) Compare(b groupKey) int {
	return cmp.Or(cmp.Compare(a.Box, b.Box), strings.Compare(a.Group, b.Group))
}

// group is a FIFO message group with at least one message. Its number is that of the message which began it: comparing
// numbers is cheaper than comparing names.
type group struct {
	Lane  int64
	Head  int64    // number of its oldest message
	Open  bool     // that message is available: while it is not, nothing is received from the group
	Since emu.Time // when it became available
}

// dedupKey is what makes two sends to a FIFO queue the same. Group is "" where the scope is the queue.
type dedupKey struct {
	Box       int64
	Group, ID string
}

// Compare orders by group, then by id.
func (a dedupKey) Compare(b dedupKey) int {
	return cmp.Or(cmp.Compare(a.Box, b.Box), strings.Compare(a.Group, b.Group), strings.Compare(a.ID, b.ID))
}

// dedup remembers a send for five minutes, whatever becomes of the message.
type dedup struct {
	N    int64
	ID   string // MessageId
	Sent emu.Time
}

// attemptKey is a ReceiveRequestAttemptId.
type attemptKey struct {
	Box int64
	ID  string
}

// Compare orders by id.
func (a attemptKey) Compare(b attemptKey) int {
	return cmp.Or(cmp.Compare(a.Box, b.Box), strings.Compare(a.ID, b.ID))
}

// attempt remembers what a receive returned, so that it can be asked for again.
type attempt struct {
	At    emu.Time
	Until emu.Time // when the messages become visible again if nobody changes that
	Taken []receipt
}

// moveKey orders a source queue's move tasks, the youngest first.
type moveKey struct {
	Source queueKey
	N      int64
}

// Compare orders by source, then by age.
func (a moveKey) Compare(b moveKey) int {
	return cmp.Or(a.Source.Compare(b.Source), cmp.Compare(b.N, a.N))
}

// move is a message move task. At most one of a source is active.
type move struct {
	ID          string
	Status      string
	Destination string // ARN; "" for the queue each message came from
	Rate        int64  // messages a second as asked for; 0 if not
	Moved       int64
	ToMove      int64
	Started     emu.Time
	Next        emu.Time // when to go on; 0 if the task is over
	Reason      string   // why it failed
}

// grave keeps the name of a deleted queue from being used again too soon.
type grave struct{ Until emu.Time }
