package docker_test

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"haneul/engine/compute"
	"haneul/engine/compute/docker"
	"haneul/engine/compute/docker/dockertest"
)

// cramped is a world on a Docker of its own, whose disk the test fills.
type cramped struct {
	*world
	disk *dockertest.Daemon
}

func newCramped(t *testing.T, size int64, o docker.Options) *cramped {
	d := dockertest.NewDaemon(t, size)
	o.Getenv, o.Warm = d.Getenv, -1
	return &cramped{&world{t, dockertest.New(t, o), t.Context(), "lab"}, d}
}

// refused checks that something failed for want of room, in one line that says so in these words.
func (w *cramped) refused(what string, err error, says string) {
	w.Helper()
	if err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "\n") {
		w.Errorf("%s on a full disk: %v", what, err)
	}
}

const diskFull = "no room is left on Docker's disk"

// squeeze launches an instance when only so many bytes are free, and takes away what a launch that failed has left, as the
// EC2 service does.
func (w *cramped) squeeze(free int64) error {
	w.Helper()
	e := w.eni("172.31.5.12", open())
	w.disk.Leave(free)
	_, err := w.Launch(w.ctx, w.spec("i-3", e))
	if err == nil {
		return nil
	}
	if half, none := w.Find(w.ctx, w.cloud, "i-3"); none == nil {
		w.must(half.Terminate(w.ctx))
	} else {
		w.must(e.Release(w.ctx))
	}
	w.disk.Leave(1 << 30)
	return err
}

// Nothing is half done when there is no room, and all of it works once there is: the image, machines, volumes.
func TestFullDockerDisk(t *testing.T) {
	w := newCramped(t, 1<<30, docker.Options{DiskCheck: time.Hour})
	images := func() string { return w.disk.Docker("images", "--all", "--quiet") }
	w.disk.Leave(1 << 20)
	before := w.disk.Used()
	for range 2 { // a failure is not remembered as the image
		_, err := w.EnsureImage(w.ctx)
		w.refused("importing the image", err, diskFull)
	}
	if now := w.disk.Used(); images() != "" || now > before+64<<10 {
		t.Errorf("an image that had no room has left %d bytes and %q", now-before, images())
	}
	w.disk.Leave(1 << 30)
	w.vpc(w.cloud)
	i := w.launch("i-1", "172.31.5.10", open())
	other := w.launch("i-2", "172.31.5.11", open())
	w.must(w.CreateVolume(w.ctx, compute.Volume{Cloud: w.cloud, ID: "vol-1"}))
	w.must(other.Remount(w.ctx, []compute.Mount{{Volume: "vol-1", Path: "/mnt/data"}}))
	if out, status := w.run(other, "ln -s a /mnt/data/link && head -c 2000000 /dev/zero >/mnt/data/z"); status != 0 {
		t.Fatal(out)
	}

	was, had := images(), w.sorted()
	for _, free := range []int64{0, 16 << 10, 32 << 10} { // it ends in various places
		w.refused("launching", w.squeeze(free), diskFull)
		if now := w.sorted(); !slices.Equal(now, had) {
			t.Errorf("with %d bytes free a launch has left %q of %q", free, now, had)
		}
	}
	for _, free := range []int64{0, 16 << 10, 32 << 10} {
		w.disk.Leave(free)
		_, err := w.AcquireENI(w.ctx, w.cloud, "vpc-1", compute.Address{Subnet: subnet, IP: netip.MustParseAddr("172.31.5.12")})
		w.refused("an ENI", err, diskFull)
		if now := w.sorted(); !slices.Equal(now, had) {
			t.Errorf("with %d bytes free an ENI has left %q of %q", free, now, had)
		}
	}
	w.disk.Leave(1 << 20)
	w.refused("copying a volume", w.CopyVolume(w.ctx, "vol-1", compute.Volume{Cloud: w.cloud, ID: "snap-1"}), diskFull)
	w.disk.Leave(0)
	w.refused("making an image", i.Commit(w.ctx, "ami-1"), diskFull)
	if now := w.sorted(); images() != was || !slices.Equal(now, had) {
		t.Errorf("there is %q and %q, not %q and %q", images(), now, was, had)
	}
	// What needs no room goes on.
	w.expectAlive(i)
	w.must(i.Stop(w.ctx, time.Second))
	w.must(i.Start(w.ctx))
	w.expectAlive(i)
	w.must(i.Terminate(w.ctx))

	w.disk.Leave(1 << 30)
	w.must(w.CopyVolume(w.ctx, "vol-1", compute.Volume{Cloud: w.cloud, ID: "snap-1"}))
	w.must(other.Commit(w.ctx, "ami-1"))
	w.must(w.squeeze(1 << 30))
	w.disk.Leave(0) // and the end of it all needs none
	w.must(w.SweepAll(w.ctx))
	if now := w.sorted(); len(now) > 0 {
		t.Errorf("on a full disk this cannot be swept: %q", now)
	}
}

