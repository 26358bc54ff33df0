package docker_test

import (
	"bufio"
	"context"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"haneul/engine/compute"
	"haneul/engine/compute/docker"
	"haneul/engine/compute/docker/dockertest"
)

// The figures of instances, each beside what it is compared with, in one run; every figure is a median.
//
//	go test -run '^$' -bench . -benchtime 7x ./engine/compute/docker

func median(d []time.Duration) float64 {
	slices.Sort(d)
	return float64(d[len(d)/2].Microseconds()) / 1000
}

// dockerRun is the reference: `docker run` of the same image until it says READY, with what an instance has as well: the
// VPC's network, the limits, no capabilities. As many at once.
func (w *world) dockerRun(image, owner string, n int) {
	var all sync.WaitGroup
	for k := range n {
		all.Go(func() {
			cmd := exec.Command("docker", "run", "--label", "haneul.owner="+owner, "--network", "haneul-"+owner+"-lab-vpc-1",
				"--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--tmpfs", "/run:size=16m,mode=755,exec",
				"-m", "256m", "--memory-swap", "256m", "--cpus", "1", "--pids-limit", "512", "--ulimit", "fsize=8589934592", image, "init")
			out, err := cmd.StdoutPipe()
			if err == nil {
				err = cmd.Start()
			}
			if err != nil {
				w.Error(err)
				return
			}
			if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || strings.TrimSpace(line) != compute.Ready {
				w.Errorf("docker run %d: %q %v", k, line, err)
			}
			cmd.Process.Kill() // the client; the container runs on
			cmd.Wait()
		})
	}
	all.Wait()
}

// boot launches n instances at once, as a RunInstances call does: address, rules, metadata, container, READY.
func (w *world) boot(round, n int) (made []compute.Instance) {
	made = make([]compute.Instance, n)
	var all sync.WaitGroup
	for k := range n {
		all.Go(func() {
			ip := fmt.Sprintf("172.31.%d.%d", round%16, k+10)
			e, err := w.AcquireENI(w.ctx, w.cloud, "vpc-1", compute.Address{Subnet: subnet, IP: netip.MustParseAddr(ip)})
			if err == nil {
				err = e.PushMetadata(w.ctx, compute.Metadata{InstanceID: "i", PrivateIP: ip})
			}
			if err != nil {
				w.Error(err)
				return
			}
			// Until its rules are there, the ENI denies everything: the instance need not wait for them.
			var rules sync.WaitGroup
			rules.Go(func() {
				if err := e.ApplySecurityGroups(w.ctx, open()); err != nil {
					w.Error(err)
				}
			})
			if made[k], err = w.Launch(w.ctx, w.spec(fmt.Sprintf("i-%d-%d", round, k), e)); err != nil {
				w.Error(err)
			}
			rules.Wait()
		})
	}
	all.Wait()
	return made
}

func (w *world) end(all []compute.Instance) {
	var group sync.WaitGroup
	for _, i := range all {
		if i != nil {
			group.Go(func() { i.Terminate(w.ctx) })
		}
	}
	group.Wait()
}

func BenchmarkLaunch(b *testing.B) {
	for _, n := range []int{1, 20} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			owner := dockertest.Owner()
			w := newWorld(b, docker.Options{Owner: owner, Warm: -1})
			image, err := w.EnsureImage(w.ctx)
			if err != nil {
				b.Fatal(err)
			}
			var warm, cold, ref []time.Duration
			took := func(into *[]time.Duration, f func()) {
				begin := time.Now()
				f()
				*into = append(*into, time.Since(begin))
			}
			round := 0
			for b.Loop() {
				var made []compute.Instance
				took(&ref, func() { w.dockerRun(image, owner, n) })
				removeRuns(b, owner)
				if err := w.Warm(w.ctx, w.cloud, "vpc-1", n); err != nil {
					b.Fatal(err)
				}
				round++
				took(&warm, func() { made = w.boot(round, n) })
				w.end(made)
				round++
				took(&cold, func() { made = w.boot(round, n) })
				w.end(made)
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(median(warm), "warm-ms")
			b.ReportMetric(median(cold), "cold-ms")
			b.ReportMetric(median(ref), "docker-run-ms")
			b.ReportMetric(median(ref)/median(warm), "times-faster")
		})
	}
}

