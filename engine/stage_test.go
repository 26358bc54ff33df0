package engine_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"haneul/engine"
	"haneul/engine/admin"
	"haneul/engine/compute/docker"
	"haneul/engine/compute/docker/dockertest"
)

const al2023 = "ami-02023000000000086"

// stage is an engine with machines on the real Docker.
type stage struct {
	owner, endpoint string
	runtime         *docker.Runtime
	admin           *admin.Client
	leave           func() // stops the engine, as the test's end does
}

func newStage(t *testing.T) *stage {
	t.Helper()
	if testing.Short() {
		t.Skip("boots machines")
	}
	var host *engine.Host
	s := &stage{owner: dockertest.Owner()}
	s.runtime = dockertest.New(t, docker.Options{Owner: s.owner, Cloud: func(_ docker.Origin, c net.Conn) { host.Answer(c) }})
	host, err := engine.Open(engine.HostOptions{Token: "t", Log: t.Logf, Runtime: s.runtime})
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
	s.leave = sync.OnceFunc(func() { stop(); <-done; host.Close() })
	t.Cleanup(s.leave)
	s.endpoint = "http://" + l.Addr().String()
	s.admin = admin.NewClient(s.endpoint, "t")
	return s
}

// account is a cloud of a stage as its owner uses it.
type account struct {
	*testing.T
	*stage
	name string
	keys admin.Cloud
	ec2  *ec2.Client
	iam  *iam.Client
	sqs  *sqs.Client
}

func (s *stage) account(t *testing.T, name string) *account {
	t.Helper()
	keys, err := s.admin.Create(t.Context(), admin.CloudSpec{Name: name, Memory: true})
	if err != nil {
		t.Fatal(err)
	}
	config := aws.Config{Region: "ap-northeast-2", BaseEndpoint: &s.endpoint,
		Credentials: credentials.NewStaticCredentialsProvider(keys.AccessKeyID, keys.SecretAccessKey, "")}
	return &account{t, s, name, keys, ec2.NewFromConfig(config), iam.NewFromConfig(config), sqs.NewFromConfig(config)}
}

func (a *account) must(err error) {
	a.Helper()
	if err != nil {
		a.Fatal(err)
	}
}

// ask is a call whose failure ends the test.
func ask[I, O, F any](a *account, call func(context.Context, I, ...F) (O, error), in I) O {
	a.Helper()
	out, err := call(a.Context(), in)
	a.must(err)
	return out
}

// environment is what a client program needs, and nothing of the machine's own AWS settings.
func (a *account) environment() []string {
	home := a.TempDir()
	return []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "ENDPOINT=" + a.endpoint, "AWS_ACCESS_KEY_ID=" + a.keys.AccessKeyID,
		"AWS_SECRET_ACCESS_KEY=" + a.keys.SecretAccessKey, "AWS_DEFAULT_REGION=ap-northeast-2", "AWS_CONFIG_FILE=" + filepath.Join(home, "config"),
		"AWS_SHARED_CREDENTIALS_FILE=" + filepath.Join(home, "credentials"), "AWS_EC2_METADATA_DISABLED=true", "AWS_PAGER=", "NO_PROXY=*", "LC_ALL=C.UTF-8"}
}

// launch starts n instances and waits until they run.
func (a *account) launch(n int32, with func(*ec2.RunInstancesInput)) (ids []string) {
	a.Helper()
	in := &ec2.RunInstancesInput{ImageId: aws.String(al2023), InstanceType: types.InstanceTypeT3Nano, MinCount: &n, MaxCount: &n}
	if with != nil {
		with(in)
	}
	for _, i := range ask(a, a.ec2.RunInstances, in).Instances {
		ids = append(ids, *i.InstanceId)
	}
	for _, id := range ids {
		a.until(id, types.InstanceStateNameRunning)
	}
	return ids
}

func (a *account) one(with func(*ec2.RunInstancesInput)) string {
	a.Helper()
	return a.launch(1, with)[0]
}

func (a *account) see(id string) types.Instance {
	a.Helper()
	return ask(a, a.ec2.DescribeInstances, &ec2.DescribeInstancesInput{InstanceIds: []string{id}}).Reservations[0].Instances[0]
}

// until waits for a state.
func (a *account) until(id string, want types.InstanceStateName) types.Instance {
	a.Helper()
	var i types.Instance
	complaint := func() string {
		why := ""
		if i.StateReason != nil {
			why = *i.StateReason.Message
		}
		return fmt.Sprintf("%s is %s, not %s: %s", id, i.State.Name, want, why)
	}
	a.eventually(func() bool {
		i = a.see(id)
		return i.State.Name == want || i.State.Name == types.InstanceStateNameTerminated // from which nothing comes back
	}, complaint)
	if i.State.Name != want {
		a.Fatal(complaint())
	}
	return i
}

