package docker_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"haneul/engine/compute"
	"haneul/engine/compute/docker"
	"haneul/engine/compute/docker/dockertest"
)

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// say is what a file holds, read by the shell itself.
func say(path string) string { return `echo "$(<` + path + `)"` }

func TestDisks(t *testing.T) {
	w := newWorld(t, docker.Options{Warm: -1})
	w.must(w.CreateVolume(w.ctx, compute.Volume{Cloud: w.cloud, ID: "vol-1"}))
	s := w.spec("i-1", w.eni("172.31.5.10", open()))
	s.Mounts = []compute.Mount{{Volume: "vol-1", Path: "/mnt/data"}}
	s.InstanceStore, s.InstanceStoreSize = "/mnt/ephemeral0", 64<<20
	i, err := w.Launch(w.ctx, s)
	w.must(err)
	if out, status := w.run(i, "echo root >/root/a; echo volume >/mnt/data/a; echo memory >/mnt/ephemeral0/a"); status != 0 {
		t.Fatal(out)
	}
	w.must(i.Stop(w.ctx, 5*time.Second))
	if i.State() != compute.Stopped {
		t.Error("state", i.State())
	}
	w.must(w.CopyVolume(w.ctx, "vol-1", compute.Volume{Cloud: w.cloud, ID: "snap-1"}))
	w.must(i.Commit(w.ctx, "ami-1"))
	w.must(i.Start(w.ctx))
	w.expect(i, "/root/a", "root")
	w.expect(i, "/mnt/data/a", "volume")
	w.expect(i, "/mnt/ephemeral0/a", "")

	// Detaching restarts the instance on the same disk.
	if err := w.DeleteVolume(w.ctx, w.cloud, "vol-1"); !errors.Is(err, compute.ErrInUse) {
		t.Error("a volume in use was deleted:", err)
	}
	w.must(i.Remount(w.ctx, []compute.Mount{{Volume: "snap-1", Path: "/mnt/copy"}}))
	w.expect(i, "/root/a", "root")
	w.expect(i, "/mnt/copy/a", "volume")
	w.expect(i, "/mnt/data/a", "")
	w.must(i.Remount(w.ctx, nil))
	w.expect(i, "/root/a", "root")
	w.must(i.Stop(w.ctx, time.Second))
	s.CPUs, s.Mounts = 0.5, []compute.Mount{{Volume: "vol-1", Path: "/mnt/data"}}
	again, err := w.Launch(w.ctx, s) // launched again, with another size and a volume
	if err != nil || again != i || i.Limits().CPUs != 0.5 {
		t.Error(again, err, i.Limits())
	}
	w.expect(i, "/root/a", "root")
	w.expect(i, "/mnt/data/a", "volume")
	w.must(i.Remount(w.ctx, nil))
	again, err = w.Find(w.ctx, w.cloud, "i-1")
	if err != nil || again != i {
		t.Error(again, err)
	}
	w.must(w.DeleteVolume(w.ctx, w.cloud, "vol-1"))
	w.must(i.Terminate(w.ctx))

	// The image lives on without its instance.
	s = w.spec("i-2", w.eni("172.31.5.11", open()))
	s.Image = "ami-1"
	j, err := w.Launch(w.ctx, s)
	w.must(err)
	w.expect(j, "/root/a", "root")
	w.must(w.DeleteImage(w.ctx, w.cloud, "ami-1"))
	w.must(w.DeleteImage(w.ctx, w.cloud, "ami-1"))
	if _, err := w.Find(w.ctx, w.cloud, "i-1"); !errors.Is(err, compute.ErrNotFound) {
		t.Error("a terminated instance is found:", err)
	}
}

func (w *world) expect(i compute.Instance, path, want string) {
	w.Helper()
	out, _ := w.run(i, say(path)+" 2>/dev/null")
	if out != want {
		w.Errorf("%s holds %q, want %q", path, out, want)
	}
}

