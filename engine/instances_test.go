package engine_test

import (
	"context"
	"encoding/base64"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"haneul/engine"
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
