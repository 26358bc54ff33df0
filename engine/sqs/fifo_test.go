package sqs

import (
	"strings"
	"testing"
	"time"

	"haneul/engine/emu"
)

var contentBased = attrs{"ContentBasedDeduplication": "true"}

// fill sends bodies like g1-m2 to the group they name.
func (w *world) fill(url string, bodies ...string) {
	w.Helper()
	for _, b := range bodies {
		group, _, _ := strings.Cut(b, "-")
		w.sendFIFO(url, group, "", b)
		w.after(time.Millisecond)
	}
}

func (w *world) change(url string, m Message, seconds int64) {
	w.Helper()
	must[emu.NoOutput](w, "ChangeMessageVisibility", &ChangeMessageVisibilityInput{QueueUrl: url, ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: &seconds})
}

// These orders were recorded from AWS.
func TestGroups(t *testing.T) {
	t.Run("a group at a time", func(t *testing.T) {
		w := newWorld(t)
		url := w.fifo("q.fifo", contentBased)
		w.fill(url, "g1-m1", "g2-m1", "g1-m2", "g1-m3")
		w.want(w.receive(url), "g1-m1", "g1-m2", "g1-m3", "g2-m1")
	})
	t.Run("a group is blocked by what is in flight", func(t *testing.T) {
		w := newWorld(t)
		url := w.fifo("q.fifo", attrs{"ContentBasedDeduplication": "true", "VisibilityTimeout": "1"})
		w.fill(url, "g1-m1", "g1-m2", "g1-m3", "g1-m4", "g2-m1", "g3-m1")
		w.want(w.receiveBy(url, 2, nil), "g1-m1", "g1-m2")
		w.after(time.Millisecond)
		w.want(w.receiveBy(url, 1, nil), "g2-m1")
		w.counted(url, "3", "3", "0")
		w.after(2 * time.Second)
		w.want(w.receiveBy(url, 10, ptr(int64(0))), "g3-m1", "g1-m1", "g1-m2", "g1-m3", "g1-m4", "g2-m1")
	})
	t.Run("visibility timeout 0", func(t *testing.T) {
		w := newWorld(t)
		url := w.fifo("q.fifo", contentBased)
		w.fill(url, "g1-m1", "g2-m1", "g2-m2", "g3-m1", "g1-m2")
		w.want(w.receiveBy(url, 3, ptr(int64(0))), "g1-m1", "g1-m2", "g2-m1")
		w.want(w.receiveBy(url, 10, ptr(int64(0))), "g3-m1", "g1-m1", "g1-m2", "g2-m1", "g2-m2")
	})
	t.Run("visibility ended", func(t *testing.T) {
		w := newWorld(t)
		url := w.fifo("q.fifo", contentBased)
		w.fill(url, "g1-m1", "g1-m2", "g2-m1")
		ms := w.receiveBy(url, 2, nil)
		w.change(url, ms[0], 0)
		w.want(w.receiveBy(url, 3, nil), "g2-m1", "g1-m1")
	})
	t.Run("visibility shortened", func(t *testing.T) {
		w := newWorld(t)
		url := w.fifo("q.fifo", contentBased)
		w.fill(url, "g1-m1", "g1-m2", "g2-m1")
		w.change(url, w.receiveBy(url, 2, nil)[0], 1)
		w.after(2 * time.Second)
		w.want(w.receiveBy(url, 3, nil), "g2-m1", "g1-m1")
	})
	t.Run("deleted", func(t *testing.T) {
		w := newWorld(t)
		url := w.fifo("q.fifo", contentBased)
		w.fill(url, "g1-m1", "g2-m1", "g1-m2", "g2-m2", "g1-m2", "g1-m3", "g1-m4", "g3-m1")
		w.remove(url, w.receiveBy(url, 2, nil)...)
		w.want(w.receive(url), "g2-m1", "g2-m2", "g1-m3", "g1-m4", "g3-m1")
	})
	t.Run("deleted in part", func(t *testing.T) {
		w := newWorld(t)
		url := w.fifo("q.fifo", contentBased)
		w.fill(url, "g1-m1", "g2-m1", "g1-m2", "g2-m2", "g1-m2", "g1-m3", "g1-m4", "g3-m1")
		w.remove(url, w.receiveBy(url, 2, nil)[0])
		w.want(w.receive(url), "g2-m1", "g2-m2", "g3-m1")
	})
	t.Run("delayed by the queue", func(t *testing.T) {
		w := newWorld(t)
		url := w.fifo("q.fifo", attrs{"ContentBasedDeduplication": "true", "DelaySeconds": "2"})
		w.fill(url, "g-m1", "g-m2")
		must[SendMessageOutput](w, "SendMessage", &SendMessageInput{QueueUrl: url, MessageBody: "g-m3", MessageGroupId: ptr("g"), DelaySeconds: ptr(int64(0))})
		w.counted(url, "0", "0", "3")
		w.want(w.receive(url))
		w.after(2 * time.Second)
		w.want(w.receive(url), "g-m1", "g-m2", "g-m3")
	})
}