// removeRuns ends the reference's containers, which carry the owner and no kind.
func removeRuns(b *testing.B, owner string) {
	out, err := exec.Command("docker", "ps", "-aq", "--filter", "label=haneul.owner="+owner).Output()
	if err != nil {
		b.Fatal(err)
	}
	kept, err := exec.Command("docker", "ps", "-aq", "--filter", "label=haneul.owner="+owner, "--filter", "label=haneul.kind").Output()
	if err != nil {
		b.Fatal(err)
	}
	ids := slices.DeleteFunc(strings.Fields(string(out)), func(id string) bool { return strings.Contains(string(kept), id) })
	if len(ids) > 0 {
		exec.Command("docker", append([]string{"rm", "-f"}, ids...)...).Run()
	}
}

// BenchmarkSecurityGroup is from the call to the new rules being in force: the call returns when they are.
func BenchmarkSecurityGroup(b *testing.B) {
	w := newWorld(b, docker.Options{Warm: -1})
	e := w.eni("172.31.5.10", open())
	rules := []compute.Rules{open(), {Ingress: []compute.Rule{tcp(80, "0.0.0.0/0"), tcp(443, "10.0.0.0/8")}, Egress: compute.AllOut()}}
	var times []time.Duration
	for n := 0; b.Loop(); n++ {
		begin := time.Now()
		if err := e.ApplySecurityGroups(w.ctx, rules[n%2]); err != nil {
			b.Fatal(err)
		}
		times = append(times, time.Since(begin))
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(times), "ms")
}

// BenchmarkMemory is the mean of 20 instances with their ENIs: cgroups and the shims' proportional memory.
func BenchmarkMemory(b *testing.B) {
	owner := dockertest.Owner()
	w := newWorld(b, docker.Options{Owner: owner, Warm: -1})
	const n = 20
	w.boot(1, n)
	time.Sleep(2 * time.Second)
	var cgroup, shims int64
	for b.Loop() {
		cgroup, shims = w.memory(owner)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(cgroup)/n/1e6, "cgroup-MB")
	b.ReportMetric(float64(shims)/n/1e6, "shims-MB")
	b.ReportMetric(float64(cgroup+shims)/n/1e6, "MB/instance")
}

func (w *world) memory(owner string) (cgroup, shims int64) {
	var ids []string
	for _, kind := range []string{"eni", "instance"} {
		out, err := exec.CommandContext(context.Background(), "docker", "ps", "-q", "--no-trunc",
			"--filter", "label=haneul.owner="+owner, "--filter", "label=haneul.kind="+kind).Output()
		if err != nil {
			w.Fatal(err)
		}
		ids = append(ids, strings.Fields(string(out))...)
	}
	for _, id := range ids {
		for _, path := range []string{
			"/sys/fs/cgroup/memory/docker/" + id + "/memory.usage_in_bytes",
			"/sys/fs/cgroup/system.slice/docker-" + id + ".scope/memory.current", "/sys/fs/cgroup/docker/" + id + "/memory.current",
		} {
			if v, err := os.ReadFile(path); err == nil {
				bytes, _ := strconv.ParseInt(strings.TrimSpace(string(v)), 10, 64)
				cgroup += bytes
				break
			}
		}
	}
	return cgroup, shimMemory(ids)
}

// shimMemory adds up the proportional memory of the processes that watch containers.
func shimMemory(ids []string) (total int64) {
	processes, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, p := range processes {
		line, _ := os.ReadFile(p)
		if !strings.Contains(string(line), "containerd-shim") {
			continue
		}
		if !slices.ContainsFunc(ids, func(id string) bool { return strings.Contains(string(line), id) }) {
			continue
		}
		rollup, _ := os.ReadFile(filepath.Join(filepath.Dir(p), "smaps_rollup"))
		for l := range strings.Lines(string(rollup)) {
			if f := strings.Fields(l); len(f) == 3 && f[0] == "Pss:" {
				kb, _ := strconv.ParseInt(f[1], 10, 64)
				total += kb << 10
			}
		}
	}
	return total
}

// BenchmarkImport is how long Docker takes to have the guest image, once it is built.
func BenchmarkImport(b *testing.B) {
	var times []time.Duration
	imported := func(s docker.Step) {
		if s.Name == "import" && s.Done {
			times = append(times, s.Took)
		}
	}
	var image string
	for b.Loop() {
		r := dockertest.New(b, docker.Options{Warm: -1, Progress: imported})
		if image != "" {
			if out, err := exec.Command("docker", "rmi", image).CombinedOutput(); err != nil {
				b.Fatalf("%v: %s", err, out)
			}
		}
		var err error
		if image, err = r.EnsureImage(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(times), "ms")
}
