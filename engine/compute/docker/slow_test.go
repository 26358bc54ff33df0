package docker_test

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"runtime/pprof"
	"slices"
	"sync"
	"testing"
	"time"

	"haneul/engine/compute"
	"haneul/engine/compute/docker"
)

// ends fails the test if something that was given a second does not end. It says what, and where it hangs.
func (w *world) ends(cable *wire, do map[string]func(context.Context) error) {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, time.Second)
	defer cancel()
	var mu sync.Mutex
	var all sync.WaitGroup
	runs := map[string]bool{}
	for what := range do {
		runs[what] = true
	}
	for what, do := range do {
		all.Go(func() {
			if err := do(ctx); err == nil {
				w.Errorf("%s succeeds although Docker does not answer", what)
			}
			mu.Lock()
			defer mu.Unlock()
			delete(runs, what)
		})
	}
	ended := make(chan struct{})
	go func() {
		all.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		return
	case <-time.After(patience):
	}
	mu.Lock()
	for what := range runs {
		w.Errorf("%s hangs with Docker", what)
	}
	mu.Unlock()
	_ = pprof.Lookup("goroutine").WriteTo(os.Stderr, 1)
	cable.slow(0)
	<-ended
}

// sorted is all that Docker has of this installation.
func (w *world) sorted() []string {
	w.Helper()
	all, err := w.Left(w.ctx)
	w.must(err)
	slices.Sort(all)
	return all
}

func (w *world) expectAlive(i compute.Instance) {
	w.Helper()
	if out, status := w.run(i, "echo alive"); status != 0 || out != "alive" {
		w.Errorf("%s: %d %s", i.ID(), status, out)
	}
}

// With a Docker that takes its time everything takes longer, and works.
func TestSlowDocker(t *testing.T) {
	if testing.Short() {
		t.Skip("it is slow")
	}
	cable := newWire(t)
	w := newWorld(t, docker.Options{Warm: -1, Getenv: cable.getenv})
	cable.slow(100 * time.Millisecond)
	ctx, cancel := context.WithCancel(w.ctx)
	defer cancel()
	events := w.Events(ctx)
	before := w.sorted()
	i := w.launch("i-1", "172.31.5.10", open())
	if e := waitFor(t, events, compute.Started); e.ID != "i-1" {
		t.Errorf("%+v", e)
	}
	w.expectAlive(i)
	w.must(i.Terminate(w.ctx))
	if now := w.sorted(); !slices.Equal(now, before) {
		t.Errorf("there is %q, and there was %q", now, before)
	}
	cable.slow(0)
}

