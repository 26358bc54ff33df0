package iam_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"haneul/engine/clienttest"
)

// TestBoto3 runs testdata/clients.py: every operation family.
func TestBoto3(t *testing.T) { clienttest.Boto3(t, "testdata/clients.py") }

// TestAWSCLI walks a user and a role.
func TestAWSCLI(t *testing.T) { clienttest.CLIs(t, "", func(c *clienttest.CLI) { walk(&cli{c}) }) }

type cli struct{ *clienttest.CLI }

// as is the CLI with other credentials, taken from an answer of IAM or STS.
func (c *cli) as(answer string) *cli {
	var v struct{ AccessKey, Credentials map[string]string }
	if json.Unmarshal([]byte(answer), &v) != nil {
		c.Fatalf("no credentials in %s", answer)
	}
	k := v.AccessKey
	if k == nil {
		k = v.Credentials
	}
	return &cli{c.As(k["AccessKeyId"], k["SecretAccessKey"], k["SessionToken"])}
}

// want takes JSON in which only some members matter, too.
func (c *cli) want(want string, args ...string) {
	c.Helper()
	if got := c.Run(args...); got != want && !matches(got, want) {
		c.Errorf("aws %s\n got %s\nwant %s", strings.Join(args, " "), got, want)
	}
}

func walk(admin *cli) {
	t := admin.TB
	own := document(`"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"`)
	admin.want(`{"User":{"UserName":"jimin","Path":"/"}}`, "iam", "create-user", "--user-name", "jimin", "--tags", "Key=team,Value=a")
	admin.want("An error occurred (EntityAlreadyExists) when calling the CreateUser operation: User with name jimin already exists.", "iam", "create-user", "--user-name", "jimin")
	admin.want("", "iam", "put-user-policy", "--user-name", "jimin", "--policy-name", "own", "--policy-document", own)
	admin.want(`{"UserName":"jimin","PolicyName":"own","PolicyDocument":`+own+`}`, "iam", "get-user-policy", "--user-name", "jimin", "--policy-name", "own")
	jimin := admin.as(admin.Run("iam", "create-access-key", "--user-name", "jimin"))
	account := admin.Run("sts", "get-caller-identity", "--query", "Account", "--output", "text")
	me := "arn:aws:iam::" + account + ":user/jimin"
	jimin.want(`{"Arn":"`+me+`"}`, "sts", "get-caller-identity")
	jimin.want("An error occurred (AccessDenied) when calling the ListUsers operation: User: "+me+" is not authorized to perform: iam:ListUsers on resource: arn:aws:iam::"+account+":user/ because no identity-based policy allows the iam:ListUsers action", "iam", "list-users")
	jimin.want("An error occurred (AccessDenied) when calling the CreateQueue operation: User: "+me+" is not authorized to perform: sqs:CreateQueue on resource: arn:aws:sqs:ap-northeast-2:"+account+":orders because no identity-based policy allows the sqs:CreateQueue action", "sqs", "create-queue", "--queue-name", "orders")
	admin.want(`{"Role":{"RoleName":"worker","AssumeRolePolicyDocument":{"Version":"2012-10-17"}}}`, "iam", "create-role", "--role-name", "worker",
		"--assume-role-policy-document", trusting(`"Principal":{"AWS":"`+account+`"}`))
	admin.want("", "iam", "attach-role-policy", "--role-name", "worker", "--policy-arn", "arn:aws:iam::aws:policy/AmazonSQSFullAccess")
	worker := jimin.as(jimin.Run("sts", "assume-role", "--role-arn", "arn:aws:iam::"+account+":role/worker", "--role-session-name", "s1"))
	worker.want(`{"Arn":"arn:aws:sts::`+account+`:assumed-role/worker/s1"}`, "sts", "get-caller-identity")
	worker.want(`{"QueueUrl":"*"}`, "sqs", "create-queue", "--queue-name", "orders")
	admin.want(`{"Policies":[{"PolicyName":"AmazonSQSFullAccess","AttachmentCount":1}]}`, "iam", "list-policies", "--only-attached")
	admin.want("An error occurred (DeleteConflict) when calling the DeleteRole operation: Cannot delete entity, must detach all policies first.", "iam", "delete-role", "--role-name", "worker")
	if out := admin.Run("iam", "list-policies", "--scope", "AWS", "--max-items", "3", "--page-size", "2", "--query", "length(Policies)"); out != "3" {
		t.Errorf("pages: %s", out)
	}
}

