package sqs_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"

	"haneul/engine"
	"haneul/engine/admin"
)

// Real clients, unchanged, over HTTP, the old ones with the Query protocol and the new ones with JSON: they are what
// says that the wire, the shapes and the digests are AWS's.

// live is an engine that clients can reach.
type live struct {
	endpoint string
	host     *engine.Host
	env      []string // keeps a client away from everything but the engine
}

const token = "a-token-for-tests"

func serve(t *testing.T) *live {
	t.Helper()
	h, err := engine.Open(engine.HostOptions{Token: token, Log: t.Logf})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Default().Freeze(); err != nil { // however slow a client is, time moves when the test says so
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.Serve(ctx, l) }()
	t.Cleanup(func() {
		stop()
		<-done
		h.Close()
	})
	home, key, endpoint := t.TempDir(), h.Default().RootKey(), "http://"+l.Addr().String()
	return &live{endpoint, h, []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + home, "ENDPOINT=" + endpoint, "TOKEN=" + token,
		"AWS_ACCESS_KEY_ID=" + key.AccessKeyID, "AWS_SECRET_ACCESS_KEY=" + key.Secret, "AWS_DEFAULT_REGION=ap-northeast-2",
		"AWS_CONFIG_FILE=" + filepath.Join(home, "config"), "AWS_SHARED_CREDENTIALS_FILE=" + filepath.Join(home, "credentials"),
		"AWS_EC2_METADATA_DISABLED=true", "AWS_PAGER=", "NO_PROXY=*", "LC_ALL=C.UTF-8",
	}}
}

func (l *live) advance(t *testing.T, d time.Duration) {
	t.Helper()
	if _, err := admin.NewClient(l.endpoint, token).Advance(t.Context(), admin.DefaultCloud, d); err != nil {
		t.Fatal(err)
	}
}

// installed lists those of the programs that are there, Debian's own first.
func installed(t *testing.T, names ...string) (paths []string) {
	for _, name := range names {
		path, err := exec.LookPath(name)
		if err == nil && (len(paths) == 0 || path != paths[0]) {
			paths = append(paths, path)
		}
	}
	if len(paths) == 0 {
		t.Skipf("none of %v is installed", names)
	}
	return paths
}

