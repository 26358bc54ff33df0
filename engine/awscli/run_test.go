package awscli_test

import (
	"bytes"
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"haneul/engine"
	"haneul/engine/admin"
	"haneul/engine/awscli"
)

// cloud is a server with two clouds that are equal but for their keys.
type cloud struct {
	url  string
	keys [2]awscli.Env
}

func start(t *testing.T) *cloud {
	t.Helper()
	h, err := engine.Open(engine.HostOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	s := httptest.NewServer(h.Handler())
	t.Cleanup(s.Close)
	c := &cloud{url: s.URL}
	for i, name := range []string{"real", "ours"} {
		x, err := h.Create(admin.CloudSpec{Name: name, Account: "123456789012", Seed: 7})
		if err != nil {
			t.Fatal(err)
		}
		k := x.RootKey()
		c.keys[i] = awscli.Env{
			Endpoint: s.URL, AccessKeyID: k.AccessKeyID, SecretAccessKey: k.Secret, Region: "ap-northeast-2",
			Services: engine.Services, Zone: time.UTC, Dir: "testdata",
		}
	}
	return c
}

// run runs a command with the built-in CLI.
func (c *cloud) run(args ...string) (stdout, stderr string, code int) {
	var out, errs bytes.Buffer
	env := c.keys[1]
	env.Stdout, env.Stderr = &out, &errs
	code = awscli.Run(context.Background(), env, args)
	return out.String(), errs.String(), code
}

func TestBuiltin(t *testing.T) {
	c := start(t)
	out, errs, code := c.run("sqs", "create-queue", "--queue-name", "orders", "--attributes", "VisibilityTimeout=5,DelaySeconds=0")
	if code != 0 || !strings.Contains(out, "/123456789012/orders") {
		t.Fatal(code, out, errs)
	}
	for _, args := range []string{"sqs list-queues", "sqs list-queues --output text", "sqs get-queue-url --queue-name nope", "iam list-users", "sts get-caller-identity", "help", "sqs help", "sqs send-message help"} {
		out, errs, code := c.run(strings.Fields(args)...)
		t.Logf("%s: %d\n%s%s", args, code, out, errs)
	}
}
