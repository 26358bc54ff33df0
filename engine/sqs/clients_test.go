package sqs_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"

	"haneul/engine/clienttest"
)

// TestBoto3 runs testdata/clients.py: 1.26 speaks Query, newer ones JSON.
func TestBoto3(t *testing.T) { clienttest.Boto3(t, "testdata/clients.py") }

// TestAWSCLI walks a day at a queue: 2.9 speaks Query, newer ones JSON.
func TestAWSCLI(t *testing.T) { clienttest.CLIs(t, "sqs", walk) }

func walk(c *clienttest.CLI) {
	text := func(query string, args ...string) []string {
		return append(args, "--query", query, "--output", "text")
	}
	url := c.Run(text("QueueUrl", "create-queue", "--queue-name", "orders", "--attributes", "VisibilityTimeout=10", "--tags", "team=a")...)
	if !strings.HasPrefix(url, c.Endpoint+"/") || !strings.HasSuffix(url, "/orders") {
		c.Fatal(url)
	}
	q := []string{"--queue-url", url}
	c.Want(url, text("QueueUrl", "get-queue-url", "--queue-name", "orders")...)
	c.Want("a", text("Tags.team", append([]string{"list-queue-tags"}, q...)...)...)
	c.Want("5d41402abc4b2a76b9719d911017c592", text("MD5OfMessageBody", append([]string{"send-message", "--message-body", "hello",
		"--message-attributes", `{"n":{"DataType":"Number","StringValue":"1"}}`}, q...)...)...)
	c.Want("1\t0", text("Attributes.[ApproximateNumberOfMessages,ApproximateNumberOfMessagesNotVisible]", append([]string{"get-queue-attributes", "--attribute-names", "All"}, q...)...)...)
	received := strings.Split(c.Run(text("Messages[0].[Body,Attributes.ApproximateReceiveCount,MessageAttributes.n.StringValue,ReceiptHandle]",
		append([]string{"receive-message", "--attribute-names", "All", "--message-attribute-names", "All"}, q...)...)...), "\t")
	if len(received) != 4 || received[0] != "hello" || received[1] != "1" || received[2] != "1" {
		c.Fatal(received)
	}
	c.Want("", append([]string{"receive-message"}, q...)...)
	c.Want("", append([]string{"change-message-visibility", "--visibility-timeout", "100", "--receipt-handle", received[3]}, q...)...)
	c.Advance(c, 99*time.Second)
	c.Want("", append([]string{"receive-message"}, q...)...)
	c.Want("", append([]string{"delete-message", "--receipt-handle", received[3]}, q...)...)
	c.Advance(c, time.Minute)
	c.Want("", append([]string{"receive-message"}, q...)...)
	c.Want(`An error occurred (ReceiptHandleIsInvalid) when calling the DeleteMessage operation: The input receipt handle "garbage" is not a valid receipt handle.`,
		append([]string{"delete-message", "--receipt-handle", "garbage"}, q...)...)
	c.Want("An error occurred (InvalidParameterValue) when calling the ReceiveMessage operation: Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.",
		append([]string{"receive-message", "--max-number-of-messages", "11"}, q...)...)
	c.Want("An error occurred (QueueAlreadyExists) when calling the CreateQueue operation: A queue already exists with the same name and a different value for attribute DelaySeconds",
		"create-queue", "--queue-name", "orders", "--attributes", "DelaySeconds=1")
	c.Want("a\tc\tb\tInvalidParameterValue", text("[Successful[].Id,Failed[].[Id,Code]][]|[]", append([]string{"send-message-batch", "--entries",
		`[{"Id":"a","MessageBody":"1"},{"Id":"b","MessageBody":"2","DelaySeconds":901},{"Id":"c","MessageBody":"3"}]`}, q...)...)...)
	c.Want("", append([]string{"purge-queue"}, q...)...)
	c.Want("An error occurred (AWS.SimpleQueueService.PurgeQueueInProgress) when calling the PurgeQueue operation: Only one PurgeQueue operation on orders is allowed every 60 seconds.",
		append([]string{"purge-queue"}, q...)...)
	c.Want("", append([]string{"delete-queue"}, q...)...)
	if got := c.Run(append([]string{"purge-queue"}, q...)...); !strings.HasPrefix(got, "An error occurred (AWS.SimpleQueueService.NonExistentQueue) when calling the PurgeQueue operation: The specified queue does not exist") {
		c.Error(got)
	}
}

