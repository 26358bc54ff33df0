package docker_test

import (
	"bytes"
	"context"
	"net/netip"
	"strings"
	"testing"
	"time"

	"haneul/engine/compute"
	"haneul/engine/compute/docker"
	"haneul/engine/compute/docker/dockertest"
)

// world is a VPC on the real Docker.
type world struct {
	testing.TB
	*docker.Runtime
	ctx   context.Context
	cloud string
}

var (
	vpcCIDR = netip.MustParsePrefix("172.31.0.0/16")
	subnet  = netip.MustParsePrefix("172.31.0.0/20")
)

// patience is how long a test waits for what must happen: others may use the machine.
const patience = 60 * time.Second

func newWorld(t testing.TB, o docker.Options) *world {
	w := &world{t, dockertest.New(t, o), t.Context(), "lab"}
	w.vpc(w.cloud)
	return w
}

func (w *world) vpc(cloud string) {
	w.Helper()
	if err := w.CreateVPC(w.ctx, compute.VPC{Cloud: cloud, ID: "vpc-1", CIDR: vpcCIDR}); err != nil {
		w.Fatal(err)
	}
}

func (w *world) eni(ip string, r compute.Rules) compute.ENI {
	w.Helper()
	e, err := w.AcquireENI(w.ctx, w.cloud, "vpc-1", compute.Address{Subnet: subnet, IP: netip.MustParseAddr(ip)})
	if err != nil {
		w.Fatal(err)
	}
	if err := e.ApplySecurityGroups(w.ctx, r); err != nil {
		w.Fatal(err)
	}
	return e
}

func (w *world) spec(id string, e compute.ENI) compute.InstanceSpec {
	return compute.InstanceSpec{Cloud: w.cloud, ID: id, ENI: e, CPUs: 1, Memory: 256 << 20, Disk: 8 << 30}
}

func (w *world) launch(id, ip string, r compute.Rules) compute.Instance {
	w.Helper()
	i, err := w.Launch(w.ctx, w.spec(id, w.eni(ip, r)))
	if err != nil {
		w.Fatal(err)
	}
	return i
}

// run executes a shell command in an instance.
func (w *world) run(i compute.Instance, script string) (out string, status int) {
	w.Helper()
	var b bytes.Buffer
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	s, err := i.Exec(ctx, compute.ExecSpec{Cmd: []string{"/bin/sh", "-c", script}, Stdout: &b, Stderr: &b})
	if err != nil {
		w.Fatal(err)
	}
	if status, err = s.Wait(ctx); err != nil {
		w.Fatal(err)
	}
	return strings.TrimSpace(b.String()), status
}

func open() compute.Rules { return compute.Rules{Egress: compute.AllOut()} }

func TestLaunch(t *testing.T) {
	w := newWorld(t, docker.Options{})
	i := w.launch("i-1", "172.31.5.10", open())
	if i.State() != compute.Running {
		t.Error("state", i.State())
	}
	out, status := w.run(i, "echo $HOSTNAME; exit 3")
	if out != "ip-172-31-5-10" || status != 3 {
		t.Errorf("said %q, ended with %d", out, status)
	}
}
