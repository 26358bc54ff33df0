package engine_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"haneul/engine"
	"haneul/engine/admin"
	"haneul/engine/compute/docker"
	"haneul/engine/compute/docker/dockertest"
)

// TestInstanceOnDocker takes one real machine from launch to termination with AWS's own SDK.
func TestInstanceOnDocker(t *testing.T) {
	if testing.Short() {
		t.Skip("boots machines")
	}
	var host *engine.Host
	r := dockertest.New(t, docker.Options{Warm: -1, Cloud: func(_ docker.Origin, c net.Conn) { host.Answer(c) }})
	host, err := engine.Open(engine.HostOptions{Token: "t", Log: t.Logf, Runtime: r})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- host.Serve(ctx, l) }()
	t.Cleanup(func() { stop(); <-done; host.Close() })

	endpoint, key := "http://"+l.Addr().String(), host.Default().RootKey()
	c := ec2.NewFromConfig(aws.Config{Region: "ap-northeast-2", BaseEndpoint: &endpoint, Credentials: credentials.NewStaticCredentialsProvider(key.AccessKeyID, key.Secret, "")})
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	began := time.Now()
	made, err := c.RunInstances(t.Context(), &ec2.RunInstancesInput{ImageId: aws.String("ami-02023000000000086"), InstanceType: types.InstanceTypeT3Nano,
		MinCount: aws.Int32(1), MaxCount: aws.Int32(1), UserData: aws.String(base64.StdEncoding.EncodeToString([]byte("#!/bin/sh\necho hello from user data\necho kept > /root/note\n"))),
		BlockDeviceMappings: []types.BlockDeviceMapping{{DeviceName: aws.String("/dev/sdf"), Ebs: &types.EbsBlockDevice{VolumeSize: aws.Int32(1)}}}})
	must(err)
	id := *made.Instances[0].InstanceId
	see := func() types.Instance {
		t.Helper()
		out, err := c.DescribeInstances(t.Context(), &ec2.DescribeInstancesInput{InstanceIds: []string{id}})
		must(err)
		return out.Reservations[0].Instances[0]
	}
	until := func(want types.InstanceStateName) types.Instance {
		t.Helper()
		for range 1200 {
			if i := see(); i.State.Name == want {
				return i
			} else if i.State.Name == types.InstanceStateNameTerminated {
				t.Fatalf("it is terminated: %s", aws.ToString(i.StateReason.Message))
			}
			time.Sleep(50 * time.Millisecond)
		}
		t.Fatalf("it is %s, not %s", see().State.Name, want)
		return types.Instance{}
	}
	until(types.InstanceStateNameRunning)
	t.Logf("running after %v", time.Since(began))
	console := ""
	for range 100 {
		out, err := c.GetConsoleOutput(t.Context(), &ec2.GetConsoleOutputInput{InstanceId: &id})
		must(err)
		b, _ := base64.StdEncoding.DecodeString(aws.ToString(out.Output))
		if console = string(b); strings.Contains(console, "hello from user data") {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	if !strings.Contains(console, "hello from user data") {
		t.Errorf("the console says\n%s", console)
	}
	besides(t, admin.NewClient(endpoint, "t"), id, func(port int32) {
		_, err := c.AuthorizeSecurityGroupIngress(t.Context(), &ec2.AuthorizeSecurityGroupIngressInput{GroupName: aws.String("default"),
			IpProtocol: aws.String("tcp"), FromPort: &port, ToPort: &port, CidrIp: aws.String("203.0.113.0/24")})
		must(err)
	})
	_, err = c.StopInstances(t.Context(), &ec2.StopInstancesInput{InstanceIds: []string{id}})
	must(err)
	until(types.InstanceStateNameStopped)
	_, err = c.ModifyInstanceAttribute(t.Context(), &ec2.ModifyInstanceAttributeInput{InstanceId: &id, InstanceType: &types.AttributeValue{Value: aws.String("t3.micro")}})
	must(err)
	_, err = c.StartInstances(t.Context(), &ec2.StartInstancesInput{InstanceIds: []string{id}})
	must(err)
	until(types.InstanceStateNameRunning)
	i, err := r.Find(t.Context(), "default", id)
	must(err)
	if m := i.Limits().Memory; m != 1<<30 {
		t.Errorf("its memory is %d bytes", m)
	}
	_, err = c.TerminateInstances(t.Context(), &ec2.TerminateInstancesInput{InstanceIds: []string{id}})
	must(err)
	for range 600 {
		if see().State.Name == types.InstanceStateNameTerminated {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Error("it does not end")
}

// besides uses an instance as connect, graders and the lab screen do.
func besides(t *testing.T, a *admin.Client, id string, open func(port int32)) {
	t.Helper()
	ctx, cloud := t.Context(), admin.DefaultCloud
	if i, err := a.Instance(ctx, cloud, id); err != nil || i.State != "running" || i.PublicIP == "" || len(i.Groups) != 1 || i.Groups[0].Value != "default" {
		t.Errorf("%+v, %v", i, err)
	}
	if text, err := a.Console(ctx, cloud, id); err != nil || !strings.Contains(text, "hello from user data") {
		t.Errorf("%s, %v", text, err)
	}
	run := func(stdin string, cmd ...string) (int, string, string) {
		t.Helper()
		s, err := a.Exec(ctx, cloud, id, admin.ExecSpec{Cmd: cmd, Stdin: stdin != ""})
		if err != nil {
			t.Fatal(err)
		}
		var in io.Reader
		if stdin != "" {
			in = strings.NewReader(stdin)
		}
		var out, errs strings.Builder
		status, err := s.Run(in, &out, &errs)
		if err != nil {
			t.Fatal(err)
		}
		return status, out.String(), errs.String()
	}
	if status, out, errs := run("three\nlines\nhere\n", "sh", "-c", "wc -l; echo trouble >&2; exit 7"); status != 7 || strings.TrimSpace(out) != "3" || errs != "trouble\n" {
		t.Errorf("%d, %q, %q", status, out, errs)
	}
	get := func(from string) (string, error) {
		conn, err := a.Dial(ctx, cloud, id, admin.DialSpec{From: from, Port: 8080, Timeout: 1000})
		if err != nil {
			return "", err
		}
		defer conn.Close()
		fmt.Fprint(conn, "GET / HTTP/1.0\r\n\r\n")
		b, err := io.ReadAll(conn)
		return string(b), err
	}
	refused := func(from, code string) {
		t.Helper()
		var e *admin.Error
		if text, err := get(from); !errors.As(err, &e) || e.Code != code {
			t.Errorf("from %q: %q, %v, want %s", from, text, err, code)
		}
	}
	refused("", admin.DialTimeout)
	open(8080)
	refused("198.51.100.1", admin.DialTimeout)
	for range 50 { // the rule is on its way
		if _, err := get(""); err != nil && strings.Contains(err.Error(), "refused") {
			break
		}
	}
	refused("", admin.DialRefused)
	if status, out, errs := run("", "sh", "-c", "mkdir -p /srv/www && echo 맛집 > /srv/www/index.html && (httpd -p 8080 -h /srv/www >/dev/null 2>&1 &)"); status != 0 {
		t.Fatalf("%d, %s%s", status, out, errs)
	}
	for range 50 {
		text, err := get("")
		if strings.Contains(text, "맛집") {
			return
		}
		t.Logf("%q, %v", text, err)
		time.Sleep(20 * time.Millisecond)
	}
	t.Error("its page does not come")
}
