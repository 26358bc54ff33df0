package docker_test

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"haneul/engine/compute"
	"haneul/engine/compute/docker"
	"haneul/engine/compute/docker/dockertest"
)

// warm makes the VPC have n machines that stand by; ids are their containers.
func (w *world) warm(owner string, n int) (ids []string) {
	w.Helper()
	w.must(w.Warm(w.ctx, w.cloud, "vpc-1", n))
	return w.standing(owner)
}

func (w *world) standing(owner string) []string {
	w.Helper()
	return strings.Fields(w.outside("ps", "-a", "-q", "--no-trunc", "--filter", "name=haneul-"+owner+"-lab-warm-"))
}

const launches = "#!/bin/sh\necho once >> /root/launches\n"

func TestStandby(t *testing.T) {
	owner := dockertest.Owner()
	w := newWorld(t, docker.Options{Owner: owner, Warm: -1})
	stood := w.warm(owner, 1)
	if all, err := w.List(w.ctx, w.cloud); err != nil || len(all) > 0 {
		t.Errorf("%d instances stand by, %v", len(all), err)
	}

	e := w.eni("172.31.5.10", open())
	w.must(e.PushMetadata(w.ctx, compute.Metadata{InstanceID: "i-1", UserData: []byte(launches)}))
	i, err := w.Launch(w.ctx, w.spec("i-1", e))
	w.must(err)
	if left := w.standing(owner); len(left) > 0 {
		t.Errorf("still standing by: %v", left)
	}
	id := w.outside("ps", "--no-trunc", "--format", "{{.ID}}", "--filter", "name=-lab-i-1_172.31.5.10_20")
	if id != stood[0] {
		t.Errorf("the instance is %s, and %v stood by", id, stood)
	}
	if l := i.Limits(); l.CPUs != 1 || l.Memory != 256<<20 {
		t.Errorf("%+v", l)
	}
	if got := w.outside("inspect", "-f", "{{.HostConfig.NanoCpus}} {{.HostConfig.Memory}} {{.HostConfig.MemorySwap}}", stood[0]); got != "1000000000 268435456 268435456" {
		t.Errorf("limits in force: %s", got)
	}
	if out, _ := w.run(i, "echo $HOSTNAME; hostname"); out != "ip-172-31-5-10\nip-172-31-5-10" {
		t.Errorf("it is called %q", out)
	}
	w.launchedOnce(i)
	if b, err := i.Console(w.ctx); err != nil || !strings.HasPrefix(string(b), compute.Ready+"\n") {
		t.Errorf("the console says %q, %v", b, err)
	}

	// Started again, it need not be told to boot.
	w.must(i.Stop(w.ctx, time.Second))
	w.must(i.Start(w.ctx))
	w.outside("restart", "-t", "1", stood[0])
	w.expect(i, "/root/launches", "once")

	// The next engine knows it by its name.
	next := dockertest.Open(t, docker.Options{Owner: owner, Warm: -1})
	found, err := next.Find(w.ctx, w.cloud, "i-1")
	w.must(err)
	if found.State() != compute.Running || found.ENI().IP() != netip.MustParseAddr("172.31.5.10") {
		t.Errorf("%s at %s", found.State(), found.ENI().IP())
	}

	// An engine that ends in peace leaves none standing.
	w.warm(owner, 1)
	w.must(w.Close())
	if left := w.standing(owner); len(left) > 0 {
		t.Errorf("left standing: %v", left)
	}
	w.Runtime = next
	if out, _ := w.run(found, "hostname"); out != "ip-172-31-5-10" {
		t.Errorf("it has become %q", out)
	}
}