// An instance that fills its disk is stopped, and the reason is told.
func TestFullDisk(t *testing.T) {
	o := docker.Options{Owner: dockertest.Owner(), Warm: -1, DiskCheck: 300 * time.Millisecond}
	w := newWorld(t, o)
	s := w.spec("i-1", w.eni("172.31.5.10", open()))
	s.Disk = 4 << 20
	i, err := w.Launch(w.ctx, s)
	w.must(err)
	i.SetDisk(20 << 20) // it has grown
	w.run(i, "head -c 8000000 /dev/zero >/root/a; head -c 3000000 /dev/zero >/root/b; head -c 3000000 /dev/zero >/root/c")
	time.Sleep(time.Second)
	if i.State() != compute.Running {
		t.Error("it was stopped before its disk was full")
	}
	// The next engine looks at those it finds.
	w.must(w.Close())
	w.Runtime = dockertest.Open(t, o)
	ctx, cancel := context.WithCancel(w.ctx)
	defer cancel()
	events := w.Events(ctx)
	found, err := w.Find(w.ctx, w.cloud, "i-1")
	w.must(err)
	time.Sleep(time.Second) // the subscription stands
	found.SetDisk(s.Disk)
	for end := time.After(patience); ; {
		select {
		case e := <-events:
			if e.Kind != compute.Died {
				continue
			}
			if e.Expected || !strings.Contains(e.Reason, "full") {
				t.Errorf("%+v", e)
			}
		case <-end:
			t.Error("it runs on")
		}
		break
	}
}

// A volume's copy must exist before it is copied from.
func TestMissingVolume(t *testing.T) {
	w := newWorld(t, docker.Options{Warm: -1})
	if err := w.CopyVolume(w.ctx, "vol-0", compute.Volume{Cloud: w.cloud, ID: "vol-1"}); !errors.Is(err, compute.ErrNotFound) {
		t.Error(err)
	}
}

func TestEventsAndHealing(t *testing.T) {
	owner := dockertest.Owner()
	w := newWorld(t, docker.Options{Owner: owner, Warm: -1})
	ctx, cancel := context.WithCancel(w.ctx)
	defer cancel()
	events := w.Events(ctx)
	next := func(kind compute.EventKind) compute.Event {
		t.Helper()
		for {
			select {
			case e := <-events:
				if e.Kind == kind {
					return e
				}
			case <-time.After(patience):
				t.Fatalf("no event %s", kind)
			}
		}
	}
	time.Sleep(time.Second) // the subscription stands
	i := w.launch("i-1", "172.31.5.10", compute.Rules{Ingress: []compute.Rule{tcp(81, "0.0.0.0/0")}, Egress: compute.AllOut()})
	if e := next(compute.Started); e.ID != "i-1" || e.Cloud != w.cloud {
		t.Errorf("%+v", e)
	}
	w.must(i.Stop(w.ctx, 2*time.Second))
	if e := next(compute.Died); !e.Expected || e.ExitCode != 0 {
		t.Errorf("our own stop: %+v", e)
	}
	w.must(i.Start(w.ctx))
	w.outside("kill", "haneul-"+owner+"-lab-i-1_172.31.5.10_20")
	if e := next(compute.Died); e.Expected || e.ExitCode != 137 {
		t.Errorf("somebody's kill: %+v", e)
	}
	if i.State() != compute.Stopped {
		t.Error("state", i.State())
	}
	w.must(i.Start(w.ctx))
	w.outside("kill", i.ENI().ID())
	if e := next(compute.NetworkLost); e.ID != "i-1" {
		t.Errorf("somebody killed its ENI: %+v", e)
	}
	w.must(i.Stop(w.ctx, 2*time.Second))
	w.must(i.Start(w.ctx))
	if _, err := w.get(laptop, "172.31.5.10:81", patience); err == nil || isTimeout(err) {
		t.Errorf("its network is not what it was: %v", err)
	}
	// Even without an ENI the disk is there.
	w.run(i, "echo here >/root/a")
	w.must(i.Stop(w.ctx, 2*time.Second))
	w.outside("rm", "-f", i.ENI().ID())
	w.must(i.Start(w.ctx))
	w.expect(i, "/root/a", "here")
	if _, err := w.get(laptop, "172.31.5.10:81", patience); err == nil || isTimeout(err) {
		t.Errorf("its new network is not what the old one was: %v", err)
	}
	w.outside("rm", "-f", "haneul-"+owner+"-lab-i-1_172.31.5.10_20")
	if e := next(compute.Removed); e.Expected {
		t.Errorf("%+v", e)
	}
	if err := i.Start(w.ctx); !errors.Is(err, compute.ErrNotFound) {
		t.Error(err)
	}
}

