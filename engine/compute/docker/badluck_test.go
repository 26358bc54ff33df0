package docker_test

import (
	"bytes"
	"context"
	"net"
	"strconv"
	"testing"
	"time"

	"haneul/engine/compute"
	"haneul/engine/compute/docker"
	"haneul/engine/compute/docker/dockertest"
)

// bomb is user data in which every process starts three of its kind, for ever.
const bomb = `#!/bin/sh
printf '#!/bin/sh\n/root/bomb & /root/bomb & /root/bomb\n' >/root/bomb
chmod +x /root/bomb
while true; do /root/bomb; done
`

// A fork bomb takes all processes of its instance and none of anybody else's. Stopping and starting the instance ends it.
func TestForkBomb(t *testing.T) {
	if testing.Short() {
		t.Skip("the bomb costs seconds of everybody's time")
	}
	w := newWorld(t, docker.Options{Warm: -1})
	neighbour := w.launch("i-1", "172.31.5.10", open())
	s := w.spec("i-2", w.eni("172.31.5.11", open()))
	w.must(s.ENI.PushMetadata(w.ctx, compute.Metadata{InstanceID: s.ID, UserData: []byte(bomb)}))
	i, err := w.Launch(w.ctx, s)
	w.must(err)
	for end := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		text, err := i.Console(w.ctx)
		w.must(err)
		if bytes.Contains(text, []byte("Resource temporarily unavailable")) {
			break // it is at its limit
		}
		if time.Now().After(end) {
			t.Fatalf("nothing stops it: %s", text)
		}
	}
	w.expectAlive(neighbour)
	w.expectAlive(w.launch("i-3", "172.31.5.12", open()))
	w.must(i.Stop(w.ctx, time.Second))
	w.must(i.Start(w.ctx)) // user data runs once
	w.expectAlive(i)
	if out, status := w.run(i, "/root/bomb >/dev/null 2>&1 & true"); status != 0 {
		t.Error(out)
	}
	w.must(i.Terminate(w.ctx))
}

// A program that takes more memory than its instance has is killed, and that is told. The instance goes on.
func TestOutOfMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("boots a machine")
	}
	w := newWorld(t, docker.Options{Warm: -1})
	ctx, cancel := context.WithCancel(w.ctx)
	defer cancel()
	events := w.Events(ctx)
	i := w.launch("i-1", "172.31.5.10", open())
	waitFor(t, events, compute.Started)
	if out, status := w.run(i, "head -c 900M /dev/zero | tail -c 900M >/dev/null"); status != 137 {
		t.Errorf("it ended with %d: %s", status, out)
	}
	if e := waitFor(t, events, compute.OutOfMemory); e.ID != "i-1" || e.Cloud != w.cloud {
		t.Errorf("%+v", e)
	}
	w.expectAlive(i)
	if i.State() != compute.Running {
		t.Error("state", i.State())
	}
}

// An instance whose user data writes without end is stopped when that has reached the size of its disk, and told why.
func TestEndlessWriting(t *testing.T) {
	if testing.Short() {
		t.Skip("it writes much")
	}
	owner := dockertest.Owner()
	w := newWorld(t, docker.Options{Owner: owner, Warm: -1, DiskCheck: 300 * time.Millisecond})
	ctx, cancel := context.WithCancel(w.ctx)
	defer cancel()
	events := w.Events(ctx)
	neighbour := w.launch("i-1", "172.31.5.10", open())
	s := w.spec("i-2", w.eni("172.31.5.11", open()))
	s.Disk, s.CPUs = 64<<20, 0.5
	w.must(s.ENI.PushMetadata(w.ctx, compute.Metadata{InstanceID: s.ID, UserData: []byte(
		"#!/bin/sh\nn=0; while true; do dd if=/dev/zero of=/root/f$n bs=1M count=8 2>/dev/null; n=$((n+1)); done\n")}))
	i, err := w.Launch(w.ctx, s)
	w.must(err)
	if e := waitFor(t, events, compute.Died); e.ID != "i-2" || e.Expected || e.Reason != "Its root disk of 0.1 GiB is full." {
		t.Errorf("%+v", e)
	}
	id := w.outside("ps", "-aq", "--filter", "name=haneul-"+owner+"-lab-i-2")
	wrote, err := strconv.ParseInt(w.outside("inspect", "--size", "-f", "{{.SizeRw}}", id), 10, 64)
	if err != nil || wrote < s.Disk {
		t.Errorf("of %d bytes it has written %d: %v", s.Disk, wrote, err)
	}
	w.expectAlive(neighbour)
	w.must(i.Terminate(w.ctx))
}

// Somebody pauses an instance's network interface: that is told, and it goes on when they or a stop and a start resume it.
func TestPausedENI(t *testing.T) {
	served := make(chan bool, 16)
	w := newWorld(t, docker.Options{Warm: -1, Cloud: func(_ docker.Origin, c net.Conn) {
		c.Close()
		served <- true
	}})
	ctx, cancel := context.WithCancel(w.ctx)
	defer cancel()
	events := w.Events(ctx)
	i := w.launch("i-1", "172.31.5.10", compute.Rules{Ingress: []compute.Rule{tcp(81, "0.0.0.0/0")}, Egress: compute.AllOut()})
	waitFor(t, events, compute.Started)
	pause := func() {
		t.Helper()
		w.outside("pause", i.ENI().ID())
		if e := waitFor(t, events, compute.NetworkLost); e.ID != "i-1" {
			t.Errorf("%+v", e)
		}
	}
	allow := func(port int) { // for nobody listens
		t.Helper()
		waiting, end := context.WithTimeout(w.ctx, patience)
		defer end()
		w.must(i.ENI().ApplySecurityGroups(waiting, compute.Rules{Ingress: []compute.Rule{tcp(port, "0.0.0.0/0")}, Egress: compute.AllOut()}))
	}
	refused := func(port string) {
		t.Helper()
		w.until(func() bool {
			_, err := w.get(laptop, "172.31.5.10:"+port, dropped)
			return err != nil && !isTimeout(err)
		})
	}
	pause()
	allow(82)
	w.outside("unpause", i.ENI().ID())
	if e := waitFor(t, events, compute.Resumed); e.ID != "i-1" || i.State() != compute.Running {
		t.Errorf("%+v, and it is %s", e, i.State())
	}
	refused("82")
	w.until(func() bool {
		w.run(i, "curl -s -m 1 http://169.254.170.254/")
		return len(served) > 0
	})

	pause()
	w.must(i.Stop(w.ctx, time.Second))
	allow(83) // as the cloud does before it starts one
	waiting, end := context.WithTimeout(w.ctx, patience)
	defer end()
	w.must(i.Start(waiting))
	refused("83")
}