// TestQueuePolicy lets a user without any policy of its own in by the queue's, and out by its Deny.
func TestQueuePolicy(t *testing.T) {
	l := clienttest.Serve(t)
	ctx := t.Context()
	root := l.Root()
	owner := sqs.NewFromConfig(root)
	made, err := owner.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String("orders")})
	if err != nil {
		t.Fatal(err)
	}
	user, err := iam.NewFromConfig(root).CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String("jimin")})
	if err != nil {
		t.Fatal(err)
	}
	k, err := iam.NewFromConfig(root).CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: aws.String("jimin")})
	if err != nil {
		t.Fatal(err)
	}
	jimin := sqs.NewFromConfig(l.Config(*k.AccessKey.AccessKeyId, *k.AccessKey.SecretAccessKey, ""))
	statement := func(effect, action string) string {
		return `{"Effect":"` + effect + `","Principal":{"AWS":"` + *user.User.Arn + `"},"Action":"` + action + `","Resource":"*"}`
	}
	for _, c := range []struct {
		policy  string
		allowed bool
	}{
		{"", false},
		{`{"Statement":[` + statement("Allow", "sqs:ReceiveMessage") + `]}`, false},
		{`{"Statement":[` + statement("Allow", "sqs:SendMessage") + `]}`, true},
		{`{"Statement":[` + statement("Allow", "sqs:*") + `,` + statement("Deny", "sqs:Send*") + `]}`, false},
	} {
		_, err := owner.SetQueueAttributes(ctx, &sqs.SetQueueAttributesInput{QueueUrl: made.QueueUrl, Attributes: map[string]string{"Policy": c.policy}})
		if err != nil {
			t.Fatal(err)
		}
		_, err = jimin.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: made.QueueUrl, MessageBody: aws.String("x")})
		if (err == nil) != c.allowed {
			t.Errorf("with %q: %v", c.policy, err)
		}
	}
}

// TestSDK walks with aws-sdk-go-v2, which checks the digests of bodies itself.
func TestSDK(t *testing.T) {
	l := clienttest.Serve(t)
	ctx := t.Context()
	c := sqs.NewFromConfig(l.Root())
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	made, err := c.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String("dead")})
	must(err)
	dead := made.QueueUrl
	got, err := c.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: dead, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameQueueArn}})
	must(err)
	arn := got.Attributes["QueueArn"]
	policy, err := json.Marshal(map[string]any{"deadLetterTargetArn": arn, "maxReceiveCount": 1})
	must(err)
	made, err = c.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String("orders"), Attributes: map[string]string{"RedrivePolicy": string(policy)}, Tags: map[string]string{"team": "하늘"}})
	must(err)
	orders := made.QueueUrl

	body := "하늘 <&> \t\r\n 😀"
	_, err = c.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: orders, MessageBody: &body, MessageAttributes: map[string]types.MessageAttributeValue{
		"bytes": {DataType: aws.String("Binary"), BinaryValue: []byte{0, 1, 255}}}})
	must(err)
	in := &sqs.ReceiveMessageInput{QueueUrl: orders, WaitTimeSeconds: 1, VisibilityTimeout: 5, MessageAttributeNames: []string{"All"},
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameAll}}
	received, err := c.ReceiveMessage(ctx, in)
	must(err)
	m := received.Messages[0]
	if *m.Body != body || !bytes.Equal(m.MessageAttributes["bytes"].BinaryValue, []byte{0, 1, 255}) || m.Attributes["ApproximateReceiveCount"] != "1" {
		t.Errorf("%+v", m)
	}
	l.Advance(t, 5*time.Second)
	if received, err = c.ReceiveMessage(ctx, in); err != nil || len(received.Messages) != 0 {
		t.Errorf("%+v, %v", received, err)
	}
	_, err = c.StartMessageMoveTask(ctx, &sqs.StartMessageMoveTaskInput{SourceArn: &arn})
	must(err)
	l.Advance(t, time.Second)
	tasks, err := c.ListMessageMoveTasks(ctx, &sqs.ListMessageMoveTasksInput{SourceArn: &arn})
	must(err)
	if task := tasks.Results[0]; *task.Status != "COMPLETED" || task.ApproximateNumberOfMessagesMoved != 1 {
		t.Errorf("%+v", task)
	}
	received, err = c.ReceiveMessage(ctx, in)
	must(err)
	batch, err := c.DeleteMessageBatch(ctx, &sqs.DeleteMessageBatchInput{QueueUrl: orders, Entries: []types.DeleteMessageBatchRequestEntry{
		{Id: aws.String("good"), ReceiptHandle: received.Messages[0].ReceiptHandle}, {Id: aws.String("bad"), ReceiptHandle: aws.String("garbage")}}})
	must(err)
	if len(batch.Successful) != 1 || len(batch.Failed) != 1 || *batch.Failed[0].Code != "ReceiptHandleIsInvalid" {
		t.Errorf("%+v", batch)
	}
	sent, err := c.SendMessageBatch(ctx, &sqs.SendMessageBatchInput{QueueUrl: orders, Entries: []types.SendMessageBatchRequestEntry{
		{Id: aws.String("a"), MessageBody: aws.String("1")}, {Id: aws.String("b"), MessageBody: aws.String("2")}}})
	must(err)
	if len(sent.Successful) != 2 {
		t.Errorf("%+v", sent)
	}
	_, err = c.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String("none")})
	if gone := new(types.QueueDoesNotExist); !errors.As(err, &gone) || gone.ErrorMessage() != "The specified queue does not exist." {
		t.Errorf("%v", err)
	}
	_, err = c.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: orders, MessageBody: aws.String("x"), DelaySeconds: 901})
	if refused := smithy.APIError(nil); !errors.As(err, &refused) || refused.ErrorCode() != "InvalidParameterValue" {
		t.Errorf("%v", err)
	}
	pages, seen := sqs.NewListQueuesPaginator(c, &sqs.ListQueuesInput{MaxResults: aws.Int32(1)}), 0
	for pages.HasMorePages() {
		p, err := pages.NextPage(ctx)
		must(err)
		seen += len(p.QueueUrls)
	}
	if seen != 2 {
		t.Error(seen, "queues")
	}
}
