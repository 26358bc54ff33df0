package sqs

import (
	"testing"
	"time"

	"haneul/engine/emu"
)

func TestSendReceiveDelete(t *testing.T) {
	w := newWorld(t)
	url := w.create("orders", nil)
	if url != "http://127.0.0.1:4566/111122223333/orders" {
		t.Fatal(url)
	}
	sent := w.send(url, "hello")
	if sent.MD5OfMessageBody != "5d41402abc4b2a76b9719d911017c592" {
		t.Fatal(sent.MD5OfMessageBody)
	}
	w.counted(url, "1", "0", "0")
	ms := w.receive(url)
	w.want(ms, "hello")
	if ms[0].MessageId != sent.MessageId || ms[0].MD5OfBody != sent.MD5OfMessageBody {
		t.Fatalf("%+v", ms[0])
	}
	w.counted(url, "0", "1", "0")
	w.want(w.receive(url))
	w.remove(url, ms...)
	w.remove(url, ms...) // again is no error
	w.counted(url, "0", "0", "0")
}

func TestSystemAttributes(t *testing.T) {
	w := newWorld(t)
	url := w.create("orders", nil)
	must[SendMessageOutput](w, "SendMessage", &SendMessageInput{QueueUrl: url, MessageBody: "x", MessageGroupId: ptr("tenant-a"),
		MessageSystemAttributes: map[string]MessageAttributeValue{"AWSTraceHeader": {DataType: "String", StringValue: ptr("Root=1-2-3")}}})
	w.after(2 * time.Second)
	got := w.receive(url)[0].Attributes
	want := attrs{
		"SenderId": "111122223333", "SentTimestamp": "1795165200000", "ApproximateReceiveCount": "1",
		"ApproximateFirstReceiveTimestamp": "1795165202000", "AWSTraceHeader": "Root=1-2-3", "MessageGroupId": "tenant-a",
	}
	if len(got) != len(want) {
		t.Errorf("got %v", got)
	}
	for k, v := range want {
		if got[k] != v {
			t.Errorf("%s is %q, want %q", k, got[k], v)
		}
	}
}

func TestVisibility(t *testing.T) {
	w := newWorld(t)
	url := w.create("orders", attrs{"VisibilityTimeout": "30"})
	w.send(url, "a")
	first := w.receive(url)
	w.after(30*time.Second - time.Nanosecond)
	w.want(w.receive(url))
	w.after(time.Nanosecond)
	second := w.receive(url)
	w.want(second, "a")
	if n := second[0].Attributes["ApproximateReceiveCount"]; n != "2" {
		t.Error("received", n, "times")
	}
	w.remove(url, first...) // an old handle: no error, and no effect
	w.counted(url, "0", "1", "0")
	w.after(30 * time.Second)
	w.remove(url, second...) // the last handle is good although the timeout is over
	w.counted(url, "0", "0", "0")
}

func TestChangeVisibility(t *testing.T) {
	w := newWorld(t)
	url := w.create("orders", nil)
	w.send(url, "a")
	m := w.receive(url)[0]
	change := func(seconds int64) *ChangeMessageVisibilityInput {
		return &ChangeMessageVisibilityInput{QueueUrl: url, ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: &seconds}
	}
	must[emu.NoOutput](w, "ChangeMessageVisibility", change(100))
	w.after(99 * time.Second)
	w.counted(url, "0", "1", "0")
	w.refused("ChangeMessageVisibility", change(43200), "InvalidParameterValue",
		"Value 43200 for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds]")
	w.refused("ChangeMessageVisibility", change(43201), "InvalidParameterValue",
		"Value 43201 for parameter VisibilityTimeout is invalid. Reason: Must be between 0 and 43200.")
	must[emu.NoOutput](w, "ChangeMessageVisibility", change(0))
	w.counted(url, "1", "0", "0")
	must[emu.NoOutput](w, "ChangeMessageVisibility", change(10)) // taken back
	w.counted(url, "0", "1", "0")
	w.remove(url, m)
	w.refused("ChangeMessageVisibility", change(1), "InvalidParameterValue",
		"Value "+m.ReceiptHandle+" for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.")
}

func TestDelay(t *testing.T) {
	w := newWorld(t)
	url := w.create("orders", attrs{"DelaySeconds": "10"})
	w.send(url, "queue's delay")
	must[SendMessageOutput](w, "SendMessage", &SendMessageInput{QueueUrl: url, MessageBody: "own delay", DelaySeconds: ptr(int64(5))})
	must[SendMessageOutput](w, "SendMessage", &SendMessageInput{QueueUrl: url, MessageBody: "none", DelaySeconds: ptr(int64(0))})
	w.counted(url, "1", "0", "2")
	w.want(w.receive(url), "none")
	w.after(5 * time.Second)
	w.want(w.receive(url), "own delay")
	w.after(5 * time.Second)
	w.want(w.receive(url), "queue's delay")
}

