package docker_test

import (
	"bytes"
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"haneul/engine/compute"
	"haneul/engine/compute/docker"
	"haneul/engine/compute/docker/dockertest"
)

// hold runs a script until something ends it, and returns when it has printed a line.
func (w *world) hold(i compute.Instance, script string) compute.Session {
	w.Helper()
	var screen lockedBuffer
	s, err := i.Exec(w.ctx, compute.ExecSpec{Cmd: []string{"/bin/sh", "-c", script}, Stdout: &screen})
	w.must(err)
	w.until(func() bool { return strings.Contains(screen.String(), "\n") })
	return s
}

// cut is the exit status of a session that the machine has ended.
func (w *world) cut(s compute.Session) int {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	status, err := s.Wait(ctx)
	w.must(err)
	return status
}

func (w *world) until(done func() bool) {
	w.Helper()
	for end := time.Now().Add(patience); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			w.Fatal("it does not come to that")
		}
	}
}

// boots counts what an instance's console says of them.
func (w *world) boots(i compute.Instance) int {
	w.Helper()
	console, err := i.Console(w.ctx)
	w.must(err)
	n := 0
	for line := range bytes.Lines(console) {
		if string(line) == compute.Ready+"\n" {
			n++
		}
	}
	return n
}

// A reboot keeps what is in memory file systems, /run apart, and ends everything that runs.
func TestReboot(t *testing.T) {
	owner := dockertest.Owner()
	w := newWorld(t, docker.Options{Owner: owner, Warm: -1})
	ctx, cancel := context.WithCancel(w.ctx)
	defer cancel()
	events := w.Events(ctx)
	w.must(w.CreateVolume(w.ctx, compute.Volume{Cloud: w.cloud, ID: "vol-1"}))
	e := w.eni("172.31.5.10", open())
	// Every boot ends in a line without an end.
	w.must(e.PushMetadata(w.ctx, compute.Metadata{InstanceID: "i-1", UserData: []byte(`#!/bin/sh
echo once >> /mnt/ephemeral0/data
printf '#!/bin/sh\necho boot >> /mnt/ephemeral0/boots; sleep 1000 & sleep 0.1; printf up' > /etc/rc.local
chmod +x /etc/rc.local
`)}))
	s := w.spec("i-1", e)
	s.InstanceStore, s.InstanceStoreSize = "/mnt/ephemeral0", 64<<20
	i, err := w.Launch(w.ctx, s)
	w.must(err)
	if out, status := w.run(i, "echo kept > /mnt/ephemeral0/a; echo root > /root/a"); status != 0 {
		t.Fatal(out)
	}
	store := func(boots int) {
		t.Helper()
		w.expect(i, "/mnt/ephemeral0/a", "kept")
		w.expect(i, "/root/a", "root")
		w.expect(i, "/run/a", "")
		w.eventually(i, "wc -l < /mnt/ephemeral0/boots", strconv.Itoa(boots))
		w.expect(i, "/mnt/ephemeral0/data", "once")
		if n := w.boots(i); n != boots {
			t.Errorf("the console tells of %d boots, and there were %d", n, boots)
		}
		if i.State() != compute.Running {
			t.Error("state", i.State())
		}
	}
	store(1)
	w.run(i, "echo gone > /run/a")
	if out, _ := w.run(i, "touch -d 2020-01-01 /run/utmp; uptime"); !strings.Contains(out, " days, ") {
		t.Errorf("it is as old as the record of its boot: %s", out)
	}
	session := w.hold(i, "echo here; sleep 2000")
	w.must(i.Reboot(w.ctx, nil, time.Minute))
	if status := w.cut(session); status != 143 {
		t.Errorf("a session that a reboot cut off ended with %d", status)
	}
	store(2)
	if out, _ := w.run(i, "ps -eo args= | grep -c 'sleep [2]000'"); out != "0" {
		t.Errorf("after a reboot %s of what ran before run on", out)
	}
	if out, _ := w.run(i, "uptime"); !strings.Contains(out, " up 0 min, ") && !strings.Contains(out, " up 1 min, ") {
		t.Errorf("after a reboot: %s", out)
	}
	if out, _ := w.run(i, "cat /proc/1/cmdline | tr '\\0' ' '"); out != "/guest init" {
		t.Errorf("process 1 is %q", out)
	}
	// By hand.
	w.run(i, "echo gone > /run/a")
	session = w.hold(i, "echo here; reboot; sleep 2000")
	w.cut(session)
	w.until(func() bool { return w.boots(i) == 3 })
	store(3)
	// All that was no death of a container: the runtime's reader of events has seen one start.
	w.must(i.Stop(w.ctx, 5*time.Second))
	for _, want := range []compute.EventKind{compute.Started, compute.Died} {
		select {
		case e := <-events:
			if e.Kind != want {
				t.Errorf("%+v instead of %s", e, want)
			}
		case <-time.After(patience):
			t.Fatalf("no event %s", want)
		}
	}
	w.must(i.Start(w.ctx))

	// What cannot be rebooted is stopped and started: paused, with another network, with other volumes.
	w.run(i, "echo lost > /mnt/ephemeral0/b")
	w.outside("pause", "haneul-"+owner+"-lab-i-1_172.31.5.10_20")
	w.must(i.Reboot(w.ctx, nil, 15*time.Second))
	w.expect(i, "/mnt/ephemeral0/b", "")
	w.outside("kill", i.ENI().ID())
	w.must(i.ENI().ApplySecurityGroups(w.ctx, compute.Rules{Ingress: []compute.Rule{tcp(81, "0.0.0.0/0")}}))
	w.must(i.Reboot(w.ctx, nil, 15*time.Second))
	if _, err := w.get(laptop, "172.31.5.10:81", patience); err == nil || isTimeout(err) {
		t.Errorf("its network is not what it was: %v", err)
	}
	w.must(i.Reboot(w.ctx, []compute.Mount{{Volume: "vol-1", Path: "/mnt/data"}}, 15*time.Second))
	if out, status := w.run(i, "grep -c ' /mnt/data ' /proc/mounts"); out != "1" || status != 0 {
		t.Errorf("its new volume: %q", out)
	}
	w.expect(i, "/root/a", "root")
}

// An instance that does not end what runs in time is stopped and started.
func TestRebootOfAGuestThatHangs(t *testing.T) {
	w := newWorld(t, docker.Options{Warm: -1})
	s := w.spec("i-1", w.eni("172.31.5.10", open()))
	s.InstanceStore, s.InstanceStoreSize = "/mnt/ephemeral0", 64<<20
	i, err := w.Launch(w.ctx, s)
	w.must(err)
	w.run(i, "echo lost > /mnt/ephemeral0/a; echo root > /root/a")
	// Who is stopped does not hear SIGTERM, and init waits for it longer than this.
	w.run(i, "sleep 2000 >/dev/null 2>&1 & kill -STOP $!")
	w.must(i.Reboot(w.ctx, nil, 2*time.Second))
	w.expect(i, "/mnt/ephemeral0/a", "")
	w.expect(i, "/root/a", "root")
}
