package sqs

import (
	"errors"
	"testing"
	"time"

	"haneul/engine/emu"
)

// world is a cloud with nothing but SQS, at a fixed time, its clock frozen: time moves when a test says so.
type world struct {
	*testing.T
	*emu.Cloud
	tables *service
	as     emu.Principal
	region string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	at := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	c := emu.New(emu.Options{Name: "test", Account: "111122223333", Seed: 1, Wall: func() time.Time { return at }})
	s := add(c)
	t.Cleanup(func() { c.Close() })
	w := &world{T: t, Cloud: c, tables: s, as: c.RootPrincipal(), region: "ap-northeast-2"}
	if err := c.Freeze(); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) request(op string, in any) *emu.Request {
	w.Helper()
	o := w.Operation("sqs", op)
	if o == nil {
		w.Fatalf("no operation %s", op)
	}
	return &emu.Request{Op: o, In: in, Principal: w.as, AccessKeyID: w.RootKey().AccessKeyID, Region: w.region, Endpoint: "http://127.0.0.1:4566"}
}

// call calls an operation as package wire does: input that misses something never reaches the cloud.
func (w *world) call(op string, in any) emu.Response {
	w.Helper()
	r := w.request(op, in)
	if v := r.Op.Input().Validate(in); v != nil {
		return emu.Response{Err: r.Op.Service().Invalid(v)}
	}
	return w.Do(r)
}

// try calls an operation.
func try[O any](w *world, op string, in any) (*O, *emu.Error) {
	w.Helper()
	r := w.call(op, in)
	if r.Err != nil {
		var e *emu.Error
		if !errors.As(r.Err, &e) {
			w.Fatalf("%s: not an AWS error: %v", op, r.Err)
		}
		return nil, e
	}
	return r.Out.(*O), nil
}

// must calls an operation that has to succeed.
func must[O any](w *world, op string, in any) *O {
	w.Helper()
	out, err := try[O](w, op, in)
	if err != nil {
		w.Fatalf("%s: %v", op, err)
	}
	return out
}

// refused calls an operation that has to fail so.
func (w *world) refused(op string, in any, queryCode, message string) {
	w.Helper()
	r := w.call(op, in)
	var e *emu.Error
	if !errors.As(r.Err, &e) {
		w.Fatalf("%s succeeded; want %s: %s", op, queryCode, message)
	}
	if e.Query() != queryCode || e.Message != message {
		w.Errorf("%s:\n got %s: %s\nwant %s: %s", op, e.Query(), e.Message, queryCode, message)
	}
}

func (w *world) after(d time.Duration) {
	w.Helper()
	if _, err := w.Advance(d); err != nil {
		w.Fatal(err)
	}
}

type attrs = map[string]string

func (w *world) create(name string, a attrs) string {
	w.Helper()
	return must[CreateQueueOutput](w, "CreateQueue", &CreateQueueInput{QueueName: name, Attributes: a}).QueueUrl
}

func (w *world) fifo(name string, a attrs) string {
	w.Helper()
	all := attrs{"FifoQueue": "true"}
	for k, v := range a {
		all[k] = v
	}
	return w.create(name, all)
}

func (w *world) set(url string, a attrs) {
	w.Helper()
	must[emu.NoOutput](w, "SetQueueAttributes", &SetQueueAttributesInput{QueueUrl: url, Attributes: a})
}

func (w *world) get(url string, names ...string) attrs {
	w.Helper()
	return must[GetQueueAttributesOutput](w, "GetQueueAttributes", &GetQueueAttributesInput{QueueUrl: url, AttributeNames: names}).Attributes
}

func (w *world) arn(url string) string { w.Helper(); return w.get(url, "QueueArn")["QueueArn"] }

func (w *world) send(url, body string) *SendMessageOutput {
	w.Helper()
	return must[SendMessageOutput](w, "SendMessage", &SendMessageInput{QueueUrl: url, MessageBody: body})
}

func (w *world) sendFIFO(url, group, id, body string) *SendMessageOutput {
	w.Helper()
	in := &SendMessageInput{QueueUrl: url, MessageBody: body, MessageGroupId: &group}
	if id != "" {
		in.MessageDeduplicationId = &id
	}
	return must[SendMessageOutput](w, "SendMessage", in)
}

// receive receives up to ten messages with all their attributes.
func (w *world) receive(url string) []Message {
	w.Helper()
	return w.receiveBy(url, 10, nil)
}

func (w *world) receiveBy(url string, most int64, timeout *int64) []Message {
	w.Helper()
	return must[ReceiveMessageOutput](w, "ReceiveMessage", &ReceiveMessageInput{
		QueueUrl: url, MaxNumberOfMessages: &most, VisibilityTimeout: timeout,
		AttributeNames: []string{"All"}, MessageAttributeNames: []string{"All"},
	}).Messages
}

func (w *world) remove(url string, ms ...Message) {
	w.Helper()
	for _, m := range ms {
		must[emu.NoOutput](w, "DeleteMessage", &DeleteMessageInput{QueueUrl: url, ReceiptHandle: m.ReceiptHandle})
	}
}

// want checks which bodies were received, in order.
func (w *world) want(ms []Message, bodies ...string) {
	w.Helper()
	got := []string{}
	for _, m := range ms {
		got = append(got, m.Body)
	}
	if len(got) != len(bodies) {
		w.Fatalf("got %q, want %q", got, bodies)
	}
	for i := range got {
		if got[i] != bodies[i] {
			w.Fatalf("got %q, want %q", got, bodies)
		}
	}
}

// counted checks the three counts: visible, in flight, delayed.
func (w *world) counted(url, visible, inFlight, delayed string) {
	w.Helper()
	a := w.get(url, "All")
	got := [3]string{a["ApproximateNumberOfMessages"], a["ApproximateNumberOfMessagesNotVisible"], a["ApproximateNumberOfMessagesDelayed"]}
	if want := [3]string{visible, inFlight, delayed}; got != want {
		w.Errorf("counts are %v, want %v", got, want)
	}
}

func ptr[T any](v T) *T { return &v }