func TestRetention(t *testing.T) {
	w := newWorld(t)
	url := w.create("orders", attrs{"MessageRetentionPeriod": "60"})
	w.send(url, "old")
	w.after(30 * time.Second)
	w.send(url, "young")
	w.receiveBy(url, 1, nil) // retention goes on in flight
	w.after(30*time.Second - time.Nanosecond)
	w.counted(url, "1", "1", "0")
	w.after(time.Nanosecond)
	w.counted(url, "1", "0", "0")
	w.after(30 * time.Second)
	w.counted(url, "0", "0", "0")
	w.set(url, attrs{"MessageRetentionPeriod": "120"})
	w.send(url, "kept")
	w.after(70 * time.Second)
	w.counted(url, "1", "0", "0")
	w.set(url, attrs{"MessageRetentionPeriod": "60"})
	w.counted(url, "0", "0", "0")
}

func TestOldestFirst(t *testing.T) {
	w := newWorld(t)
	url := w.create("orders", attrs{"VisibilityTimeout": "10"})
	for _, body := range []string{"a", "b", "c"} {
		w.send(url, body)
	}
	w.want(w.receiveBy(url, 2, nil), "a", "b")
	w.after(10 * time.Second)
	w.want(w.receive(url), "a", "b", "c")
}

func TestZeroVisibility(t *testing.T) {
	w := newWorld(t)
	url := w.create("orders", nil)
	w.send(url, "a")
	w.send(url, "b")
	for range 3 {
		w.want(w.receiveBy(url, 10, ptr(int64(0))), "a", "b")
	}
	w.counted(url, "2", "0", "0")
}

func TestPurge(t *testing.T) {
	w := newWorld(t)
	url := w.create("orders", nil)
	w.send(url, "a")
	w.send(url, "b")
	m := w.receiveBy(url, 1, nil)[0]
	purge := &PurgeQueueInput{QueueUrl: url}
	must[emu.NoOutput](w, "PurgeQueue", purge)
	w.counted(url, "0", "0", "0")
	w.remove(url, m)
	w.after(59 * time.Second)
	w.refused("PurgeQueue", purge, "AWS.SimpleQueueService.PurgeQueueInProgress",
		"Only one PurgeQueue operation on orders is allowed every 60 seconds.")
	w.after(time.Second)
	must[emu.NoOutput](w, "PurgeQueue", purge)
}

func TestDeleteQueue(t *testing.T) {
	w := newWorld(t)
	url := w.create("orders", nil)
	w.send(url, "a")
	must[emu.NoOutput](w, "DeleteQueue", &DeleteQueueInput{QueueUrl: url})
	w.refused("SendMessage", &SendMessageInput{QueueUrl: url, MessageBody: "b"}, "AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist.")
	w.after(59 * time.Second)
	w.refused("CreateQueue", &CreateQueueInput{QueueName: "orders"}, "AWS.SimpleQueueService.QueueDeletedRecently",
		"You must wait 60 seconds after deleting a queue before you can create another with the same name.")
	w.after(time.Second)
	w.create("orders", nil)
	w.counted(url, "0", "0", "0")
}

func TestLongPoll(t *testing.T) {
	w := newWorld(t)
	url := w.create("orders", attrs{"VisibilityTimeout": "10"})
	done := make(chan []Message)
	go func() {
		r := w.Do(w.request("ReceiveMessage", &ReceiveMessageInput{QueueUrl: url, WaitTimeSeconds: ptr(int64(20))}))
		done <- r.Out.(*ReceiveMessageOutput).Messages
	}()
	for w.Waiting() == 0 {
		time.Sleep(time.Millisecond)
	}
	w.after(19 * time.Second)
	w.send(url, "at last")
	w.want(<-done, "at last")

	go func() {
		r := w.Do(w.request("ReceiveMessage", &ReceiveMessageInput{QueueUrl: url, WaitTimeSeconds: ptr(int64(20))}))
		done <- r.Out.(*ReceiveMessageOutput).Messages
	}()
	for w.Waiting() == 0 {
		time.Sleep(time.Millisecond)
	}
	w.after(11 * time.Second) // the visibility timeout is over: the waiting receive gets the message
	w.want(<-done, "at last")
}

func TestFaults(t *testing.T) {
	w := newWorld(t)
	url := w.create("orders", nil)
	fault := func(kind string) {
		if _, err := w.Admin("AddFault", &emu.AddFaultInput{Fault: emu.Fault{Kind: kind, Service: "sqs", Count: 1}}); err != nil {
			t.Fatal(err)
		}
	}
	fault(emu.FaultDuplicate)
	sent := w.send(url, "twice")
	first := w.receive(url)
	w.remove(url, first...)
	second := w.receive(url)
	w.want(second, "twice")
	if second[0].MessageId != sent.MessageId {
		t.Error("the copy has another id")
	}
	w.remove(url, second...)
	w.want(w.receive(url))

	var bodies []string
	for _, r := range "abcdefghij" {
		bodies = append(bodies, string(r))
		w.send(url, string(r))
	}
	fault(emu.FaultReorder)
	ms := w.receive(url)
	sorted := true
	for i, m := range ms {
		sorted = sorted && m.Body == bodies[i]
	}
	if len(ms) != 10 || sorted {
		t.Error("not shuffled")
	}
}