// Whatever is asked of a Docker that does not answer ends with its context.
func TestDockerHangs(t *testing.T) {
	cable := newWire(t)
	w := newWorld(t, docker.Options{Warm: -1, Getenv: cable.getenv})
	var m []compute.Instance
	for n := range 4 {
		m = append(m, w.launch(fmt.Sprintf("i-%d", n), fmt.Sprintf("172.31.5.1%d", n), open()))
	}
	e := w.eni("172.31.5.20", open())
	volume := func(id string) compute.Volume { return compute.Volume{Cloud: w.cloud, ID: id} }
	w.must(w.CreateVolume(w.ctx, volume("vol-1")))
	cable.slow(time.Hour)
	w.ends(cable, map[string]func(context.Context) error{
		"Info":  func(ctx context.Context) error { _, err := w.Info(ctx); return err },
		"Check": w.Check,
		"CreateVPC": func(ctx context.Context) error {
			return w.CreateVPC(ctx, compute.VPC{Cloud: w.cloud, ID: "vpc-2", CIDR: vpcCIDR})
		},
		"DeleteVPC": func(ctx context.Context) error { return w.DeleteVPC(ctx, w.cloud, "vpc-3") },
		"DialFrom": func(ctx context.Context) error {
			_, err := w.DialFrom(ctx, w.cloud, "vpc-1", netip.MustParseAddrPort(laptop+":0"), netip.MustParseAddrPort("172.31.5.10:80"))
			return err
		},
		"AcquireENI": func(ctx context.Context) error {
			_, err := w.AcquireENI(ctx, w.cloud, "vpc-1", compute.Address{Subnet: subnet, IP: netip.MustParseAddr("172.31.5.21")})
			return err
		},
		"Launch":       func(ctx context.Context) error { _, err := w.Launch(ctx, w.spec("i-new", e)); return err },
		"Find":         func(ctx context.Context) error { _, err := w.Find(ctx, w.cloud, "i-0"); return err },
		"List":         func(ctx context.Context) error { _, err := w.List(ctx, w.cloud); return err },
		"Clouds":       func(ctx context.Context) error { _, err := w.Clouds(ctx); return err },
		"Sweep":        func(ctx context.Context) error { return w.Sweep(ctx, "another") },
		"CreateVolume": func(ctx context.Context) error { return w.CreateVolume(ctx, volume("vol-2")) },
		"CopyVolume":   func(ctx context.Context) error { return w.CopyVolume(ctx, "vol-1", volume("vol-3")) },
		"DeleteVolume": func(ctx context.Context) error { return w.DeleteVolume(ctx, w.cloud, "vol-4") },
		"DeleteImage":  func(ctx context.Context) error { return w.DeleteImage(ctx, w.cloud, "ami-1") },
		"rules":        func(ctx context.Context) error { return m[0].ENI().ApplySecurityGroups(ctx, compute.Rules{}) },
		"metadata":     func(ctx context.Context) error { return m[0].ENI().PushMetadata(ctx, compute.Metadata{}) },
		"Exec": func(ctx context.Context) error {
			_, err := m[0].Exec(ctx, compute.ExecSpec{Cmd: []string{"true"}})
			return err
		},
		"Console": func(ctx context.Context) error { _, err := m[0].Console(ctx); return err },
		"Commit":  func(ctx context.Context) error { return m[0].Commit(ctx, "ami-2") },
		"Stop":    func(ctx context.Context) error { return m[1].Stop(ctx, time.Second) },
		"Start":   func(ctx context.Context) error { return m[2].Start(ctx) },
		"Resize":  func(ctx context.Context) error { _, err := m[2].Resize(ctx, 1, 128<<20); return err },
		"Remount": func(ctx context.Context) error {
			return m[2].Remount(ctx, []compute.Mount{{Volume: "vol-1", Path: "/mnt"}})
		},
		"Reboot":    func(ctx context.Context) error { return m[2].Reboot(ctx, nil, time.Second) },
		"Terminate": func(ctx context.Context) error { return m[3].Terminate(ctx) },
	})
	cable.slow(0)
	w.expectAlive(m[2])
	cable.hold("/exec/") // it is made and does not start
	w.ends(cable, map[string]func(context.Context) error{
		"a command": func(ctx context.Context) error {
			_, err := m[2].Exec(ctx, compute.ExecSpec{Cmd: []string{"true"}})
			return err
		},
	})
	cable.slow(0)
}

// Docker hangs at some moment of a launch. Asked again when it answers, it is one machine, which has booted once.
func TestDockerHangsWhileLaunching(t *testing.T) {
	if testing.Short() {
		t.Skip("its launches end by their deadlines")
	}
	for _, x := range []struct {
		name, asked string
		warm        int
	}{
		{"create", "/containers/create", 0}, {"attach", "/attach", 0}, {"start", "/start HTTP", 0},
		{"resize", "/update", 1}, {"rename", "/rename", 1}, {"power on", `"powerOn":true`, 1},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			cable := newWire(t)
			w := newWorld(t, docker.Options{Warm: -1, Getenv: cable.getenv})
			w.must(w.Warm(w.ctx, w.cloud, "vpc-1", x.warm))
			s := w.spec("i-1", w.eni("172.31.5.10", open()))
			s.Disk = 8 << 30
			w.must(s.ENI.PushMetadata(w.ctx, compute.Metadata{InstanceID: s.ID, UserData: []byte("#!/bin/sh\necho booted >>/root/boots\n")}))
			cable.hold(x.asked)
			w.ends(cable, map[string]func(context.Context) error{
				"Launch": func(ctx context.Context) error { _, err := w.Launch(ctx, s); return err },
			})
			cable.slow(0)
			i, err := w.Launch(w.ctx, s)
			w.must(err)
			w.eventually(i, say("/root/boots"), "booted")
			if left := w.sorted(); len(left) != 4 { // network, gateway, ENI, instance
				t.Errorf("there is %q", left)
			}
		})
	}
}