// outside does what a learner can do with Docker behind our back.
func (w *world) outside(args ...string) string {
	w.Helper()
	out, err := exec.Command("docker", args...).CombinedOutput()
	if err != nil {
		w.Fatalf("docker %v: %v %s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

func TestLimits(t *testing.T) {
	w := newWorld(t, docker.Options{Warm: -1})
	caps, err := w.Info(w.ctx)
	w.must(err)
	s := w.spec("i-1", w.eni("172.31.5.10", open()))
	s.CPUs, s.Memory = float64(caps.CPUs)+2, 2*caps.Memory
	i, err := w.Launch(w.ctx, s)
	w.must(err)
	if l := i.Limits(); l.CPUs != float64(caps.CPUs) || l.Memory >= caps.Memory || l.Clamped == "" {
		t.Errorf("%+v", l)
	}
	w.must(i.Stop(w.ctx, time.Second))
	l, err := i.Resize(w.ctx, 0.5, 128<<20)
	if err != nil || l.Clamped != "" || i.Limits() != l {
		t.Errorf("%+v %v", l, err)
	}
	w.must(i.Start(w.ctx))
	if out, _ := w.run(i, say("/sys/fs/cgroup/memory/memory.limit_in_bytes")+" || "+say("/sys/fs/cgroup/memory.max")); !strings.Contains(out, "134217728") {
		t.Errorf("its memory is %s", out)
	}
	// Forks without end hit the limit (a process has several threads), and the instance answers still.
	w.run(i, "n=0; while [ $n -lt 150 ]; do sleep 3 & n=$((n+1)); done >/dev/null 2>&1")
	time.Sleep(4 * time.Second)
	w.eventually(i, "echo alive", "alive")
}

func TestExec(t *testing.T) {
	w := newWorld(t, docker.Options{Warm: -1})
	i := w.launch("i-1", "172.31.5.10", open())
	var out, errs bytes.Buffer
	s, err := i.Exec(w.ctx, compute.ExecSpec{
		Cmd: []string{"/bin/sh", "-c", `read x; echo "got $x as $(id -u 2>/dev/null)$V"; echo wrong >&2; exit 7`},
		Env: []string{"V=!"}, User: "ec2-user", Dir: "/home/ec2-user", Stdin: strings.NewReader("it\n"), Stdout: &out, Stderr: &errs,
	})
	w.must(err)
	status, err := s.Wait(w.ctx)
	if err != nil || status != 7 || !strings.HasPrefix(out.String(), "got it as ") || errs.String() != "wrong\n" {
		t.Errorf("%d %v %q %q", status, err, out.String(), errs.String())
	}

	keys, typed := io.Pipe()
	var screen lockedBuffer
	s, err = i.Exec(w.ctx, compute.ExecSpec{Cmd: []string{"/bin/sh", "-l"}, TTY: true, Columns: 80, Rows: 24, Stdin: keys, Stdout: &screen})
	w.must(err)
	w.must(s.Resize(w.ctx, 101, 33))
	io.WriteString(typed, "echo A$((40+2))B; exit 5\r")
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	if status, err := s.Wait(ctx); err != nil || status != 5 || !strings.Contains(screen.String(), "A42B") {
		t.Errorf("%d %v %q", status, err, screen.String())
	}
	if console, err := i.Console(w.ctx); err != nil || !strings.Contains(string(console), compute.Ready) {
		t.Errorf("console %q %v", console, err)
	}
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
