package sqs

import (
	"fmt"
	"strings"
	"testing"

	"haneul/engine/emu"
)

func TestSendBatch(t *testing.T) {
	w := newWorld(t)
	url := w.create("q", attrs{"MaximumMessageSize": "1024"})
	out := must[SendMessageBatchOutput](w, "SendMessageBatch", &SendMessageBatchInput{QueueUrl: url, Entries: []SendMessageBatchRequestEntry{
		{Id: "good", MessageBody: "a"},
		{Id: "empty"},
		{Id: "long", MessageBody: strings.Repeat("x", 1025)},
		{Id: "late", MessageBody: "b", DelaySeconds: ptr(int64(901))},
		{Id: "fifo", MessageBody: "c", MessageDeduplicationId: ptr("x")},
		{Id: "also-good", MessageBody: "d"},
	}})
	var good, bad []string
	for _, e := range out.Successful {
		good = append(good, e.Id)
	}
	for _, e := range out.Failed {
		bad = append(bad, fmt.Sprint(e.Id, " ", e.SenderFault, " ", e.Code, ": ", e.Message))
	}
	if strings.Join(good, " ") != "good also-good" {
		t.Error(good)
	}
	want := `empty true MissingParameter: The request must contain the parameter SendMessageBatchRequestEntry.2.MessageBody.
long true InvalidParameterValue: One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.
late true InvalidParameterValue: Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.
fifo true InvalidParameterValue: Value x for parameter MessageDeduplicationId is invalid. Reason: The request include parameter that is not valid for this queue type.`
	if got := strings.Join(bad, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	w.want(w.receive(url), "a", "d")
}

func TestDeleteAndChangeBatch(t *testing.T) {
	w := newWorld(t)
	url := w.create("q", nil)
	for _, body := range []string{"a", "b", "c"} {
		w.send(url, body)
	}
	ms := w.receive(url)
	changed := must[ChangeMessageVisibilityBatchOutput](w, "ChangeMessageVisibilityBatch", &ChangeMessageVisibilityBatchInput{QueueUrl: url,
		Entries: []ChangeMessageVisibilityBatchRequestEntry{
			{"1", ms[0].ReceiptHandle, ptr(int64(0))}, {"2", ms[1].ReceiptHandle, nil}, {"3", "garbage", ptr(int64(0))}, {"4", ms[2].ReceiptHandle, ptr(int64(43201))},
		}})
	var bad []string
	for _, e := range changed.Failed {
		bad = append(bad, e.Id+" "+e.Code+": "+e.Message)
	}
	want := `2 MissingParameter: The request must contain the parameter ChangeMessageVisibilityBatchRequestEntry.2.VisibilityTimeout.
3 ReceiptHandleIsInvalid: The input receipt handle "garbage" is not a valid receipt handle.
4 InvalidParameterValue: Value 43201 for parameter VisibilityTimeout is invalid. Reason: VisibilityTimeout must be an integer between 0 and 43200.`
	if got := strings.Join(bad, "\n"); got != want || len(changed.Successful) != 1 {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	deleted := must[DeleteMessageBatchOutput](w, "DeleteMessageBatch", &DeleteMessageBatchInput{QueueUrl: url, Entries: []DeleteMessageBatchRequestEntry{
		{"1", ms[1].ReceiptHandle}, {"2", ""}, {"3", ms[2].ReceiptHandle},
	}})
	if len(deleted.Successful) != 2 || len(deleted.Failed) != 1 || deleted.Failed[0].Code != "MissingParameter" {
		t.Errorf("%+v", deleted)
	}
	w.counted(url, "1", "0", "0")
}

// The journal tells what happened to a message, and what each call is billed.
func TestEvidence(t *testing.T) {
	w := newWorld(t)
	dead := w.create("dead", nil)
	url := w.create("q", attrs{"VisibilityTimeout": "0", "RedrivePolicy": w.redrive(dead, 1)})
	id := must[SendMessageOutput](w, "SendMessage", &SendMessageInput{QueueUrl: url, MessageBody: strings.Repeat("x", 64<<10+1)}).MessageId
	w.receive(url)
	w.receive(url)
	w.remove(dead, w.receive(dead)...)
	var story []string
	for _, e := range w.Entries(0, 0) {
		for i, n := range e.Notes {
			if n.Value == id {
				line := e.Op + " " + n.Key
				if i+1 < len(e.Notes) {
					line += " " + e.Notes[i+1].Key + "=" + e.Notes[i+1].Value
				}
				story = append(story, fmt.Sprintf("%s; %v", line, e.Units))
			}
		}
	}
	want := []string{
		"SendMessage MessageId; [{Requests 2}]",
		"ReceiveMessage MessageId ReceiveCount=1; [{Requests 2}]",
		"ReceiveMessage DeadLetter DeadLetterQueue=" + w.arn(dead) + "; [{Requests 1}]",
		"ReceiveMessage MessageId ReceiveCount=2; [{Requests 2}]",
		"DeleteMessage MessageId; [{Requests 1}]",
	}
	if got := strings.Join(story, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
}

func TestInFlightLimit(t *testing.T) {
	if testing.Short() {
		t.Skip("sends 120,010 messages")
	}
	for _, fifo := range []bool{false, true} {
		w := newWorld(t)
		url := w.create("q", nil)
		if fifo {
			url = w.fifo("q.fifo", contentBased)
		}
		for i := range maxInFlight/10 + 1 {
			b := &SendMessageBatchInput{QueueUrl: url}
			for j := range 10 {
				e := SendMessageBatchRequestEntry{Id: fmt.Sprint(j), MessageBody: fmt.Sprint(i, ".", j)}
				if fifo {
					e.MessageGroupId = ptr(fmt.Sprint(i))
				}
				b.Entries = append(b.Entries, e)
			}
			must[SendMessageBatchOutput](w, "SendMessageBatch", b)
		}
		var last Message
		for range maxInFlight / 10 {
			last = w.receiveBy(url, 10, ptr(int64(43200)))[9]
		}
		w.counted(url, "10", "120000", "0")
		if fifo {
			w.want(w.receive(url)) // no error, and nothing
		} else {
			w.refused("ReceiveMessage", &ReceiveMessageInput{QueueUrl: url}, "OverLimit", "Too many messages in flight: the limit of a standard queue is 120000.")
		}
		w.remove(url, last)
		if n := len(w.receiveBy(url, 1, nil)); n != 1 {
			t.Error(n, "received after one was deleted")
		}
	}
}

// What nobody can see any more gives its memory back.
func TestNothingStays(t *testing.T) {
	w := newWorld(t)
	s := w.tables
	url := w.fifo("q.fifo", contentBased)
	for i := range 2_500 {
		w.sendFIFO(url, fmt.Sprint("g", i%7), "", fmt.Sprint(i))
	}
	must[ReceiveMessageOutput](w, "ReceiveMessage", &ReceiveMessageInput{QueueUrl: url, ReceiveRequestAttemptId: "a"})
	must[emu.NoOutput](w, "DeleteQueue", &DeleteQueueInput{QueueUrl: url})
	w.after(1e9)
	if n := s.messages.Len() + s.groups.Len() + s.dedups.Len() + s.attempts.Len() + s.boxes.Len(); n != 0 {
		t.Error(n, "rows stay after the queue was deleted")
	}
	w.after(60e9)
	url = w.fifo("q.fifo", contentBased)
	w.fill(url, "g-a", "g-b")
	must[ReceiveMessageOutput](w, "ReceiveMessage", &ReceiveMessageInput{QueueUrl: url, ReceiveRequestAttemptId: "a"})
	w.after(301e9)
	if n := s.dedups.Len() + s.attempts.Len(); n != 0 {
		t.Error(n, "rows stay after five minutes")
	}
	w.after(345600e9)
	if n := s.messages.Len() + s.groups.Len() + s.graves.Len(); n != 0 {
		t.Error(n, "rows stay after retention")
	}
}