// TestBoto3 runs testdata/clients.py with Debian's boto3 (1.26, Query) and with a newer one (JSON) if there is one.
func TestBoto3(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	ran := false
	for _, python := range installed(t, "/usr/bin/python3", "python3") {
		version, err := exec.Command(python, "-c", "import boto3; print(boto3.__version__)").Output()
		if err != nil {
			t.Logf("%s has no boto3", python)
			continue
		}
		ran = true
		t.Run(strings.TrimSpace(string(version)), func(t *testing.T) {
			l := serve(t)
			cmd := exec.Command(python, "testdata/clients.py")
			cmd.Env = l.env
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
	if !ran {
		t.Skip("boto3 is not installed: apt-get install python3-boto3")
	}
}

// TestAWSCLI walks a day at a queue with Debian's AWS CLI (2.9, Query) and with a newer one (JSON) if there is one.
func TestAWSCLI(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	for _, path := range installed(t, "/usr/bin/aws", "aws") {
		t.Run(path, func(t *testing.T) { walk(&cli{t, path, serve(t)}) })
	}
}

type cli struct {
	t    *testing.T
	path string
	*live
}

// run returns the command's output, or what it complained about.
func (c *cli) run(args ...string) string {
	c.t.Helper()
	cmd := exec.Command(c.path, append([]string{"--endpoint-url", c.endpoint, "sqs"}, args...)...)
	cmd.Env = c.env
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if err := cmd.Run(); err != nil {
		said := strings.TrimSpace(complaint.String())
		return strings.TrimPrefix(said, "aws: [ERROR]: ")
	}
	return strings.TrimSpace(out.String())
}

func (c *cli) want(want string, args ...string) {
	c.t.Helper()
	got := c.run(args...)
	if i := strings.Index(got, "\n\nAdditional error details"); i >= 0 {
		got = got[:i]
	}
	if got != want {
		c.t.Errorf("aws sqs %s\n got %s\nwant %s", strings.Join(args, " "), got, want)
	}
}

func walk(c *cli) {
	text := func(query string, args ...string) []string {
		return append(args, "--query", query, "--output", "text")
	}
	url := c.run(text("QueueUrl", "create-queue", "--queue-name", "orders", "--attributes", "VisibilityTimeout=10", "--tags", "team=a")...)
	if !strings.HasPrefix(url, c.endpoint+"/") || !strings.HasSuffix(url, "/orders") {
		c.t.Fatal(url)
	}
	q := []string{"--queue-url", url}
	c.want(url, text("QueueUrl", "get-queue-url", "--queue-name", "orders")...)
	c.want("a", text("Tags.team", append([]string{"list-queue-tags"}, q...)...)...)
	c.want("5d41402abc4b2a76b9719d911017c592", text("MD5OfMessageBody", append([]string{"send-message", "--message-body", "hello",
		"--message-attributes", `{"n":{"DataType":"Number","StringValue":"1"}}`}, q...)...)...)
	c.want("1\t0", text("Attributes.[ApproximateNumberOfMessages,ApproximateNumberOfMessagesNotVisible]", append([]string{"get-queue-attributes", "--attribute-names", "All"}, q...)...)...)
	received := strings.Split(c.run(text("Messages[0].[Body,Attributes.ApproximateReceiveCount,MessageAttributes.n.StringValue,ReceiptHandle]",
		append([]string{"receive-message", "--attribute-names", "All", "--message-attribute-names", "All"}, q...)...)...), "\t")
	if len(received) != 4 || received[0] != "hello" || received[1] != "1" || received[2] != "1" {
		c.t.Fatal(received)
	}
	c.want("", append([]string{"receive-message"}, q...)...)
	c.want("", append([]string{"change-message-visibility", "--visibility-timeout", "100", "--receipt-handle", received[3]}, q...)...)
	c.advance(c.t, 99*time.Second)
	c.want("", append([]string{"receive-message"}, q...)...)
	c.want("", append([]string{"delete-message", "--receipt-handle", received[3]}, q...)...)
	c.advance(c.t, time.Minute)
	c.want("", append([]string{"receive-message"}, q...)...)
	c.want(`An error occurred (ReceiptHandleIsInvalid) when calling the DeleteMessage operation: The input receipt handle "garbage" is not a valid receipt handle.`,
		append([]string{"delete-message", "--receipt-handle", "garbage"}, q...)...)
	c.want("An error occurred (InvalidParameterValue) when calling the ReceiveMessage operation: Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.",
		append([]string{"receive-message", "--max-number-of-messages", "11"}, q...)...)
	c.want("An error occurred (QueueAlreadyExists) when calling the CreateQueue operation: A queue already exists with the same name and a different value for attribute DelaySeconds",
		"create-queue", "--queue-name", "orders", "--attributes", "DelaySeconds=1")
	c.want("a\tc\tb\tInvalidParameterValue", text("[Successful[].Id,Failed[].[Id,Code]][]|[]", append([]string{"send-message-batch", "--entries",
		`[{"Id":"a","MessageBody":"1"},{"Id":"b","MessageBody":"2","DelaySeconds":901},{"Id":"c","MessageBody":"3"}]`}, q...)...)...)
	c.want("", append([]string{"purge-queue"}, q...)...)
	c.want("An error occurred (AWS.SimpleQueueService.PurgeQueueInProgress) when calling the PurgeQueue operation: Only one PurgeQueue operation on orders is allowed every 60 seconds.",
		append([]string{"purge-queue"}, q...)...)
	c.want("", append([]string{"delete-queue"}, q...)...)
	if got := c.run(append([]string{"purge-queue"}, q...)...); !strings.HasPrefix(got, "An error occurred (AWS.SimpleQueueService.NonExistentQueue) when calling the PurgeQueue operation: The specified queue does not exist") {
		c.t.Error(got)
	}
}

func (l *live) config(id, secret string) aws.Config {
	return aws.Config{Region: "ap-northeast-2", BaseEndpoint: &l.endpoint, Credentials: credentials.NewStaticCredentialsProvider(id, secret, "")}
}

// TestQueuePolicy lets a user without any policy of its own in by the queue's, and out by its Deny.
func TestQueuePolicy(t *testing.T) {
	l := serve(t)
	ctx := t.Context()
	key := l.host.Default().RootKey()
	root := l.config(key.AccessKeyID, key.Secret)
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
	jimin := sqs.NewFromConfig(l.config(*k.AccessKey.AccessKeyId, *k.AccessKey.SecretAccessKey))
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
	l := serve(t)
	ctx := t.Context()
	key := l.host.Default().RootKey()
	c := sqs.NewFromConfig(l.config(key.AccessKeyID, key.Secret))
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
	l.advance(t, 5*time.Second)
	if received, err = c.ReceiveMessage(ctx, in); err != nil || len(received.Messages) != 0 {
		t.Errorf("%+v, %v", received, err)
	}
	_, err = c.StartMessageMoveTask(ctx, &sqs.StartMessageMoveTaskInput{SourceArn: &arn})
	must(err)
	l.advance(t, time.Second)
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