// Somebody removes the guest's image while nothing runs that was made of it.
func TestRemovedImage(t *testing.T) {
	w := newCramped(t, 1<<30, docker.Options{DiskCheck: time.Hour})
	ref, err := w.EnsureImage(w.ctx)
	w.must(err)
	w.disk.Docker("rmi", ref)
	w.vpc(w.cloud)
	w.expectAlive(w.launch("i-1", "172.31.5.10", open()))
}

// The instance that fills the machine's disk is stopped and told why. The others are not.
func TestFlood(t *testing.T) {
	const keptFree = 2 << 30
	o := docker.Options{Owner: dockertest.Owner(), DiskCheck: time.Second}
	w := newCramped(t, keptFree+256<<20, o)
	w.vpc(w.cloud)
	ctx, cancel := context.WithCancel(w.ctx)
	defer cancel()
	events := w.Events(ctx)
	quiet := w.launch("i-quiet", "172.31.5.10", open())
	if out, status := w.run(quiet, "head -c 4000000 /dev/zero >/root/a"); status != 0 {
		t.Fatal(out)
	}
	s := w.spec("i-flood", w.eni("172.31.5.11", open()))
	s.Memory = 2 << 30 // the disk is in memory, which counts as its own
	w.must(s.ENI.PushMetadata(w.ctx, compute.Metadata{InstanceID: s.ID, UserData: []byte("#!/bin/sh\ndd if=/dev/zero of=/root/flood bs=1M count=300\n")}))
	_, err := w.Launch(w.ctx, s)
	w.must(err)
	stopped := func(id string) {
		t.Helper()
		if e := waitFor(t, events, compute.Died); e.ID != id || e.Expected || !strings.Contains(e.Reason, "has written the most") {
			t.Errorf("%+v", e)
		}
	}
	stopped("i-flood")
	next := w.launch("i-next", "172.31.5.12", open())
	time.Sleep(3 * time.Second) // the disk is as full as it was, and looked at
	for _, i := range []compute.Instance{quiet, next} {
		if i.State() != compute.Running {
			t.Errorf("%s has written nothing, and is %s", i.ID(), i.State())
		}
		w.expectAlive(i)
	}
	w.disk.Leave(100 << 20)
	if out, status := w.run(next, "dd if=/dev/zero of=/root/flood bs=1M"); status == 0 { // to the last byte
		t.Errorf("there is no end to the disk: %s", out)
	}
	stopped("i-next")
	w.expectAlive(quiet)

	// The next engine does not blame anybody for what was written before it came.
	w.must(w.Close())
	o.Getenv, o.Warm = w.disk.Getenv, -1
	w.Runtime = dockertest.Open(t, o)
	w.disk.Leave(100 << 20)
	again, err := w.Find(w.ctx, w.cloud, "i-next")
	w.must(err)
	w.must(again.Start(w.ctx))
	time.Sleep(3 * time.Second)
	again, err = w.Find(w.ctx, w.cloud, "i-next")
	w.must(err)
	if again.State() != compute.Running {
		t.Fatalf("i-next has written nothing since, and is %s", again.State())
	}
	w.expectAlive(again)
}

// What is written to a volume counts as well, and what has been in one does not.
func TestFloodedVolume(t *testing.T) {
	const keptFree = 2 << 30
	w := newCramped(t, keptFree+512<<20, docker.Options{DiskCheck: time.Second})
	w.vpc(w.cloud)
	ctx, cancel := context.WithCancel(w.ctx)
	defer cancel()
	events := w.Events(ctx)
	with := func(id, ip, volume string) compute.Instance {
		w.must(w.CreateVolume(w.ctx, compute.Volume{Cloud: w.cloud, ID: volume}))
		s := w.spec(id, w.eni(ip, open()))
		s.Memory, s.Mounts = 2<<30, []compute.Mount{{Volume: volume, Path: "/mnt/data"}}
		i, err := w.Launch(w.ctx, s)
		w.must(err)
		return i
	}
	full := with("i-full", "172.31.5.10", "vol-1")
	if out, status := w.run(full, "head -c 200000000 /dev/zero >/mnt/data/a"); status != 0 {
		t.Fatal(out)
	}
	flood := with("i-flood", "172.31.5.11", "vol-2")
	w.run(flood, "(for n in 1 2 3 4 5 6 7 8 9; do head -c 100000000 /dev/zero >/mnt/data/$n; sleep 1; done) >/dev/null 2>&1 &")
	if e := waitFor(t, events, compute.Died); e.ID != "i-flood" || e.Expected || !strings.Contains(e.Reason, "has written the most") {
		t.Errorf("%+v", e)
	}
	w.expectAlive(full)
}
