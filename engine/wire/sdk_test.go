package wire_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"haneul/engine"
)

// A real SDK finds its results, its typed errors and its codes in what wire writes, in JSON and in XML.
func TestGoSDK(t *testing.T) {
	h, err := engine.Open(engine.HostOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	server := httptest.NewServer(h.Handler())
	defer server.Close()
	root := h.Default().RootKey()
	config := func(id, secret string) aws.Config {
		return aws.Config{
			Region: "ap-northeast-2", BaseEndpoint: aws.String(server.URL), RetryMaxAttempts: 1,
			Credentials: credentials.NewStaticCredentialsProvider(id, secret, ""),
		}
	}
	ctx, good := context.Background(), config(root.AccessKeyID, root.Secret)
	queues, people, who := sqs.NewFromConfig(good), iam.NewFromConfig(good), sts.NewFromConfig(good)

	q, err := queues.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String("orders"), Tags: map[string]string{"team": "하늘"}})
	if err != nil {
		t.Fatal(err)
	}
	text := "하늘 <&> \" \\ \u2028"
	if _, err := queues.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: q.QueueUrl, MessageBody: &text}); err != nil {
		t.Fatal(err)
	}
	got, err := queues.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: q.QueueUrl})
	if err != nil || len(got.Messages) != 1 || *got.Messages[0].Body != text {
		t.Fatal(err, got)
	}
	user, err := people.CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String("jimin"), Tags: []iamtypes.Tag{{Key: aws.String("team"), Value: aws.String("하늘")}}})
	if err != nil || *user.User.UserName != "jimin" || user.User.CreateDate.IsZero() || *user.User.Tags[0].Value != "하늘" {
		t.Fatal(err, user)
	}
	if me, err := who.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{}); err != nil || *me.Account != h.Default().Account() {
		t.Fatal(err, me)
	}

	_, err = queues.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String("none")})
	if missing := new(sqstypes.QueueDoesNotExist); !errors.As(err, &missing) || missing.ErrorMessage() == "" {
		t.Errorf("%T %v", err, err)
	}
	_, err = people.GetUser(ctx, &iam.GetUserInput{UserName: aws.String("nobody")})
	if missing := new(iamtypes.NoSuchEntityException); !errors.As(err, &missing) || missing.ErrorMessage() == "" {
		t.Errorf("%T %v", err, err)
	}
	for want, c := range map[string]aws.Config{"InvalidClientTokenId": config("AKIANOBODY", "x"), "SignatureDoesNotMatch": config(root.AccessKeyID, "x")} {
		_, sqsErr := sqs.NewFromConfig(c).ListQueues(ctx, &sqs.ListQueuesInput{})
		_, stsErr := sts.NewFromConfig(c).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
		for _, err := range []error{sqsErr, stsErr} {
			if e := smithy.APIError(nil); !errors.As(err, &e) || e.ErrorCode() != want {
				t.Errorf("%v, want %s", err, want)
			}
		}
	}
}
