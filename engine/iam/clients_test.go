package iam_test

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

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"haneul/engine"
	"haneul/engine/emu"
)

// Real clients, unchanged, over HTTP: they are what says that the wire and the shapes are AWS's.

// serve starts an engine and returns its endpoint and root key.
func serve(t *testing.T) (endpoint string, key emu.AccessKey) {
	t.Helper()
	h, err := engine.Open(engine.HostOptions{Token: "t", Log: t.Logf})
	if err != nil {
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
	return "http://" + l.Addr().String(), h.Default().RootKey()
}

// environ keeps a client away from everything but our engine.
func environ(t *testing.T, endpoint string, key emu.AccessKey) []string {
	home := t.TempDir()
	return []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "ENDPOINT=" + endpoint,
		"AWS_ACCESS_KEY_ID=" + key.AccessKeyID, "AWS_SECRET_ACCESS_KEY=" + key.Secret, "AWS_DEFAULT_REGION=ap-northeast-2",
		"AWS_CONFIG_FILE=" + filepath.Join(home, "config"), "AWS_SHARED_CREDENTIALS_FILE=" + filepath.Join(home, "credentials"),
		"AWS_EC2_METADATA_DISABLED=true", "AWS_PAGER=", "NO_PROXY=*", "LC_ALL=C.UTF-8"}
}

// TestBoto3 runs testdata/clients.py: every operation family as boto3 sees it.
func TestBoto3(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	const python = "/usr/bin/python3"
	if exec.Command(python, "-c", "import boto3").Run() != nil {
		t.Skip("python3-boto3 is not installed")
	}
	endpoint, key := serve(t)
	cmd := exec.Command(python, "testdata/clients.py")
	cmd.Env = environ(t, endpoint, key)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestAWSCLI walks a user and a role through Debian's AWS CLI, and through a newer one if there is one.
func TestAWSCLI(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	var found []string
	for _, name := range []string{"/usr/bin/aws", "aws"} {
		path, err := exec.LookPath(name)
		if err != nil || len(found) > 0 && path == "/usr/bin/aws" {
			continue
		}
		found = append(found, path)
	}
	if len(found) == 0 {
		t.Skip("no AWS CLI is installed")
	}
	for _, path := range found {
		t.Run(path, func(t *testing.T) {
			endpoint, key := serve(t)
			walk(&cli{t: t, path: path, endpoint: endpoint, env: environ(t, endpoint, key)})
		})
	}
}

type cli struct {
	t              *testing.T
	path, endpoint string
	env            []string
}

// run returns the command's output, or what it complained about.
func (c *cli) run(args ...string) string {
	c.t.Helper()
	cmd := exec.Command(c.path, append([]string{"--endpoint-url", c.endpoint}, args...)...)
	cmd.Env = c.env
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if err := cmd.Run(); err != nil {
		return strings.TrimSpace(complaint.String())
	}
	return strings.TrimSpace(out.String())
}

// as is the CLI with other credentials, taken from an answer of IAM or STS.
func (c *cli) as(answer string) *cli {
	var v struct{ AccessKey, Credentials map[string]any }
	if json.Unmarshal([]byte(answer), &v) != nil {
		c.t.Fatalf("no credentials in %s", answer)
	}
	k := v.AccessKey
	if k == nil {
		k = v.Credentials
	}
	token, _ := k["SessionToken"].(string)
	other := *c
	other.env = append(append([]string{}, c.env...), "AWS_ACCESS_KEY_ID="+k["AccessKeyId"].(string),
		"AWS_SECRET_ACCESS_KEY="+k["SecretAccessKey"].(string), "AWS_SESSION_TOKEN="+token)
	return &other
}

func (c *cli) want(want string, args ...string) {
	c.t.Helper()
	if got := c.run(args...); got != want && !matches(got, want) {
		c.t.Errorf("aws %s\n got %s\nwant %s", strings.Join(args, " "), got, want)
	}
}

func walk(admin *cli) {
	t := admin.t
	own := document(`"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"`)
	admin.want(`{"User":{"UserName":"jimin","Path":"/"}}`, "iam", "create-user", "--user-name", "jimin", "--tags", "Key=team,Value=a")
	admin.want("An error occurred (EntityAlreadyExists) when calling the CreateUser operation: User with name jimin already exists.", "iam", "create-user", "--user-name", "jimin")
	admin.want("", "iam", "put-user-policy", "--user-name", "jimin", "--policy-name", "own", "--policy-document", own)
	admin.want(`{"UserName":"jimin","PolicyName":"own","PolicyDocument":`+own+`}`, "iam", "get-user-policy", "--user-name", "jimin", "--policy-name", "own")
	jimin := admin.as(admin.run("iam", "create-access-key", "--user-name", "jimin"))
	account := admin.run("sts", "get-caller-identity", "--query", "Account", "--output", "text")
	me := "arn:aws:iam::" + account + ":user/jimin"
	jimin.want(`{"Arn":"`+me+`"}`, "sts", "get-caller-identity")
	jimin.want("An error occurred (AccessDenied) when calling the ListUsers operation: User: "+me+" is not authorized to perform: iam:ListUsers on resource: arn:aws:iam::"+account+":user/ because no identity-based policy allows the iam:ListUsers action", "iam", "list-users")
	jimin.want("An error occurred (AccessDenied) when calling the CreateQueue operation: User: "+me+" is not authorized to perform: sqs:CreateQueue on resource: arn:aws:sqs:ap-northeast-2:"+account+":orders because no identity-based policy allows the sqs:CreateQueue action", "sqs", "create-queue", "--queue-name", "orders")
	admin.want(`{"Role":{"RoleName":"worker","AssumeRolePolicyDocument":{"Version":"2012-10-17"}}}`, "iam", "create-role", "--role-name", "worker",
		"--assume-role-policy-document", trusting(`"Principal":{"AWS":"`+account+`"}`))
	admin.want("", "iam", "attach-role-policy", "--role-name", "worker", "--policy-arn", "arn:aws:iam::aws:policy/AmazonSQSFullAccess")
	worker := jimin.as(jimin.run("sts", "assume-role", "--role-arn", "arn:aws:iam::"+account+":role/worker", "--role-session-name", "s1"))
	worker.want(`{"Arn":"arn:aws:sts::`+account+`:assumed-role/worker/s1"}`, "sts", "get-caller-identity")
	worker.want(`{"QueueUrl":"*"}`, "sqs", "create-queue", "--queue-name", "orders")
	admin.want(`{"Policies":[{"PolicyName":"AmazonSQSFullAccess","AttachmentCount":1}]}`, "iam", "list-policies", "--only-attached")
	admin.want("An error occurred (DeleteConflict) when calling the DeleteRole operation: Cannot delete entity, must detach all policies first.", "iam", "delete-role", "--role-name", "worker")
	if out := admin.run("iam", "list-policies", "--scope", "AWS", "--max-items", "3", "--page-size", "2", "--query", "length(Policies)"); out != "3" {
		t.Errorf("pages: %s", out)
	}
}

// TestSDK walks the same way with aws-sdk-go-v2.
func TestSDK(t *testing.T) {
	endpoint, key := serve(t)
	ctx := t.Context()
	config := func(id, secret, token string) aws.Config {
		return aws.Config{Region: "ap-northeast-2", BaseEndpoint: &endpoint, Credentials: credentials.NewStaticCredentialsProvider(id, secret, token)}
	}
	admin := awsiam.NewFromConfig(config(key.AccessKeyID, key.Secret, ""))
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