func TestDeduplication(t *testing.T) {
	w := newWorld(t)
	url := w.fifo("q.fifo", nil)
	first := w.sendFIFO(url, "a", "1", "one")
	again := w.sendFIFO(url, "b", "1", "another")
	if again.MessageId != first.MessageId || again.SequenceNumber != first.SequenceNumber {
		t.Error("a duplicate got its own id")
	}
	ms := w.receive(url)
	w.want(ms, "one")
	w.remove(url, ms...)
	w.after(5*time.Minute - time.Nanosecond)
	w.sendFIFO(url, "a", "1", "deleted and still remembered")
	w.want(w.receive(url))
	w.after(time.Nanosecond)
	w.sendFIFO(url, "a", "1", "forgotten")
	w.want(w.receive(url), "forgotten")

	w.set(url, attrs{"DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"})
	w.sendFIFO(url, "x", "7", "x")
	w.sendFIFO(url, "y", "7", "y")
	w.sendFIFO(url, "y", "7", "y again")
	w.want(w.receive(url), "x", "y")

	must[emu.NoOutput](w, "PurgeQueue", &PurgeQueueInput{QueueUrl: url})
	w.sendFIFO(url, "x", "7", "after the purge")
	w.want(w.receive(url), "after the purge")
}

func TestContentBasedDeduplication(t *testing.T) {
	w := newWorld(t)
	url := w.fifo("q.fifo", contentBased)
	w.fill(url, "g-same", "g-same")
	w.sendFIFO(url, "g", "explicit", "g-same")
	ms := w.receive(url)
	w.want(ms, "g-same", "g-same")
	if id := ms[0].Attributes["MessageDeduplicationId"]; id != "d2ae07f48a845086e7a9f8cd7dba6e21c584e7b50b4dc670f84d91e2de6ba52d" {
		t.Error("not the SHA-256 of the body:", id)
	}
	if id := ms[1].Attributes["MessageDeduplicationId"]; id != "explicit" {
		t.Error(id)
	}
}

func TestSequenceNumbers(t *testing.T) {
	w := newWorld(t)
	url := w.fifo("q.fifo", contentBased)
	last := ""
	for _, body := range []string{"a", "b", "c"} {
		n := w.sendFIFO(url, "g", "", body).SequenceNumber
		if len(n) != 20 || n <= last {
			t.Errorf("%s after %s", n, last)
		}
		last = n
	}
	if got := w.receive(url)[2].Attributes["SequenceNumber"]; got != last {
		t.Errorf("sent as %s, received as %s", last, got)
	}
}

