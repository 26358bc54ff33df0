package sqs

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// Digests recorded from AWS.
func TestDigests(t *testing.T) {
	w := newWorld(t)
	url := w.create("q", nil)
	text := func(s string) MessageAttributeValue {
		return MessageAttributeValue{DataType: "String", StringValue: &s}
	}
	send := func(a map[string]MessageAttributeValue) *SendMessageOutput {
		return must[SendMessageOutput](w, "SendMessage", &SendMessageInput{QueueUrl: url, MessageBody: "msg", MessageAttributes: a})
	}
	if d := send(map[string]MessageAttributeValue{"attr1": {DataType: "Binary", BinaryValue: []byte("traceparent\x1e00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01")}}).MD5OfMessageAttributes; d != "8cbe4db156db8a94db8b801b7addb984" {
		t.Error("binary:", d)
	}
	traced := must[SendMessageOutput](w, "SendMessage", &SendMessageInput{QueueUrl: url, MessageBody: "test", MessageSystemAttributes: map[string]MessageAttributeValue{
		"AWSTraceHeader": text("Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1")}})
	if d := traced.MD5OfMessageSystemAttributes; d != "5ae4d5d7636402d80f4eb6d213245a88" || traced.MD5OfMessageAttributes != "" {
		t.Error("system:", d)
	}
	w.remove(url, w.receive(url)...)

	sent := send(map[string]MessageAttributeValue{"Help.Me": text("Me"), "Hello": text("There"), "General": text("Kenobi")})
	if sent.MD5OfMessageAttributes != "4c360f3fdafd970e05fae2f149d997f5" || sent.MD5OfMessageBody != "6e2baaf3b97dbeef01c0043275f9a0e7" {
		t.Errorf("%+v", sent)
	}
	for _, c := range []struct{ ask, names, digest string }{
		{"All", "General Hello Help.Me", "4c360f3fdafd970e05fae2f149d997f5"},
		{".*", "General Hello Help.Me", "4c360f3fdafd970e05fae2f149d997f5"},
		{"*", "General Hello Help.Me", "4c360f3fdafd970e05fae2f149d997f5"},
		{"Hello General", "General Hello", "fca026605781cb4126a1e9044df24232"},
		{"Hello Nope", "Hello", "a311262e065454b75da111d535b8dacd"},
		{"Hel.*", "Hello Help.Me", "83fee93c1bcd8b9a5a923ffacdc636c7"},
		{"Nope", "", ""},
	} {
		m := must[ReceiveMessageOutput](w, "ReceiveMessage", &ReceiveMessageInput{QueueUrl: url, VisibilityTimeout: ptr(int64(0)), MessageAttributeNames: strings.Fields(c.ask)}).Messages[0]
		names := slices.Sorted(maps.Keys(m.MessageAttributes))
		if got := strings.Join(names, " "); got != c.names || m.MD5OfMessageAttributes != c.digest || m.MessageAttributes == nil {
			t.Errorf("%s: %s %s", c.ask, got, m.MD5OfMessageAttributes)
		}
	}
	m := must[ReceiveMessageOutput](w, "ReceiveMessage", &ReceiveMessageInput{QueueUrl: url}).Messages[0]
	if m.MessageAttributes != nil || m.Attributes != nil {
		t.Error("nobody asked for attributes")
	}
}

func TestAttributesCountInSize(t *testing.T) {
	w := newWorld(t)
	url := w.create("q", attrs{"MaximumMessageSize": "1024"})
	a := map[string]MessageAttributeValue{"k": {DataType: "String", StringValue: ptr("x")}}
	must[SendMessageOutput](w, "SendMessage", &SendMessageInput{QueueUrl: url, MessageBody: strings.Repeat("a", 1016), MessageAttributes: a})
	w.refused("SendMessage", &SendMessageInput{QueueUrl: url, MessageBody: strings.Repeat("a", 1017), MessageAttributes: a}, "InvalidParameterValue",
		"One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.")
}

func TestAttributeNames(t *testing.T) {
	w := newWorld(t)
	url := w.create("q", nil)
	must[SendMessageOutput](w, "SendMessage", &SendMessageInput{QueueUrl: url, MessageBody: "x", MessageAttributes: map[string]MessageAttributeValue{
		"attr.1øßä": {DataType: "String", StringValue: ptr("AWS takes this")}, "n": {DataType: "Number.int", StringValue: ptr("-1.5e3")}}})
	for _, r := range "!\"§(?" {
		_, err := try[SendMessageOutput](w, "SendMessage", &SendMessageInput{QueueUrl: url, MessageBody: "x", MessageAttributes: map[string]MessageAttributeValue{
			"Invalid-" + string(r): {DataType: "String", StringValue: ptr("x")}}})
		if err == nil {
			t.Errorf("%c is taken", r)
		}
	}
}
