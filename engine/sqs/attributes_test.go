package sqs

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"haneul/engine/emu"
)

func TestDefaultAttributes(t *testing.T) {
	w := newWorld(t)
	standard := attrs{
		"ApproximateNumberOfMessages": "0", "ApproximateNumberOfMessagesDelayed": "0", "ApproximateNumberOfMessagesNotVisible": "0",
		"CreatedTimestamp": "1795165200", "LastModifiedTimestamp": "1795165200", "DelaySeconds": "0", "MaximumMessageSize": "1048576",
		"MessageRetentionPeriod": "345600", "QueueArn": "arn:aws:sqs:ap-northeast-2:111122223333:q",
		"ReceiveMessageWaitTimeSeconds": "0", "SqsManagedSseEnabled": "true", "VisibilityTimeout": "30",
	}
	if got := w.get(w.create("q", nil), "All"); !maps.Equal(got, standard) {
		t.Errorf("got %v", got)
	}
	fifo := maps.Clone(standard)
	maps.Copy(fifo, attrs{"QueueArn": "arn:aws:sqs:ap-northeast-2:111122223333:q.fifo", "FifoQueue": "true", "ContentBasedDeduplication": "false", "DeduplicationScope": "queue", "FifoThroughputLimit": "perQueue"})
	if got := w.get(w.fifo("q.fifo", nil), "All"); !maps.Equal(got, fifo) {
		t.Errorf("got %v", got)
	}
}

func TestSetAttributes(t *testing.T) {
	w := newWorld(t)
	url := w.create("q", nil)
	w.after(time.Minute)
	w.set(url, attrs{"DelaySeconds": "900", "MaximumMessageSize": "1024", "MessageRetentionPeriod": "1209600", "ReceiveMessageWaitTimeSeconds": "20", "VisibilityTimeout": "43200"})
	got := w.get(url, "VisibilityTimeout", "LastModifiedTimestamp", "CreatedTimestamp", "Policy")
	if want := (attrs{"VisibilityTimeout": "43200", "LastModifiedTimestamp": "1795165260", "CreatedTimestamp": "1795165200"}); !maps.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	if out := must[GetQueueAttributesOutput](w, "GetQueueAttributes", &GetQueueAttributesInput{QueueUrl: url}); out.Attributes != nil {
		t.Error("nothing was asked for")
	}
	w.create("q", attrs{"DelaySeconds": "900"}) // agrees with what it is
}

func TestEncryptionAttributes(t *testing.T) {
	w := newWorld(t)
	url := w.create("q", attrs{"KmsMasterKeyId": "testKeyId", "KmsDataKeyReusePeriodSeconds": "6000", "SqsManagedSseEnabled": "false"})
	names := []string{"KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds", "SqsManagedSseEnabled"}
	if got, want := w.get(url, names...), (attrs{"KmsMasterKeyId": "testKeyId", "KmsDataKeyReusePeriodSeconds": "6000", "SqsManagedSseEnabled": "false"}); !maps.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	w.set(url, attrs{"SqsManagedSseEnabled": "true"})
	if got, want := w.get(url, names...), (attrs{"SqsManagedSseEnabled": "true"}); !maps.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}

func TestPermissions(t *testing.T) {
	w := newWorld(t)
	url := w.create("q", nil)
	add := func(label string, accounts ...string) {
		t.Helper()
		must[emu.NoOutput](w, "AddPermission", &AddPermissionInput{QueueUrl: url, Label: label, AWSAccountIds: accounts, Actions: []string{"ReceiveMessage"}})
	}
	policy := func() string { return w.get(url, "Policy")["Policy"] }
	add("one", "668614515564", "111122223333")
	if want := `{"Version":"2008-10-17","Id":"arn:aws:sqs:ap-northeast-2:111122223333:q/SQSDefaultPolicy","Statement":[{"Sid":"one","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::668614515564:root","arn:aws:iam::111122223333:root"]},"Action":"SQS:ReceiveMessage","Resource":"arn:aws:sqs:ap-northeast-2:111122223333:q"}]}`; policy() != want {
		t.Errorf("got  %s\nwant %s", policy(), want)
	}
	w.refused("AddPermission", &AddPermissionInput{QueueUrl: url, Label: "one", AWSAccountIds: []string{"111122223333"}, Actions: []string{"*"}},
		"InvalidParameterValue", "Value one for parameter Label is invalid. Reason: Already exists.")
	add("two", "111122223333")
	if n := strings.Count(policy(), `"Sid"`); n != 2 {
		t.Error(policy())
	}
	for _, label := range []string{"one", "two"} {
		must[emu.NoOutput](w, "RemovePermission", &RemovePermissionInput{QueueUrl: url, Label: label})
	}
	if policy() != "" {
		t.Error(policy())
	}
	w.set(url, attrs{"Policy": `{"Version":"2012-10-17","Statement":{"Sid":"own","Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"*"}}`})
	add("three", "111122223333")
	if !strings.Contains(policy(), `{"Sid":"own","Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"*"},{"Sid":"three"`) {
		t.Error(policy())
	}
	w.set(url, attrs{"Policy": ""})
	if policy() != "" {
		t.Error(policy())
	}
}