// TestSDK walks the same way with aws-sdk-go-v2.
func TestSDK(t *testing.T) {
	cloud := clienttest.Serve(t)
	ctx, config := t.Context(), cloud.Config
	admin := awsiam.NewFromConfig(cloud.Root())
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	user, err := admin.CreateUser(ctx, &awsiam.CreateUserInput{UserName: aws.String("jimin"), Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("")}}})
	must(err)
	if user.User.CreateDate.IsZero() || *user.User.Tags[0].Value != "" {
		t.Errorf("%+v", user.User)
	}
	_, err = admin.CreateUser(ctx, &awsiam.CreateUserInput{UserName: aws.String("jimin")})
	if taken := new(types.EntityAlreadyExistsException); !errors.As(err, &taken) {
		t.Errorf("%v", err)
	}
	_, err = admin.PutUserPolicy(ctx, &awsiam.PutUserPolicyInput{UserName: aws.String("jimin"), PolicyName: aws.String("own"),
		PolicyDocument: aws.String(document(`"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"`))})
	must(err)
	made, err := admin.CreateAccessKey(ctx, &awsiam.CreateAccessKeyInput{UserName: aws.String("jimin")})
	must(err)
	jimin := config(*made.AccessKey.AccessKeyId, *made.AccessKey.SecretAccessKey, "")
	who, err := sts.NewFromConfig(jimin).GetCallerIdentity(ctx, nil)
	must(err)
	if *who.Arn != *user.User.Arn || *who.UserId != *user.User.UserId {
		t.Errorf("%s is not %s", *who.Arn, *user.User.Arn)
	}
	_, err = sqs.NewFromConfig(jimin).ListQueues(ctx, nil)
	if refused := smithy.APIError(nil); !errors.As(err, &refused) || !strings.HasPrefix(refused.ErrorCode(), "AccessDenied") || !strings.Contains(refused.ErrorMessage(), "because no identity-based policy allows the sqs:ListQueues action") {
		t.Errorf("%v", err)
	}
	role, err := admin.CreateRole(ctx, &awsiam.CreateRoleInput{RoleName: aws.String("worker"), AssumeRolePolicyDocument: aws.String(trusting(`"Principal":{"AWS":"` + *who.Account + `"}`))})
	must(err)
	_, err = admin.AttachRolePolicy(ctx, &awsiam.AttachRolePolicyInput{RoleName: aws.String("worker"), PolicyArn: aws.String("arn:aws:iam::aws:policy/AmazonSQSReadOnlyAccess")})
	must(err)
	assumed, err := sts.NewFromConfig(jimin).AssumeRole(ctx, &sts.AssumeRoleInput{RoleArn: role.Role.Arn, RoleSessionName: aws.String("s1"), DurationSeconds: aws.Int32(900)})
	must(err)
	c := assumed.Credentials
	_, err = sqs.NewFromConfig(config(*c.AccessKeyId, *c.SecretAccessKey, *c.SessionToken)).ListQueues(ctx, nil)
	must(err)
	_, err = sqs.NewFromConfig(config(*c.AccessKeyId, *c.SecretAccessKey, "wrong")).ListQueues(ctx, nil)
	if err == nil {
		t.Error("a wrong session token was taken")
	}
	pages := awsiam.NewListPoliciesPaginator(admin, &awsiam.ListPoliciesInput{Scope: types.PolicyScopeTypeAws, MaxItems: aws.Int32(10)})
	seen := map[string]bool{}
	for pages.HasMorePages() {
		p, err := pages.NextPage(ctx)
		must(err)
		for _, x := range p.Policies {
			seen[*x.Arn] = true
		}
	}
	if len(seen) < 40 {
		t.Errorf("%d policies", len(seen))
	}
}
