package docker_test

import (
	"context"
	"fmt"
	"net/netip"
	"sync"
	"testing"
	"time"

	"haneul/engine/compute"
	"haneul/engine/compute/docker"
	"haneul/engine/compute/docker/dockertest"
)

// The engine dies while instances start; the next one is asked for the same again, as effects are. Nothing is lost,
// doubled or left over.
func TestCrashWhileLaunching(t *testing.T) {
	const n = 6
	owner := dockertest.Owner()
	w := newWorld(t, docker.Options{Owner: owner, Warm: 2})
	launchAll := func(r *docker.Runtime, ctx context.Context) (errs []error) {
		var all sync.WaitGroup
		errs = make([]error, n)
		for k := range n {
			all.Go(func() {
				e, err := r.AcquireENI(ctx, w.cloud, "vpc-1", compute.Address{Subnet: subnet, IP: netip.MustParseAddr(fmt.Sprintf("172.31.5.%d", 10+k))})
				if err == nil {
					_, err = r.Launch(ctx, w.spec(fmt.Sprintf("i-%d", k), e))
				}
				errs[k] = err
			})
		}
		all.Wait()
		return errs
	}
	ctx, cancel := context.WithTimeout(w.ctx, 700*time.Millisecond) // somewhere in the middle
	defer cancel()
	launchAll(w.Runtime, ctx)
	w.Close()

	next := dockertest.Open(t, docker.Options{Owner: owner, Warm: -1})
	if _, err := next.List(w.ctx, w.cloud); err != nil {
		t.Fatal(err)
	}
	w.must(next.CreateVPC(w.ctx, compute.VPC{Cloud: w.cloud, ID: "vpc-1", CIDR: vpcCIDR}))
	for k, err := range launchAll(next, w.ctx) {
		if err != nil {
			t.Errorf("i-%d: %v", k, err)
		}
	}
	all, err := next.List(w.ctx, w.cloud)
	w.must(err)
	if len(all) != n {
		t.Errorf("%d instances, want %d", len(all), n)
	}
	for _, i := range all {
		if i.State() != compute.Running {
			t.Errorf("%s is %s", i.ID(), i.State())
		}
	}
	left, err := next.Left(w.ctx)
	w.must(err)
	if want := 2 + 2*n; len(left) != want { // network, gateway, and two for each instance
		t.Errorf("%d things, want %d: %q", len(left), want, left)
	}
	w.Runtime = next
	for _, i := range all {
		if out, status := w.run(i, "true"); status != 0 {
			t.Errorf("%s: %s", i.ID(), out)
		}
	}
}
