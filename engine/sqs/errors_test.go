package sqs

import (
	"fmt"
	"strings"
	"testing"

	"haneul/engine/emu"
)

type in = any

// TestErrors holds every refusal that a single call can meet to AWS's code and words.
func TestErrors(t *testing.T) {
	w := newWorld(t)
	q := w.create("orders", attrs{"DelaySeconds": "5"})
	f := w.fifo("orders.fifo", attrs{"ContentBasedDeduplication": "true"})
	strict := w.fifo("strict.fifo", nil)
	small := w.create("small", attrs{"MaximumMessageSize": "1024"})
	dead := w.create("dead", nil)
	arn := func(name string) string { return "arn:aws:sqs:ap-northeast-2:111122223333:" + name }
	long := strings.Repeat("a", 129)

	const (
		value   = "InvalidParameterValue"
		miss    = "MissingParameter"
		name    = "InvalidAttributeName"
		attr    = "InvalidAttributeValue"
		prefix  = "AWS.SimpleQueueService."
		graphic = " can only include alphanumeric and punctuation characters. 1 to 128 in length."
		badID   = "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long."
		badName = "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"
		badFIFO = "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length."
	)
	create := func(name string, a attrs) in { return &CreateQueueInput{QueueName: name, Attributes: a} }
	set := func(url, name, value string) in {
		return &SetQueueAttributesInput{QueueUrl: url, Attributes: attrs{name: value}}
	}
	redrive := func(policy string) in { return set(q, "RedrivePolicy", policy) }
	with := func(a string, v MessageAttributeValue) in {
		return &SendMessageInput{QueueUrl: q, MessageBody: "x", MessageAttributes: map[string]MessageAttributeValue{a: v}}
	}
	text := func(typ, s string) MessageAttributeValue {
		return MessageAttributeValue{DataType: typ, StringValue: &s}
	}
	entries := func(ids ...string) in {
		b := &SendMessageBatchInput{QueueUrl: q, Entries: []SendMessageBatchRequestEntry{}}
		for _, id := range ids {
			b.Entries = append(b.Entries, SendMessageBatchRequestEntry{Id: id, MessageBody: "x"})
		}
		return b
	}
	many := map[string]MessageAttributeValue{}
	for i := range 11 {
		many[fmt.Sprint("a", i)] = text("String", "x")
	}

	for _, c := range []struct {
		op            string
		in            in
		code, message string
	}{
		// Queue URLs.
		{"GetQueueAttributes", &GetQueueAttributesInput{}, miss, "The request must contain the parameter QueueUrl."},
		{"GetQueueAttributes", &GetQueueAttributesInput{QueueUrl: "http://127.0.0.1:4566/111122223333/none"}, prefix + "NonExistentQueue", "The specified queue does not exist."},
		{"GetQueueAttributes", &GetQueueAttributesInput{QueueUrl: "http://127.0.0.1:4566/999999999999/orders"}, prefix + "NonExistentQueue", "The specified queue does not exist."},
		{"GetQueueAttributes", &GetQueueAttributesInput{QueueUrl: "http://127.0.0.1:4566/orders"}, "InvalidAddress", "The address http://127.0.0.1:4566/orders is not valid for this endpoint."},
		{"GetQueueAttributes", &GetQueueAttributesInput{QueueUrl: "https://sqs.us-east-1.amazonaws.com/111122223333/orders"}, "InvalidAddress", "The address https://sqs.us-east-1.amazonaws.com/111122223333/orders is not valid for this endpoint."},
		{"GetQueueAttributes", &GetQueueAttributesInput{QueueUrl: q, AttributeNames: []string{"Colour"}}, name, "Unknown Attribute Colour."},
		{"GetQueueUrl", &GetQueueUrlInput{QueueName: "none"}, prefix + "NonExistentQueue", "The specified queue does not exist."},
		{"GetQueueUrl", &GetQueueUrlInput{QueueName: "orders", QueueOwnerAWSAccountId: "999999999999"}, prefix + "NonExistentQueue", "The specified queue does not exist."},
		{"GetQueueUrl", &GetQueueUrlInput{}, value, "Value for parameter QueueName is invalid. Reason: Must specify a queue name."},

		// CreateQueue.
		{"CreateQueue", create("", nil), value, "Value for parameter QueueName is invalid. Reason: Must specify a queue name."},
		{"CreateQueue", create("bad name", nil), value, badName},
		{"CreateQueue", create("queue/slash", nil), value, badName},
		{"CreateQueue", create(strings.Repeat("q", 81), nil), value, badName},
		{"CreateQueue", create("q.fifo", nil), value, badName},
		{"CreateQueue", create("q", attrs{"FifoQueue": "true"}), value, badFIFO},
		{"CreateQueue", create(".fifo", attrs{"FifoQueue": "true"}), value, badFIFO},
		{"CreateQueue", create("q", attrs{"FifoQueue": "false"}), name, "Unknown Attribute FifoQueue."},
		{"CreateQueue", create("q", attrs{"Colour": "red"}), name, "Unknown Attribute Colour."},
		{"CreateQueue", create("q", attrs{"QueueArn": "x"}), name, "Unknown Attribute QueueArn."},
		{"CreateQueue", create("orders", attrs{"DelaySeconds": "6"}), "QueueAlreadyExists", "A queue already exists with the same name and a different value for attribute DelaySeconds"},
		{"CreateQueue", create("orders.fifo", attrs{"FifoQueue": "true", "ContentBasedDeduplication": "false"}), "QueueAlreadyExists", "A queue already exists with the same name and a different value for attribute ContentBasedDeduplication"},
		{"CreateQueue", &CreateQueueInput{QueueName: "orders", Tags: attrs{"a": "b"}}, "QueueAlreadyExists", "A queue already exists with the same name and a different value for tags"},

		// Attributes and their ranges.
		{"SetQueueAttributes", &SetQueueAttributesInput{QueueUrl: q}, miss, "The request must contain the parameter Attributes."},
		{"SetQueueAttributes", set(q, "DelaySeconds", "901"), attr, "Invalid value for the parameter DelaySeconds."},
		{"SetQueueAttributes", set(q, "DelaySeconds", "-1"), attr, "Invalid value for the parameter DelaySeconds."},
		{"SetQueueAttributes", set(q, "DelaySeconds", "5.5"), attr, "Invalid value for the parameter DelaySeconds."},
		{"SetQueueAttributes", set(q, "DelaySeconds", ""), attr, "Invalid value for the parameter DelaySeconds."},
		{"SetQueueAttributes", set(q, "MaximumMessageSize", "1023"), attr, "Invalid value for the parameter MaximumMessageSize."},
		{"SetQueueAttributes", set(q, "MaximumMessageSize", "1048577"), attr, "Invalid value for the parameter MaximumMessageSize."},
		{"SetQueueAttributes", set(q, "MessageRetentionPeriod", "59"), attr, "Invalid value for the parameter MessageRetentionPeriod."},
		{"SetQueueAttributes", set(q, "MessageRetentionPeriod", "1209601"), attr, "Invalid value for the parameter MessageRetentionPeriod."},
		{"SetQueueAttributes", set(q, "ReceiveMessageWaitTimeSeconds", "21"), attr, "Invalid value for the parameter ReceiveMessageWaitTimeSeconds."},
		{"SetQueueAttributes", set(q, "VisibilityTimeout", "43201"), attr, "Invalid value for the parameter VisibilityTimeout."},
		{"SetQueueAttributes", set(q, "KmsDataKeyReusePeriodSeconds", "59"), attr, "Invalid value for the parameter KmsDataKeyReusePeriodSeconds."},
		{"SetQueueAttributes", set(q, "SqsManagedSseEnabled", "yes"), attr, "Invalid value for the parameter SqsManagedSseEnabled."},
		{"SetQueueAttributes", set(q, "ContentBasedDeduplication", "true"), name, "Unknown Attribute ContentBasedDeduplication."},
		{"SetQueueAttributes", set(q, "DeduplicationScope", "queue"), name, "You can specify the DeduplicationScope only when FifoQueue is set to true."},
		{"SetQueueAttributes", set(q, "FifoThroughputLimit", "perQueue"), name, "You can specify the FifoThroughputLimit only when FifoQueue is set to true."},
		{"SetQueueAttributes", set(q, "FifoQueue", "true"), name, "Unknown Attribute FifoQueue."},
		{"SetQueueAttributes", set(f, "FifoQueue", "false"), attr, "Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported."},
		{"SetQueueAttributes", set(f, "DeduplicationScope", "galaxy"), attr, "Invalid value for the parameter DeduplicationScope."},
		{"SetQueueAttributes", set(f, "FifoThroughputLimit", "perMessageGroupId"), value, "The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup"},
		{"SetQueueAttributes", &SetQueueAttributesInput{QueueUrl: q, Attributes: attrs{"KmsMasterKeyId": "k", "SqsManagedSseEnabled": "true"}}, name, "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE."},
		{"SetQueueAttributes", set(q, "Policy", "{}"), attr, "Invalid value for the parameter Policy."},
		{"SetQueueAttributes", set(q, "Policy", `{"Version":"2012-10-17","Statement":[{"Effect":"Maybe","Principal":"*","Action":"*","Resource":"*"}]}`), attr, "Invalid value for the parameter Policy."},
		{"SetQueueAttributes", set(q, "Policy", `{"Statement":[`+strings.Repeat(`{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"},`, 20)+`{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`), "OverLimit", "21 statements were found in the submitted policy, max allowed is 20"},

		// Redrive.
		{"SetQueueAttributes", redrive("soon"), attr, "Invalid value for the parameter RedrivePolicy. Reason: Redrive policy is not a valid JSON map."},
		{"SetQueueAttributes", redrive(`{"deadLetterTargetArn":"x"}`), value, `Value {"deadLetterTargetArn":"x"} for parameter RedrivePolicy is invalid. Reason: Redrive policy does not contain mandatory attribute: maxReceiveCount.`},
		{"SetQueueAttributes", redrive(`{"maxReceiveCount":1}`), value, `Value {"maxReceiveCount":1} for parameter RedrivePolicy is invalid. Reason: Redrive policy does not contain mandatory attribute: deadLetterTargetArn.`},
		{"SetQueueAttributes", redrive(`{"deadLetterTargetArn": "dummy", "maxReceiveCount": 42}`), value, `Value {"deadLetterTargetArn": "dummy", "maxReceiveCount": 42} for parameter RedrivePolicy is invalid. Reason: Invalid value for deadLetterTargetArn.`},
		{"SetQueueAttributes", redrive(`{"deadLetterTargetArn":"x","maxReceiveCount":0}`), value, `Value {"deadLetterTargetArn":"x","maxReceiveCount":0} for parameter RedrivePolicy is invalid. Reason: Invalid value for maxReceiveCount: 0, valid values are from 1 to 1000 both inclusive.`},
		{"SetQueueAttributes", redrive(`{"deadLetterTargetArn":"` + arn("none") + `","maxReceiveCount":1}`), value, `Value {"deadLetterTargetArn":"` + arn("none") + `","maxReceiveCount":1} for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist.`},
		{"SetQueueAttributes", redrive(`{"deadLetterTargetArn":"` + arn("orders.fifo") + `","maxReceiveCount":1}`), value, `Value {"deadLetterTargetArn":"` + arn("orders.fifo") + `","maxReceiveCount":1} for parameter RedrivePolicy is invalid. Reason: Dead-letter queue must be same type of queue as the source..`},
		{"SetQueueAttributes", redrive(`{"deadLetterTargetArn":"arn:aws:sqs:ap-northeast-2:999999999999:q","maxReceiveCount":1}`), value, `Value {"deadLetterTargetArn":"arn:aws:sqs:ap-northeast-2:999999999999:q","maxReceiveCount":1} for parameter RedrivePolicy is invalid. Reason: Dead-letter target owner should be same as the source.`},
		{"SetQueueAttributes", set(q, "RedriveAllowPolicy", "x"), attr, "Invalid value for the parameter RedriveAllowPolicy. Reason: Amazon SQS can't create the redrive allow policy, as it’s in an unsupported format."},
		{"SetQueueAttributes", set(q, "RedriveAllowPolicy", `{"redrivePermission":"byQueue"}`), value, `Value {"redrivePermission":"byQueue"} for parameter RedriveAllowPolicy is invalid. Reason: Amazon SQS can't create the redrive allow policy. When you specify the byQueue permission type, you must also specify one or more sourceQueueArns values.`},
		{"SetQueueAttributes", set(q, "RedriveAllowPolicy", `{"redrivePermission":"denyAll","sourceQueueArns":["a"]}`), value, `Value {"redrivePermission":"denyAll","sourceQueueArns":["a"]} for parameter RedriveAllowPolicy is invalid. Reason: Amazon SQS can't create the redrive allow policy. To specify one or more source queue ARNs, you must set redrivePermission to byQueue.`},

		// Sending.
		{"SendMessage", &SendMessageInput{QueueUrl: q}, miss, "The request must contain the parameter MessageBody."},
		{"SendMessage", &SendMessageInput{QueueUrl: small, MessageBody: strings.Repeat("x", 1025)}, value, "One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes."},
		{"SendMessage", &SendMessageInput{QueueUrl: q, MessageBody: strings.Repeat("x", 1048577)}, value, "One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes."},
		{"SendMessage", &SendMessageInput{QueueUrl: q, MessageBody: "x", DelaySeconds: ptr(int64(901))}, value, "Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900."},
		{"SendMessage", &SendMessageInput{QueueUrl: q, MessageBody: "x", MessageDeduplicationId: ptr("a")}, value, "Value a for parameter MessageDeduplicationId is invalid. Reason: The request include parameter that is not valid for this queue type."},
		{"SendMessage", &SendMessageInput{QueueUrl: q, MessageBody: "x", MessageGroupId: ptr("group 123")}, value, "Value group 123 for parameter MessageGroupId is invalid. Reason: MessageGroupId" + graphic},
		{"SendMessage", &SendMessageInput{QueueUrl: q, MessageBody: "a\x08b"}, "InvalidMessageContents", "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF"},
		{"SendMessage", &SendMessageInput{QueueUrl: f, MessageBody: "x"}, miss, "The request must contain the parameter MessageGroupId."},
		{"SendMessage", &SendMessageInput{QueueUrl: f, MessageBody: "x", MessageGroupId: ptr("")}, value, "Value  for parameter MessageGroupId is invalid. Reason: MessageGroupId" + graphic},
		{"SendMessage", &SendMessageInput{QueueUrl: f, MessageBody: "x", MessageGroupId: &long}, value, "Value " + long + " for parameter MessageGroupId is invalid. Reason: MessageGroupId" + graphic},
		{"SendMessage", &SendMessageInput{QueueUrl: f, MessageBody: "x", MessageGroupId: ptr("g"), MessageDeduplicationId: ptr("")}, value, "Value  for parameter MessageDeduplicationId is invalid. Reason: MessageDeduplicationId" + graphic},
		{"SendMessage", &SendMessageInput{QueueUrl: f, MessageBody: "x", MessageGroupId: ptr("g"), MessageDeduplicationId: ptr("group 123")}, value, "Value group 123 for parameter MessageDeduplicationId is invalid. Reason: MessageDeduplicationId" + graphic},
		{"SendMessage", &SendMessageInput{QueueUrl: f, MessageBody: "x", MessageGroupId: ptr("g"), DelaySeconds: ptr(int64(2))}, value, "Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type."},
		{"SendMessage", &SendMessageInput{QueueUrl: strict, MessageBody: "x", MessageGroupId: ptr("g")}, value, "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly"},

		// Message attributes.
		{"SendMessage", &SendMessageInput{QueueUrl: q, MessageBody: "x", MessageAttributes: many}, value, "Number of message attributes [11] exceeds the allowed maximum [10]."},
		{"SendMessage", with("ErrorDetails", text("String", "")), value, "Message (user) attribute 'ErrorDetails' must contain a non-empty value of type 'String'."},
		{"SendMessage", with("Hello", text("Invalid", "x")), value, "The type of message (user) attribute 'Hello' is invalid. You must use only the following supported type prefixes: Binary, Number, String."},
		{"SendMessage", with("Hello", text("Number", "world")), value, "Can't cast the value of message (user) attribute 'Hello' to a number."},
		{"SendMessage", with("Hello", text("", "x")), value, "The message (user) attribute 'Hello' must contain a non-empty message attribute type."},
		{"SendMessage", with("Hello", text("Binary", "x")), value, "Message (user) attribute 'Hello' with type 'Binary' must use field 'Binary'."},
		{"SendMessage", with("AWS.x", text("String", "x")), value, "You can't use message attribute names beginning with 'AWS.' or 'Amazon'. These strings are reserved for internal use."},
		{"SendMessage", with(".x", text("String", "x")), value, "Message (user) attribute name must not begin with character '.'."},
		{"SendMessage", with("x.", text("String", "x")), value, "Message (user) attribute name must not end with character '.'."},
		{"SendMessage", with("x..y", text("String", "x")), value, "Message (user) attribute name must not have successive '.' characters."},
		{"SendMessage", with("x", MessageAttributeValue{DataType: "String", StringListValues: []string{"x"}}), prefix + "UnsupportedOperation", "Message attribute list values in SendMessage operation are not supported."},
		{"SendMessage", &SendMessageInput{QueueUrl: q, MessageBody: "x", MessageSystemAttributes: map[string]MessageAttributeValue{"Other": text("String", "x")}}, value, "Message system attribute name 'Other' is invalid."},

		// Batches.
		{"SendMessageBatch", &SendMessageBatchInput{QueueUrl: q}, miss, "The request must contain the parameter Entries."},
		{"SendMessageBatch", entries(), prefix + "EmptyBatchRequest", "There should be at least one SendMessageBatchRequestEntry in the request."},
		{"SendMessageBatch", entries(strings.Split("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20", " ")...), prefix + "TooManyEntriesInBatchRequest", "Maximum number of entries per request are 10. You have sent 20."},
		{"SendMessageBatch", entries("a", "b", "a"), prefix + "BatchEntryIdsNotDistinct", "Id a repeated."},
		{"SendMessageBatch", entries("in:valid"), prefix + "InvalidBatchEntryId", badID},
		{"SendMessageBatch", entries(strings.Repeat("x", 81)), prefix + "InvalidBatchEntryId", badID},
		{"SendMessageBatch", &SendMessageBatchInput{QueueUrl: q, Entries: []SendMessageBatchRequestEntry{{Id: "1", MessageBody: strings.Repeat("x", 1048570)}, {Id: "2", MessageBody: "1234567"}}}, prefix + "BatchRequestTooLong", "Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes."},
		{"DeleteMessageBatch", &DeleteMessageBatchInput{QueueUrl: q, Entries: []DeleteMessageBatchRequestEntry{{Id: ""}}}, prefix + "InvalidBatchEntryId", badID},
		{"ChangeMessageVisibilityBatch", &ChangeMessageVisibilityBatchInput{QueueUrl: q, Entries: []ChangeMessageVisibilityBatchRequestEntry{}}, prefix + "EmptyBatchRequest", "There should be at least one ChangeMessageVisibilityBatchRequestEntry in the request."},

		// Receiving.
		{"ReceiveMessage", &ReceiveMessageInput{QueueUrl: q, MaxNumberOfMessages: ptr(int64(11))}, value, "Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided."},
		{"ReceiveMessage", &ReceiveMessageInput{QueueUrl: q, MaxNumberOfMessages: ptr(int64(0))}, value, "Value 0 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided."},
		{"ReceiveMessage", &ReceiveMessageInput{QueueUrl: q, WaitTimeSeconds: ptr(int64(21))}, value, "Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided."},
		{"ReceiveMessage", &ReceiveMessageInput{QueueUrl: q, WaitTimeSeconds: ptr(int64(-1))}, value, "Value -1 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided."},
		{"ReceiveMessage", &ReceiveMessageInput{QueueUrl: q, VisibilityTimeout: ptr(int64(43201))}, value, "Value 43201 for parameter VisibilityTimeout is invalid. Reason: Must be >= 0 and <= 43200, if provided."},
		{"ReceiveMessage", &ReceiveMessageInput{QueueUrl: q, AttributeNames: []string{"Colour"}}, name, "Unknown Attribute Colour."},
		{"ReceiveMessage", &ReceiveMessageInput{QueueUrl: q, ReceiveRequestAttemptId: "a"}, value, "Value a for parameter ReceiveRequestAttemptId is invalid. Reason: The request include parameter that is not valid for this queue type."},

		// Receipt handles.
		{"DeleteMessage", &DeleteMessageInput{QueueUrl: q}, miss, "The request must contain the parameter ReceiptHandle."},
		{"DeleteMessage", &DeleteMessageInput{QueueUrl: q, ReceiptHandle: "garbage"}, "ReceiptHandleIsInvalid", `The input receipt handle "garbage" is not a valid receipt handle.`},
		{"ChangeMessageVisibility", &ChangeMessageVisibilityInput{QueueUrl: q, ReceiptHandle: "garbage", VisibilityTimeout: ptr(int64(1))}, "ReceiptHandleIsInvalid", `The input receipt handle "garbage" is not a valid receipt handle.`},
		{"ChangeMessageVisibility", &ChangeMessageVisibilityInput{QueueUrl: q, ReceiptHandle: "garbage"}, miss, "The request must contain the parameter VisibilityTimeout."},

		// Permissions and tags.
		{"AddPermission", &AddPermissionInput{QueueUrl: q, Label: "x", AWSAccountIds: []string{"111122223333"}, Actions: []string{"CreateQueue"}}, value, "Value SQS:CreateQueue for parameter ActionName is invalid. Reason: Only the queue owner is allowed to invoke this action."},
		{"AddPermission", &AddPermissionInput{QueueUrl: q, Label: "x", AWSAccountIds: []string{"111122223333"}, Actions: []string{"Fly"}}, value, "Value SQS:Fly for parameter ActionName is invalid. Reason: Please refer to the appropriate WSDL for a list of valid actions."},
		{"AddPermission", &AddPermissionInput{QueueUrl: q, Label: "x", AWSAccountIds: []string{"111122223333"}}, miss, "The request must contain the parameter ActionName."},
		{"RemovePermission", &RemovePermissionInput{QueueUrl: q, Label: "none"}, value, "Value none for parameter Label is invalid. Reason: can't find label."},
		{"TagQueue", &TagQueueInput{QueueUrl: q}, miss, "The request must contain the parameter Tags."},
		{"TagQueue", &TagQueueInput{QueueUrl: q, Tags: attrs{long: "x"}}, value, "Tag keys must be between 1 and 128 characters in length."},
		{"TagQueue", &TagQueueInput{QueueUrl: q, Tags: attrs{"a?": "x"}}, value, "Tag keys may only contain unicode letters, digits, whitespace, or one of these symbols: _ . : / = + - @"},

		// Listings.
		{"ListQueues", &ListQueuesInput{MaxResults: ptr(int64(1001))}, value, "Value for parameter MaxResults is invalid. Reason: MaxResults must be an integer between 1 and 1000."},
		{"ListQueues", &ListQueuesInput{NextToken: "?"}, value, "Invalid or expired next token."},
		{"ListQueues", &ListQueuesInput{NextToken: page{scope: "queues/a"}.token("x"), QueueNamePrefix: "b"}, value, "Invalid NextToken value. If you are passing in NextToken, you must not change the other request parameters."},

		// Move tasks.
		{"StartMessageMoveTask", &StartMessageMoveTaskInput{}, miss, "The request must contain the parameter SourceArn."},
		{"StartMessageMoveTask", &StartMessageMoveTaskInput{SourceArn: "x"}, value, "You must use this format to specify the SourceArn: arn:<partition>:<service>:<region>:<account-id>:<resource-id>"},
		{"StartMessageMoveTask", &StartMessageMoveTaskInput{SourceArn: arn("none")}, "ResourceNotFoundException", "The resource that you specified for the SourceArn parameter doesn't exist."},
		{"StartMessageMoveTask", &StartMessageMoveTaskInput{SourceArn: arn("dead")}, value, "Source queue must be configured as a Dead Letter Queue."},
		{"ListMessageMoveTasks", &ListMessageMoveTasksInput{SourceArn: arn("dead"), MaxResults: ptr(int64(11))}, value, "Value for parameter MaxResults is invalid. Reason: You must enter a number that's between 1 and 10."},
		{"CancelMessageMoveTask", &CancelMessageMoveTaskInput{TaskHandle: "x"}, value, "Value for parameter TaskHandle is invalid."},
		{"CancelMessageMoveTask", &CancelMessageMoveTaskInput{TaskHandle: taskHandle{"id", arn("none")}.String()}, "ResourceNotFoundException", "The resource that you specified for the SourceArn parameter doesn't exist."},
		{"CancelMessageMoveTask", &CancelMessageMoveTaskInput{TaskHandle: taskHandle{"id", arn("dead")}.String()}, "ResourceNotFoundException", "Task does not exist."},
	} {
		w.refused(c.op, c.in, c.code, c.message)
	}

	source := w.create("source", attrs{"RedrivePolicy": w.redrive(dead, 1)})
	for _, c := range []struct {
		in            StartMessageMoveTaskInput
		code, message string
	}{
		{StartMessageMoveTaskInput{DestinationArn: arn("none")}, "ResourceNotFoundException", "The resource that you specified for the DestinationArn parameter doesn't exist."},
		{StartMessageMoveTaskInput{DestinationArn: arn("dead")}, value, "Source queue arn and destination queue arn cannot be the same."},
		{StartMessageMoveTaskInput{DestinationArn: arn("orders.fifo")}, value, "The source queue and destination queue must be of the same queue type."},
		{StartMessageMoveTaskInput{MaxNumberOfMessagesPerSecond: ptr(int64(501))}, value, "Value for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: You must enter a number that's between 1 and 500."},
	} {
		c.in.SourceArn = arn("dead")
		w.refused("StartMessageMoveTask", &c.in, c.code, c.message)
	}
	w.send(source, "x")
	handle := w.receive(source)[0].ReceiptHandle
	w.refused("DeleteMessage", &DeleteMessageInput{QueueUrl: q, ReceiptHandle: handle}, "ReceiptHandleIsInvalid",
		`The input receipt handle "`+handle+`" is not a valid receipt handle.`)
}

func TestErrorShapes(t *testing.T) {
	for _, c := range []struct {
		err          *emu.Error
		shape, query string
		status       int
	}{
		{invalid("x"), "InvalidParameterValueException", "InvalidParameterValue", 400},
		{missing("x"), "MissingRequiredParameterException", "MissingParameter", 400},
		{noSuchQueue(), "QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue", 400},
		{legacy("EmptyBatchRequest", "x"), "EmptyBatchRequest", "AWS.SimpleQueueService.EmptyBatchRequest", 400},
		{unknownAttribute("x"), "InvalidAttributeName", "InvalidAttributeName", 400},
		{noSuchResource("x"), "ResourceNotFoundException", "ResourceNotFoundException", 404},
		{overLimit("x"), "OverLimit", "OverLimit", 403},
	} {
		if c.err.Code != c.shape || c.err.Query() != c.query || c.err.HTTPStatus() != c.status {
			t.Errorf("%s, %s, %d; want %s, %s, %d", c.err.Code, c.err.Query(), c.err.HTTPStatus(), c.shape, c.query, c.status)
		}
	}
}
