package docker_test

import (
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

// wire stands between the runtime and Docker, and can be cut.
type wire struct {
	mu    sync.Mutex
	cut   bool
	conns map[net.Conn]bool
}

func newWire(t *testing.T, path, docker string) *wire {
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	w := &wire{conns: map[net.Conn]bool{}}
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
		io.Copy(d, c)
		d.(*net.UnixConn).CloseWrite()
	}()
	io.Copy(c, d)
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
	const real = "/var/run/docker.sock"
	if _, err := os.Stat(real); err != nil {
		t.Skipf("this test needs Docker at %s", real)
	}
	dir, err := os.MkdirTemp("", "hw") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	path := filepath.Join(dir, "d.sock")
	cable := newWire(t, path, real)
	served := make(chan bool, 16)
	owner := dockertest.Owner()
	w := newWorld(t, docker.Options{
		Owner: owner, Warm: -1,
		Getenv: func(name string) string {
			return map[string]string{"DOCKER_HOST": "unix://" + path}[name]
		},
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
	deadline := time.Now().Add(10 * time.Second)
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
	if _, err := w.get(laptop, "172.31.5.10:82", soon); err == nil || isTimeout(err) {
		t.Errorf("its network is not what it was: %v", err)
	}
}

func waitFor(t *testing.T, events <-chan compute.Event, kind compute.EventKind) {
	t.Helper()
	for end := time.After(10 * time.Second); ; {
		select {
		case e := <-events:
			if e.Kind == kind {
				return
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
