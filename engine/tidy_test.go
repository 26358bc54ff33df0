package engine_test

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"haneul/engine"
	"haneul/engine/admin"
	"haneul/engine/compute"
	"haneul/engine/compute/docker"
	"haneul/engine/compute/docker/dockertest"
)

// TestNothingOutlivesItsCloud: machines of a cloud in memory end with the engine, and what an engine that was killed left
// of one is removed by the next, while the clouds that are on disk keep theirs.
func TestNothingOutlivesItsCloud(t *testing.T) {
	s := newStage(t)
	s.account(t, "lesson.disks").one(nil)
	s.leave()
	if names, err := s.runtime.Clouds(t.Context()); err != nil || slices.Contains(names, "lesson.disks") {
		t.Errorf("the engine left machines of %v, %v", names, err)
	}

	r := dockertest.New(t, docker.Options{})
	for _, cloud := range []string{"killed", admin.DefaultCloud} {
		if err := r.CreateVPC(t.Context(), compute.VPC{Cloud: cloud, ID: "vpc-1", CIDR: netip.MustParsePrefix("10.1.0.0/16")}); err != nil {
			t.Fatal(err)
		}
	}
	host, err := engine.Open(engine.HostOptions{Dir: t.TempDir(), Log: t.Logf, Runtime: r})
	if err != nil {
		t.Fatal(err)
	}
	defer host.Close()
	var names []string
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(30 * time.Millisecond) {
		if names, err = r.Clouds(t.Context()); err != nil {
			t.Fatal(err)
		}
		if slices.Equal(names, []string{admin.DefaultCloud}) {
			return
		}
	}
	t.Errorf("there is something of %v", names)
}

// TestWarm: a cloud whose first instance is expected has machines that stand by, and they go with it.
func TestWarm(t *testing.T) {
	s := newStage(t)
	a := s.account(t, "lab")
	if err := s.admin.Warm(t.Context(), "lab"); err != nil {
		t.Fatal(err)
	}
	standing := func() []string {
		return strings.Fields(a.docker("ps", "-q", "--filter", "label=haneul.owner="+s.owner, "--filter", "name=-lab-warm-"))
	}
	woken := func() bool {
		a.eventually(func() bool { return len(standing()) == 2 }, func() string { return "nothing stands by" })
		before := standing()
		return slices.Contains(before, a.docker("ps", "-q", "--filter", "name="+a.container(a.one(nil))))
	}
	for tries := 1; !woken(); tries++ { // one that runs may not stand by yet, on a machine that has much to do
		if tries == 3 {
			t.Fatal("three instances were made anew, though others stood by")
		}
	}
	// The next is warmed while its cloud goes.
	s.account(t, "gone")
	if err := s.admin.Warm(t.Context(), "gone"); err != nil {
		t.Fatal(err)
	}
	for _, cloud := range []string{"lab", "gone"} {
		if err := s.admin.Delete(t.Context(), cloud); err != nil {
			t.Error(err)
		}
	}
	if names, err := s.runtime.Clouds(t.Context()); err != nil || len(names) > 0 {
		t.Errorf("there is something of %v, %v", names, err)
	}
}
