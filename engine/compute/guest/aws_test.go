//go:build linux

package guest

import (
	"context"
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"haneul/engine"
	"haneul/engine/admin"
)

// TestAWS runs the aws of an instance, which has no service linked into it, against an engine.
func TestAWS(t *testing.T) {
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
	t.Cleanup(func() { stop(); <-done; h.Close() })
	clouds, err := admin.NewClient("http://"+l.Addr().String(), "t").Clouds(t.Context())
	if err != nil || len(clouds) == 0 {
		t.Fatal(err)
	}
	env := []string{"PATH=" + bin, "HOME=" + t.TempDir(), "AWS_ENDPOINT_URL=http://" + l.Addr().String(), "AWS_REGION=ap-northeast-2",
		"AWS_ACCESS_KEY_ID=" + clouds[0].AccessKeyID, "AWS_SECRET_ACCESS_KEY=" + clouds[0].SecretAccessKey}
	for _, c := range []struct{ line, want string }{
		{"aws sqs create-queue --queue-name orders --attributes VisibilityTimeout=5 --query QueueUrl --output text", "/orders\n"},
		{"aws sqs list-queues | jq -r '.QueueUrls|length'", "1\n"},
		{"aws sqs send-message --queue-url http://x/" + clouds[0].Account + "/orders --message-body hi --query MD5OfMessageBody --output text", "49f68a5c8493ec2c0bf489821c21fc3b\n"},
		{"aws sts get-caller-identity --query Account --output text", clouds[0].Account + "\n"},
		{"aws sqs list-queuess 2>/dev/null; echo $?", "252\n"},
		{"aws --version", " haneul\n"},
	} {
		cmd := exec.Command(filepath.Join(bin, "sh"), "-c", c.line)
		cmd.Env = env
		var stderr strings.Builder
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil || !strings.HasSuffix(string(out), c.want) {
			t.Errorf("%s: %v %q %s, want %q", c.line, err, out, stderr.String(), c.want)
		}
	}
}