// What stands by is not used for what it does not fit, nor if it has died.
func TestStandbyThatDoesNotFit(t *testing.T) {
	owner := dockertest.Owner()
	w := newWorld(t, docker.Options{Owner: owner, Warm: -1})
	launch := func(id, ip string, change func(s *compute.InstanceSpec, machine string)) {
		t.Helper()
		stood := w.warm(owner, 1)
		s := w.spec(id, w.eni(ip, open()))
		change(&s, stood[0])
		i, err := w.Launch(w.ctx, s)
		w.must(err)
		if out, _ := w.run(i, "hostname"); out != "ip-"+strings.ReplaceAll(ip, ".", "-") {
			t.Errorf("%s is called %q", id, out)
		}
		if left := w.standing(owner); len(left) > 0 {
			t.Errorf("beside %s: %v", id, left)
		}
	}
	w.must(w.CreateVolume(w.ctx, compute.Volume{Cloud: w.cloud, ID: "vol-1"}))
	launch("i-1", "172.31.5.10", func(s *compute.InstanceSpec, _ string) {
		s.Mounts = []compute.Mount{{Volume: "vol-1", Path: "/mnt/data"}}
	})
	launch("i-2", "172.31.5.11", func(s *compute.InstanceSpec, _ string) {
		s.InstanceStore, s.InstanceStoreSize = "/mnt/ephemeral0", 1<<20
	})
	launch("i-3", "172.31.5.12", func(s *compute.InstanceSpec, _ string) { s.Disk = 20 << 30 })
	launch("i-4", "172.31.5.13", func(_ *compute.InstanceSpec, machine string) { w.outside("kill", machine) })
}

// An engine that dies leaves machines that nobody wants any more, and perhaps one that has got its name and was not told to
// boot.
func TestStandbyWhenTheEngineDies(t *testing.T) {
	owner := dockertest.Owner()
	w := newWorld(t, docker.Options{Owner: owner, Warm: -1})
	stood := w.warm(owner, 2)
	e := w.eni("172.31.5.10", open()) // configured, and known by nobody after this
	w.outside("rename", w.machineAt(e), "haneul-"+owner+"-lab-i-1_172.31.5.10_20")

	next := dockertest.Open(t, docker.Options{Owner: owner, Warm: -1})
	i, err := next.Find(w.ctx, w.cloud, "i-1")
	w.must(err)
	if left := w.standing(owner); len(left) > 0 {
		t.Errorf("of %v there are still %v", stood, left)
	}
	w.Runtime = next
	if b, err := i.Console(w.ctx); err != nil || len(b) > 0 {
		t.Errorf("it booted by itself: %q, %v", b, err)
	}
	w.must(i.ENI().PushMetadata(w.ctx, compute.Metadata{InstanceID: "i-1", UserData: []byte(launches)}))
	w.must(i.Start(w.ctx))
	w.must(i.Start(w.ctx))
	w.launchedOnce(i)
}

// launchedOnce waits for the user data, which run while the instance is in use already.
func (w *world) launchedOnce(i compute.Instance) {
	w.Helper()
	w.eventually(i, "cat /root/launches 2>/dev/null", "once")
}

// machineAt is the container that has joined an ENI.
func (w *world) machineAt(e compute.ENI) string {
	w.Helper()
	for _, line := range strings.Fields(w.outside("ps", "-aq", "--filter", "label=haneul.kind=instance")) {
		if strings.HasSuffix(w.outside("inspect", "-f", "{{.HostConfig.NetworkMode}}", line), e.ID()) {
			return line
		}
	}
	w.Fatal("no machine")
	return ""
}

// What the next engine does not know by its name is no machine that stands by: it keeps its disk and its network.
func TestRenamedInstance(t *testing.T) {
	owner := dockertest.Owner()
	w := newWorld(t, docker.Options{Owner: owner, Warm: -1})
	i := w.launch("i-1", "172.31.5.10", open())
	w.launch("i-2", "172.31.5.11", open())
	w.run(i, "echo mine >/root/a")
	ours, named := "haneul-"+owner+"-lab-i-1_172.31.5.10_20", "my-server-"+owner
	w.outside("rename", ours, named)
	stood := w.warm(owner, 1)

	next := dockertest.Open(t, docker.Options{Owner: owner, Warm: -1})
	if all, err := next.List(w.ctx, w.cloud); err != nil || len(all) != 1 || all[0].ID() != "i-2" {
		t.Errorf("%v %v", all, err)
	}
	if left := w.standing(owner); len(left) > 0 {
		t.Errorf("of %v there are still %v", stood, left)
	}
	w.outside("rename", named, ours)
	w.Runtime = next
	again, err := next.Find(w.ctx, w.cloud, "i-1")
	w.must(err)
	w.expect(again, "/root/a", "mine")
	w.must(again.ENI().PushMetadata(w.ctx, compute.Metadata{InstanceID: "i-1"})) // it is still there
}
