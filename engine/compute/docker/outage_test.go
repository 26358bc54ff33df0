package docker_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"haneul/engine/compute"
	"haneul/engine/compute/docker"
	"haneul/engine/compute/docker/dockertest"
)

// wire stands between the runtime and Docker. It can be cut, and slow, and hold what Docker says.
type wire struct {
	host  string
	mu    sync.Mutex
	cut   bool
	delay time.Duration // of what Docker says
	until string        // Docker is heard until it is asked something with this in it
	held  bool
	conns map[net.Conn]bool
}

func newWire(t *testing.T) *wire {
	const docker = "/var/run/docker.sock"
	if _, err := os.Stat(docker); err != nil {
		t.Skipf("this test needs Docker at %s", docker)
	}
	dir, err := os.MkdirTemp("", "hw") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	w := &wire{host: "unix://" + filepath.Join(dir, "d.sock"), conns: map[net.Conn]bool{}}
	l, err := net.Listen("unix", filepath.Join(dir, "d.sock"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go w.join(c, docker)
		}
	}()
	return w
}

// getenv leads a runtime to the wire.
func (w *wire) getenv(name string) string {
	return map[string]string{"DOCKER_HOST": w.host}[name]
}

func (w *wire) join(c net.Conn, docker string) {
	defer c.Close()
	d, err := net.Dial("unix", docker)
	if err != nil {
		return
	}
	defer d.Close()
	w.mu.Lock()
	cut := w.cut
	w.conns[c] = true
	w.mu.Unlock()
	if cut {
		return
	}
	go func() {
		io.Copy(d, io.TeeReader(c, tap(w.asked)))
		d.(*net.UnixConn).CloseWrite()
	}()
	w.late(c, d)
}

type tap func([]byte)

func (t tap) Write(b []byte) (int, error) {
	t(b)
	return len(b), nil
}

// late copies what Docker says, each piece some time after it was said.
func (w *wire) late(c, d net.Conn) {
	type piece struct {
		said time.Time
		text []byte
	}
	pieces := make(chan piece, 1024)
	go func() {
		defer close(pieces)
		for {
			b := make([]byte, 32<<10)
			n, err := d.Read(b)
			if n > 0 {
				pieces <- piece{time.Now(), b[:n]}
			}
			if err != nil {
				return
			}
		}
	}()
	for p := range pieces {
		for w.early(p.said) {
			time.Sleep(5 * time.Millisecond)
		}
		c.Write(p.text)
	}
}

func (w *wire) early(said time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return !w.cut && (w.held || time.Since(said) < w.delay)
}

// asked sees what is said to Docker.
func (w *wire) asked(text []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.held = w.held || w.until != "" && bytes.Contains(text, []byte(w.until))
}

// slow delays what Docker says from now on, and lets go what was held.
func (w *wire) slow(delay time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.delay, w.until, w.held = delay, "", false
}

// hold makes Docker hang as soon as it is asked for something: it does it, and is not heard any more.
func (w *wire) hold(until string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.until = until
}

func (w *wire) set(cut bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = cut
	for c := range w.conns {
		c.Close()
		delete(w.conns, c)
	}
}

// Docker goes away and comes back, with everything in it stopped, as after its restart.
func TestOutage(t *testing.T) {
	cable := newWire(t)
	served := make(chan bool, 16)
	owner := dockertest.Owner()
	w := newWorld(t, docker.Options{
		Owner: owner, Warm: -1,
		Getenv: cable.getenv,
		Cloud: func(_ docker.Origin, c net.Conn) {
			c.Close()
			served <- true
		},
	})
	ctx, cancel := context.WithCancel(w.ctx)
	defer cancel()
	events := w.Events(ctx)
	i := w.launch("i-1", "172.31.5.10", compute.Rules{Ingress: []compute.Rule{tcp(81, "0.0.0.0/0")}, Egress: compute.AllOut()})

	cable.set(true)
	if err := i.Stop(w.ctx, time.Second); err == nil {
		t.Error("it stopped an instance without Docker")
	}
	if _, err := w.Info(w.ctx); !errors.Is(err, compute.ErrNoRuntime) {
		t.Errorf("Docker does not answer, and Info says %v", err)
	}
	waitFor(t, events, compute.Disconnected)
	cable.set(false)
	waitFor(t, events, compute.Reconnected)
	deadline := time.Now().Add(patience)
	for ok := false; !ok; { // the tunnel is opened again without being asked for
		w.run(i, "curl -s -m 1 http://169.254.170.254/")
		select {
		case ok = <-served:
		default:
			if time.Now().After(deadline) {
				t.Fatal("the instance cannot reach the cloud any more")
			}
		}
	}

	cable.set(true)
	out, err := exec.Command("docker", "ps", "-q", "--filter", "label=haneul.owner="+owner).Output()
	w.must(err)
	w.outside(append([]string{"kill"}, strings.Fields(string(out))...)...)
	cable.set(false)
	waitFor(t, events, compute.Reconnected)
	again, err := w.Find(w.ctx, w.cloud, "i-1")
	w.must(err)
	if again.State() != compute.Stopped {
		t.Error("state", again.State())
	}
	// Rules that are pushed before its ENI runs again are those it then has.
	w.must(again.ENI().ApplySecurityGroups(w.ctx, compute.Rules{Ingress: []compute.Rule{tcp(82, "0.0.0.0/0")}}))
	w.must(again.Start(w.ctx))
	if _, err := w.get(laptop, "172.31.5.10:82", patience); err == nil || isTimeout(err) {
		t.Errorf("its network is not what it was: %v", err)
	}
}

func waitFor(t *testing.T, events <-chan compute.Event, kind compute.EventKind) compute.Event {
	t.Helper()
	for end := time.After(patience); ; {
		select {
		case e := <-events:
			if e.Kind == kind {
				return e
			}
		case <-end:
			t.Fatalf("no event %s", kind)
		}
	}
}

func TestNoDocker(t *testing.T) {
	for host, kind := range map[string]string{
		"unix:///nowhere.sock": "silent", "tcp://127.0.0.1:1": "silent", "ssh://somewhere": "ssh",
	} {
		r := docker.New(docker.Options{Owner: "t", Getenv: func(name string) string {
			return map[string]string{"DOCKER_HOST": host}[name]
		}})
		_, err := r.Info(t.Context())
		var trouble *docker.Trouble
		if !errors.As(err, &trouble) || trouble.Kind != kind || !errors.Is(err, compute.ErrNoRuntime) {
			t.Errorf("%s: %v", host, err)
		}
	}
}

func TestContexts(t *testing.T) {
	dir := t.TempDir()
	write := func(path, text string) {
		t.Helper()
		path = filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("config.json", `{"currentContext":"colima"}`)
	// sha256 of "colima"
	write("contexts/meta/f24fd3749c1368328e2b149bec149cb6795619f244c5b584e844961215dadd16/meta.json",
		`{"Name":"colima","Endpoints":{"docker":{"Host":"unix:///colima.sock"}}}`)
	probes := docker.Probe(t.Context(), func(name string) string { return map[string]string{"DOCKER_CONFIG": dir}[name] })
	if len(probes) == 0 || probes[0].From != "colima" || probes[0].Host != "unix:///colima.sock" || probes[0].OK {
		t.Errorf("%+v", probes)
	}
}
