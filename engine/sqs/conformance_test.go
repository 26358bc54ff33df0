package sqs_test

import (
	"testing"

	"haneul/engine/emu"
	"haneul/engine/emu/emutest"
	"haneul/engine/sqs"
)

// TestConformance runs random scripts, each played, restored and rebuilt: the tables must come out the same.
func TestConformance(t *testing.T) {
	const (
		account = "arn:aws:sqs:ap-northeast-2:111122223333:"
		urls    = "http://127.0.0.1:4566/111122223333/"
	)
	suite := &emutest.Suite{
		New: func(o emu.Options) *emu.Cloud {
			c := emu.New(o)
			sqs.New(c)
			return c
		},
		Service: "sqs",
		Calls:   30,
		Values: map[string][]string{
			"QueueName":                     {"orders", "dead", "other", "orders.fifo", "dead.fifo"},
			"QueueUrl":                      {urls + "orders", urls + "dead", urls + "orders.fifo", urls + "dead.fifo", "orders", "orders", "orders.fifo", "orders.fifo"},
			"SourceArn":                     {account + "dead", account + "dead.fifo"},
			"DestinationArn":                {account + "orders", account + "orders.fifo"},
			"AttributeNames":                {"All", "QueueArn", "SenderId"},
			"Attributes.key":                {"VisibilityTimeout", "DelaySeconds", "MessageRetentionPeriod", "ReceiveMessageWaitTimeSeconds", "ContentBasedDeduplication", "DeduplicationScope", "RedriveAllowPolicy", "Policy", "KmsMasterKeyId"},
			"MessageGroupId":                {"g1", "g2"},
			"MessageBody":                   {"a", "b", "c"},
			"DelaySeconds":                  {"0", "5"},
			"VisibilityTimeout":             {"0", "1", "30"},
			"MessageRetentionPeriod":        {"60", "100"},
			"ReceiveMessageWaitTimeSeconds": {"0", "2"},
			"ContentBasedDeduplication":     {"true", "false"},
			"DeduplicationScope":            {"queue", "messageGroup"},
			"RedriveAllowPolicy":            {`{"redrivePermission":"allowAll"}`, `{"redrivePermission":"denyAll"}`, ""},
			"Policy":                        {`{"Statement":{"Sid":"x","Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"*"}}`, ""},
			"Actions":                       {"SendMessage", "*"},
			"AWSAccountIds":                 {"444455556666"},
			"DataType":                      {"String", "Number", "Binary"},
			"StringValue":                   {"12", "text"},
			"MessageAttributeNames":         {"All", "al.*"},
			"Id":                            {"one", "two", "three"},
			"ReceiveRequestAttemptId":       {"attempt-1", "attempt-2"},
			"MessageSystemAttributeNames":   {"All"},
			"QueueOwnerAWSAccountId":        {"111122223333"},
			"MessageSystemAttributes.key":   {"AWSTraceHeader"},
		},
		Before: func(r *emutest.Run) {
			for _, call := range [][2]string{
				{"CreateQueue", `{"QueueName":"dead"}`},
				{"CreateQueue", `{"QueueName":"orders","Attributes":{"VisibilityTimeout":"1","RedrivePolicy":"{\"deadLetterTargetArn\":\"` + account + `dead\",\"maxReceiveCount\":1}"}}`},
				{"SendMessage", `{"QueueUrl":"orders","MessageBody":"first"}`},
				{"ReceiveMessage", `{"QueueUrl":"orders"}`},
				{"CreateQueue", `{"QueueName":"dead.fifo","Attributes":{"FifoQueue":"true"}}`},
				{"CreateQueue", `{"QueueName":"orders.fifo","Attributes":{"FifoQueue":"true","ContentBasedDeduplication":"true","RedrivePolicy":"{\"deadLetterTargetArn\":\"` + account + `dead.fifo\",\"maxReceiveCount\":1}"}}`},
				{"SendMessage", `{"QueueUrl":"orders.fifo","MessageBody":"first","MessageGroupId":"g1"}`},
				{"ReceiveMessage", `{"QueueUrl":"orders.fifo"}`},
			} {
				r.Do("sqs:"+call[0], call[1])
			}
		},
	}
	suite.Test(t)
}