func TestTags(t *testing.T) {
	w := newWorld(t)
	url := must[CreateQueueOutput](w, "CreateQueue", &CreateQueueInput{QueueName: "q", Tags: attrs{"tag1": "value1", "tag2": "value2"}}).QueueUrl
	tags := func() attrs {
		return must[ListQueueTagsOutput](w, "ListQueueTags", &ListQueueTagsInput{QueueUrl: url}).Tags
	}
	must[emu.NoOutput](w, "TagQueue", &TagQueueInput{QueueUrl: url, Tags: attrs{"tag3": "", "환경": "실습"}})
	if want := (attrs{"tag1": "value1", "tag2": "value2", "tag3": "", "환경": "실습"}); !maps.Equal(tags(), want) {
		t.Error(tags())
	}
	must[emu.NoOutput](w, "UntagQueue", &UntagQueueInput{QueueUrl: url, TagKeys: []string{"tag1", "tag3", "환경", "none"}})
	if want := (attrs{"tag2": "value2"}); !maps.Equal(tags(), want) {
		t.Error(tags())
	}
	must[emu.NoOutput](w, "UntagQueue", &UntagQueueInput{QueueUrl: url, TagKeys: []string{"tag2"}})
	if tags() == nil || len(tags()) != 0 {
		t.Error(tags())
	}
}

func TestListQueues(t *testing.T) {
	w := newWorld(t)
	for _, name := range []string{"b-2", "a-1", "b-1", "b-3", "c"} {
		w.create(name, nil)
	}
	w.region = "us-east-1"
	w.create("b-elsewhere", nil)
	w.region = "ap-northeast-2"
	list := func(in ListQueuesInput) (names []string, next string) {
		out := must[ListQueuesOutput](w, "ListQueues", &in)
		for _, url := range out.QueueUrls {
			names = append(names, parseURL(url).name)
		}
		return names, out.NextToken
	}
	if names, next := list(ListQueuesInput{}); !slices.Equal(names, []string{"a-1", "b-1", "b-2", "b-3", "c"}) || next != "" {
		t.Error(names, next)
	}
	first, next := list(ListQueuesInput{QueueNamePrefix: "b-", MaxResults: ptr(int64(2))})
	if !slices.Equal(first, []string{"b-1", "b-2"}) || next == "" {
		t.Error(first, next)
	}
	if rest, next := list(ListQueuesInput{QueueNamePrefix: "b-", MaxResults: ptr(int64(2)), NextToken: next}); !slices.Equal(rest, []string{"b-3"}) || next != "" {
		t.Error(rest, next)
	}
	if none, _ := list(ListQueuesInput{QueueNamePrefix: "x"}); none != nil {
		t.Error(none)
	}
}

func TestQueueURLs(t *testing.T) {
	w := newWorld(t)
	w.create("q", nil)
	for _, url := range []string{
		"http://127.0.0.1:4566/111122223333/q", "http://localhost:9/111122223333/q", "/111122223333/q", "q",
		"https://sqs.ap-northeast-2.amazonaws.com/111122223333/q", "https://ap-northeast-2.queue.amazonaws.com/111122223333/q",
	} {
		w.send(url, "x")
	}
	if url := must[GetQueueUrlOutput](w, "GetQueueUrl", &GetQueueUrlInput{QueueName: "q"}).QueueUrl; url != "http://127.0.0.1:4566/111122223333/q" {
		t.Error(url)
	}
	w.region = "us-east-1"
	w.refused("SendMessage", &SendMessageInput{QueueUrl: "q", MessageBody: "x"}, "AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist.")
}