func TestExpiredHandle(t *testing.T) {
	w := newWorld(t)
	url := w.fifo("q.fifo", attrs{"ContentBasedDeduplication": "true", "VisibilityTimeout": "1"})
	w.fill(url, "g-m")
	m := w.receive(url)[0]
	w.after(2 * time.Second)
	expired := "Value " + m.ReceiptHandle + " for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired."
	w.refused("DeleteMessage", &DeleteMessageInput{QueueUrl: url, ReceiptHandle: m.ReceiptHandle}, "InvalidParameterValue", expired)
	out := must[DeleteMessageBatchOutput](w, "DeleteMessageBatch", &DeleteMessageBatchInput{QueueUrl: url,
		Entries: []DeleteMessageBatchRequestEntry{{"a", m.ReceiptHandle}}})
	if len(out.Successful) != 0 || len(out.Failed) != 1 || out.Failed[0] != (BatchResultErrorEntry{"a", true, "InvalidParameterValue", expired}) {
		t.Errorf("%+v", out)
	}
	w.refused("ChangeMessageVisibility", &ChangeMessageVisibilityInput{QueueUrl: url, ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: ptr(int64(1))},
		"InvalidParameterValue", "Value "+m.ReceiptHandle+" for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.")
	second := w.receive(url)
	w.refused("DeleteMessage", &DeleteMessageInput{QueueUrl: url, ReceiptHandle: m.ReceiptHandle}, "InvalidParameterValue", expired)
	w.remove(url, second...)
}

func TestReplay(t *testing.T) {
	w := newWorld(t)
	url := w.fifo("q.fifo", contentBased)
	w.fill(url, "g1-m1", "g1-m2", "g2-m1", "g2-m2")
	ask := func(id string) []Message {
		t.Helper()
		return must[ReceiveMessageOutput](w, "ReceiveMessage", &ReceiveMessageInput{QueueUrl: url, MaxNumberOfMessages: ptr(int64(2)),
			ReceiveRequestAttemptId: id, AttributeNames: []string{"All"}}).Messages
	}
	first := ask("attempt-1")
	w.want(first, "g1-m1", "g1-m2")
	w.after(20 * time.Second)
	again := ask("attempt-1")
	w.want(again, "g1-m1", "g1-m2")
	if again[0].ReceiptHandle != first[0].ReceiptHandle || again[0].Attributes["ApproximateReceiveCount"] != "1" {
		t.Error("not the same receive")
	}
	w.after(20 * time.Second) // the visibility timeout began anew
	w.counted(url, "2", "2", "0")
	w.want(ask("attempt-2"), "g2-m1", "g2-m2")
	w.change(url, first[0], 100)
	w.want(ask("attempt-1")) // changed since: a new receive, and both groups are blocked
	w.after(100 * time.Second)
	w.want(ask("attempt-1"), "g2-m1", "g2-m2") // available longer by now
}

func TestFIFOBatch(t *testing.T) {
	w := newWorld(t)
	url := w.fifo("q.fifo", contentBased)
	out := must[SendMessageBatchOutput](w, "SendMessageBatch", &SendMessageBatchInput{QueueUrl: url, Entries: []SendMessageBatchRequestEntry{
		{Id: "1", MessageBody: "a", MessageGroupId: ptr("g")}, {Id: "2", MessageBody: "b", MessageGroupId: ptr("g")}, {Id: "3", MessageBody: "a", MessageGroupId: ptr("g")},
	}})
	if len(out.Successful) != 3 || out.Successful[0].MessageId != out.Successful[2].MessageId || out.Successful[0].SequenceNumber >= out.Successful[1].SequenceNumber {
		t.Errorf("%+v", out)
	}
	w.want(w.receive(url), "a", "b")
	w.refused("SendMessageBatch", &SendMessageBatchInput{QueueUrl: url, Entries: []SendMessageBatchRequestEntry{
		{Id: "1", MessageBody: "c", MessageGroupId: ptr("h")}, {Id: "2", MessageBody: "d"},
	}}, "InvalidParameterValue", "The request must contain the parameter MessageGroupId.")
	w.counted(url, "0", "2", "0")
}

func TestFIFOLongPollWakesWhenGroupOpens(t *testing.T) {
	w := newWorld(t)
	url := w.fifo("q.fifo", contentBased)
	w.fill(url, "g-m1", "g-m2")
	m := w.receiveBy(url, 1, nil)
	done := make(chan []Message)
	go func() {
		r := w.Do(w.request("ReceiveMessage", &ReceiveMessageInput{QueueUrl: url, WaitTimeSeconds: ptr(int64(20))}))
		done <- r.Out.(*ReceiveMessageOutput).Messages
	}()
	for w.Waiting() == 0 {
		time.Sleep(time.Millisecond)
	}
	w.remove(url, m...)
	w.want(<-done, "g-m2")
}
