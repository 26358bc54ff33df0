package engine_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"haneul/engine/admin"
	"haneul/engine/compute/docker"
	"haneul/engine/compute/docker/dockertest"
)

var starting = flag.Int("starting", 6, "how many instances start when the engine is killed")

// daemon is the real engine in a process of its own.
type daemon struct {
	home, program string
	process       *exec.Cmd
}

// run starts the engine and returns how it is reached.
func (d *daemon) run(a *account) {
	a.Helper()
	state := filepath.Join(d.home, "data", "engine.json")
	_ = os.Remove(state)
	d.process = exec.Command(d.program, "cloud", "--listen", "127.0.0.1:0")
	d.process.Env = append(os.Environ(), "HANEUL_HOME="+d.home) // it may have to build the guest: with Go's caches
	log, err := os.OpenFile(filepath.Join(d.home, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	a.must(err)
	defer log.Close()
	d.process.Stdout, d.process.Stderr = log, log
	a.must(d.process.Start())
	var at struct{ Endpoint, Token string }
	a.eventually(func() bool {
		b, err := os.ReadFile(state)
		return err == nil && json.Unmarshal(b, &at) == nil && at.Endpoint != ""
	}, func() string { return "the engine does not start" })
	a.endpoint, a.admin = at.Endpoint, admin.NewClient(at.Endpoint, at.Token)
	a.keys, err = a.admin.Cloud(a.Context(), a.name)
	a.must(err)
	a.ec2 = ec2.NewFromConfig(aws.Config{Region: "ap-northeast-2", BaseEndpoint: &a.endpoint,
		Credentials: credentials.NewStaticCredentialsProvider(a.keys.AccessKeyID, a.keys.SecretAccessKey, "")})
}

// kill is what a power cut or an impatient person does.
func (d *daemon) kill() {
	_ = d.process.Process.Kill()
	_ = d.process.Wait()
}

// TestKilledEngine: the engine is killed twice while instances start. When it is back nothing is lost, doubled or left over.
func TestKilledEngine(t *testing.T) {
	if testing.Short() {
		t.Skip("boots machines")
	}
	home := t.TempDir()
	sum := sha256.Sum256([]byte(filepath.Join(home, "data", "clouds")))
	owner := hex.EncodeToString(sum[:5])
	dockertest.New(t, docker.Options{Owner: owner, Warm: -1}) // sweeps in the end
	d := &daemon{home: home, program: filepath.Join(home, "haneul")}
	if out, err := exec.Command("go", "build", "-o", d.program, "haneul/cmd/haneul").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	a := &account{T: t, stage: &stage{owner: owner}, name: admin.DefaultCloud}
	t.Cleanup(func() {
		d.kill()
		if log, err := os.ReadFile(filepath.Join(home, "log")); t.Failed() && err == nil {
			t.Logf("%s", log)
		}
	})
	d.run(a)
	n := int32(*starting)
	var want []string
	for _, i := range ask(a, a.ec2.RunInstances, &ec2.RunInstancesInput{ImageId: aws.String(al2023), InstanceType: types.InstanceTypeT2Micro, MinCount: &n, MaxCount: &n,
		UserData: aws.String(encoded("#!/bin/sh\necho once >> /root/launches\n"))}).Instances {
		want = append(want, *i.InstanceId)
	}
	slices.Sort(want)
	for _, later := range []time.Duration{300 * time.Millisecond, 900 * time.Millisecond} {
		time.Sleep(later) // somewhere in the middle
		d.kill()
		d.run(a)
	}
	for _, id := range want {
		a.until(id, types.InstanceStateNameRunning)
	}
	list := func(kind, format string) []string {
		all := strings.Fields(a.docker("ps", "-a", "--filter", "label=haneul.owner="+owner, "--filter", "label=haneul.kind="+kind, "--format", format))
		slices.Sort(all)
		return all
	}
	machines := func() (ids []string) {
		for _, name := range list("instance", "{{.Names}}") {
			if id, _, ok := strings.Cut(strings.TrimPrefix(name, "haneul-"+owner+"-"+a.name+"-"), "_"); ok { // another stands by
				ids = append(ids, id)
			}
		}
		return ids
	}
	if got := machines(); !slices.Equal(got, want) {
		t.Errorf("the instances %v have the machines %v", want, got)
	}
	for _, id := range want {
		if out := a.in(id, "cat /root/launches"); out != "once" {
			t.Errorf("the user data of %s ran like this: %q", id, out)
		}
	}
	ask(a, a.ec2.TerminateInstances, &ec2.TerminateInstancesInput{InstanceIds: want})
	for _, id := range want {
		a.until(id, types.InstanceStateNameTerminated)
	}
	if got := machines(); len(got) > 0 {
		t.Errorf("machines are left over: %v", got)
	}
	a.eventually(func() bool { return len(list("eni", "{{.Names}}")) <= 2 }, func() string { return "ENIs are left over beside the warm ones" })
}
