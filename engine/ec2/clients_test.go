package ec2_test

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"haneul/engine"
)

// Real clients, unchanged, over HTTP: they are what says that the wire and the shapes are AWS's. aws-sdk-go-v2 launches a
// real machine in package engine's tests.

// serve starts an engine without machines and returns the environment of its clients.
func serve(t *testing.T) (endpoint string, env []string) {
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
	home, key := t.TempDir(), h.Default().RootKey()
	endpoint = "http://" + l.Addr().String()
	return endpoint, []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "ENDPOINT=" + endpoint,
		"AWS_ACCESS_KEY_ID=" + key.AccessKeyID, "AWS_SECRET_ACCESS_KEY=" + key.Secret, "AWS_DEFAULT_REGION=ap-northeast-2",
		"AWS_CONFIG_FILE=" + filepath.Join(home, "config"), "AWS_SHARED_CREDENTIALS_FILE=" + filepath.Join(home, "credentials"),
		"AWS_EC2_METADATA_DISABLED=true", "AWS_PAGER=", "NO_PROXY=*", "LC_ALL=C.UTF-8"}
}

// TestBoto3 runs testdata/clients.py with Debian's boto3.
func TestBoto3(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	const python = "/usr/bin/python3"
	if exec.Command(python, "-c", "import boto3").Run() != nil {
		t.Skip("boto3 is not installed: apt-get install python3-boto3")
	}
	_, env := serve(t)
	cmd := exec.Command(python, "testdata/clients.py")
	cmd.Env = env
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestAWSCLI makes a few calls with Debian's AWS CLI: its own ways of naming parameters meet ours here.
func TestAWSCLI(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	path, err := exec.LookPath("/usr/bin/aws")
	if err != nil {
		t.Skip("the AWS CLI is not installed: apt-get install awscli")
	}
	endpoint, env := serve(t)
	run := func(args ...string) string {
		t.Helper()
		cmd := exec.Command(path, append([]string{"--endpoint-url", endpoint, "ec2"}, args...)...)
		cmd.Env = env
		var out, complaint bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &complaint
		if cmd.Run() != nil {
			return strings.TrimSpace(complaint.String())
		}
		return strings.TrimSpace(out.String())
	}
	group := run("create-security-group", "--group-name", "web", "--description", "front", "--query", "GroupId", "--output", "text")
	for _, x := range []struct {
		want string
		args []string
	}{
		{"True", []string{"authorize-security-group-ingress", "--group-id", group, "--protocol", "tcp", "--port", "22", "--cidr", "203.0.113.7/32", "--query", "Return", "--output", "text"}},
		{"203.0.113.7/32", []string{"describe-security-groups", "--group-ids", group, "--query", "SecurityGroups[0].IpPermissions[0].IpRanges[0].CidrIp", "--output", "text"}},
		{"4", []string{"describe-subnets", "--query", "length(Subnets)", "--output", "text"}},
		{"An error occurred (DryRunOperation) when calling the RunInstances operation: Request would have succeeded, but DryRun flag is set.",
			[]string{"run-instances", "--image-id", image, "--count", "2", "--instance-type", "t3.micro", "--security-group-ids", group, "--user-data", "#!/bin/sh\necho hi",
				"--tag-specifications", "ResourceType=instance,Tags=[{Key=Name,Value=web}]", "--instance-market-options", "MarketType=spot", "--dry-run",
				"--block-device-mappings", "DeviceName=/dev/sdf,Ebs={VolumeSize=5,DeleteOnTermination=false}", "--associate-public-ip-address"}},
		{"An error occurred (InvalidInstanceID.NotFound) when calling the TerminateInstances operation: The instance ID 'i-0123456789abcdef0' does not exist",
			[]string{"terminate-instances", "--instance-ids", "i-0123456789abcdef0"}},
		{"An error occurred (NotEmulated) when calling the CreateNatGateway operation: haneul does not emulate ec2:CreateNatGateway, which Amazon EC2 has.",
			[]string{"create-nat-gateway", "--subnet-id", "subnet-1"}},
		{"", []string{"delete-security-group", "--group-id", group}},
	} {
		if got := run(x.args...); got != x.want {
			t.Errorf("aws ec2 %s\n got %s\nwant %s", strings.Join(x.args, " "), got, x.want)
		}
	}
}