// patience is how long anything may take that waits for Docker on a busy machine.
const patience = 60 * time.Second

// eventually waits until something is so.
func (a *account) eventually(so func() bool, complaint func() string) {
	a.Helper()
	for end := time.Now().Add(patience); !so(); time.Sleep(30 * time.Millisecond) {
		if time.Now().After(end) {
			a.Fatal(complaint())
		}
	}
}

func (a *account) stop(id string) {
	a.Helper()
	ask(a, a.ec2.StopInstances, &ec2.StopInstancesInput{InstanceIds: []string{id}, Force: aws.Bool(true)})
	a.until(id, types.InstanceStateNameStopped)
}

func (a *account) start(id string) {
	a.Helper()
	ask(a, a.ec2.StartInstances, &ec2.StartInstancesInput{InstanceIds: []string{id}})
	a.until(id, types.InstanceStateNameRunning)
}

func (a *account) end(id string) {
	a.Helper()
	ask(a, a.ec2.TerminateInstances, &ec2.TerminateInstancesInput{InstanceIds: []string{id}})
	a.until(id, types.InstanceStateNameTerminated)
}

// try runs a shell command in an instance.
func (a *account) try(id, script string) (out string, status int) {
	a.Helper()
	ctx, cancel := context.WithTimeout(a.Context(), patience)
	defer cancel()
	s, err := a.admin.Exec(ctx, a.name, id, admin.ExecSpec{Cmd: []string{"/bin/sh", "-c", script}})
	a.must(err)
	var b bytes.Buffer
	status, err = s.Run(nil, &b, &b)
	a.must(err)
	return strings.TrimSpace(b.String()), status
}

// in demands that a command succeeds.
func (a *account) in(id, script string) string {
	a.Helper()
	out, status := a.try(id, script)
	if status != 0 {
		a.Fatalf("in %s: %s\nends with %d: %s", id, script, status, out)
	}
	return out
}

// get asks an instance's web server from an address, "" for somebody on the internet. The error is Timeout or Refused.
func (a *account) get(from, id, path string, port int) (string, error) {
	a.Helper()
	conn, err := a.admin.Dial(a.Context(), a.name, id, admin.DialSpec{From: from, Port: port, Timeout: 700})
	var e *admin.Error
	if errors.As(err, &e) {
		return "", errors.New(e.Code)
	}
	if err != nil {
		return "", err
	}
	defer conn.Close()
	fmt.Fprintf(conn, "GET %s HTTP/1.0\r\n\r\n", path)
	b, err := io.ReadAll(conn)
	_, body, _ := strings.Cut(string(b), "\r\n\r\n")
	return strings.TrimSpace(body), err
}

// answers waits until a page says something, or its error is that.
func (a *account) answers(from, id, path string, port int, want string) {
	a.Helper()
	var got string
	a.eventually(func() bool {
		body, err := a.get(from, id, path, port)
		if got = body; err != nil {
			got = err.Error()
		}
		return got == want
	}, func() string { return fmt.Sprintf("%s of %s says %q to %q, want %q", path, id, got, from, want) })
}

// container is Docker's name of what an instance runs in; its ENI's container is network.
func (a *account) container(id string) string {
	a.Helper()
	return a.docker("ps", "-a", "--filter", "name=haneul-"+a.owner+"-"+a.name+"-"+id+"_", "--format", "{{.Names}}")
}

func (a *account) network(id string) string {
	a.Helper()
	mode := a.docker("inspect", "-f", "{{.HostConfig.NetworkMode}}", a.container(id))
	return strings.TrimPrefix(mode, "container:")
}

func (a *account) docker(args ...string) string {
	a.Helper()
	out, err := exec.Command("docker", args...).CombinedOutput()
	if err != nil {
		a.Fatalf("docker %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

func (a *account) group(name string) string {
	a.Helper()
	return *ask(a, a.ec2.CreateSecurityGroup, &ec2.CreateSecurityGroupInput{GroupName: &name, Description: &name}).GroupId
}

func rule(port int32, cidr, group string) []types.IpPermission {
	p := types.IpPermission{IpProtocol: aws.String("tcp"), FromPort: &port, ToPort: &port}
	if cidr != "" {
		p.IpRanges = []types.IpRange{{CidrIp: &cidr}}
	} else {
		p.UserIdGroupPairs = []types.UserIdGroupPair{{GroupId: &group}}
	}
	return []types.IpPermission{p}
}

func encoded(userData string) string { return base64.StdEncoding.EncodeToString([]byte(userData)) }
