package emutest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"haneul/engine/emu"
)

// scripts runs random scripts against one service.
func (s *Suite) scripts(t *testing.T, service string) {
	n := s.Scripts
	if n == 0 {
		n = 1000
	}
	if testing.Short() {
		n = min(n, 50)
	}
	first := uint64(1)
	if s.Seed != 0 {
		first, n = s.Seed, 1
	}
	tally := map[string]int{}
	began := time.Now()
	for seed := first; seed < first+uint64(n); seed++ {
		s.script(t, service, seed, tally)
		if t.Failed() {
			t.Fatalf("script %d of %s: run it alone with Seed: %d", seed, service, seed)
		}
	}
	t.Logf("%d scripts with seeds %d to %d in %v: %d calls succeeded, %d were refused", n, first, first+uint64(n)-1,
		time.Since(began).Round(time.Millisecond), tally[""], tally["error"])
	if n < enough {
		return // too few to tell
	}
	c, _ := s.cloud(1)
	defer c.Close()
	for _, op := range operations(c, service) {
		if tally[op.Name] == 0 {
			t.Errorf("%s never succeeded: give hints, or set the stage for it", op.Name)
		}
	}
}

// enough is how many scripts must have a call of every operation that succeeds.
const enough = 500

func operations(c *emu.Cloud, service string) []*emu.Operation {
	for _, x := range c.Services() {
		if x.Name == service {
			return x.Ops
		}
	}
	return nil
}

// script runs one script, and then in the other ways that must come to the same.
func (s *Suite) script(t *testing.T, service string, seed uint64, tally map[string]int) {
	live := s.play(t, service, seed, tally)
	defer live.Cloud.Close()
	again := s.play(t, service, seed, nil)
	defer again.Cloud.Close()
	if i := differ(live.said, again.said); i >= 0 {
		t.Errorf("the same script answers differently:\n%s\n%s", live.said[i], again.said[i])
	}
	sameTables(t, "the same script run twice", live.Cloud, again.Cloud)
	s.other(t, "the journal's changes applied", live.Cloud, seed, emu.Restore)
	s.other(t, "the journal's inputs run again", live.Cloud, seed, emu.Rebuild)
	if seed%100 == 0 {
		s.reopen(t, live, seed)
	}
}

func (s *Suite) other(t *testing.T, how string, live *emu.Cloud, seed uint64, make func(dst, src *emu.Cloud) error) {
	c, _ := s.cloud(seed)
	defer c.Close()
	if err := make(c, live); err != nil {
		t.Errorf("%s: %v", how, err)
	}
	sameTables(t, how, live, c)
}

// play runs a script on a new cloud.
func (s *Suite) play(t *testing.T, service string, seed uint64, tally map[string]int) *Run {
	r := s.start(seed)
	calls := s.Calls
	if calls == 0 {
		calls = 15
	}
	ops := operations(r.Cloud, service)
	if seed%4 == 0 {
		r.breakSomething(service)
	}
	for range calls {
		r.step(t, ops[r.Draw.IntN(len(ops))], tally)
	}
	return r
}

// breakSomething puts a fault in force.
func (r *Run) breakSomething(service string) {
	kinds := []string{emu.FaultError, emu.FaultThrottle, emu.FaultLatency, emu.FaultDuplicate, emu.FaultReorder}
	f := emu.Fault{Kind: kinds[r.Draw.IntN(len(kinds))], Service: service, Code: "Injected", LatencyMS: 1500,
		Count: r.Draw.Int64N(4), Rate: r.Draw.Float64()}
	if _, err := r.Cloud.Admin("AddFault", &emu.AddFaultInput{Fault: f}); err != nil {
		panic(err)
	}
}

// step makes one call. Every second time it is one that makes something, so that there is something.
func (r *Run) step(t *testing.T, op *emu.Operation, tally map[string]int) {
	if r.Draw.IntN(8) == 0 {
		r.Cloud.Advance(time.Duration(r.Draw.IntN(120)) * time.Second)
	}
	if ops := op.Service().Ops; r.Draw.IntN(2) == 0 {
		makers := slices.DeleteFunc(slices.Clone(ops), func(o *emu.Operation) bool { return !makes(o.Name) })
		if len(makers) > 0 {
			op = makers[r.Draw.IntN(len(makers))]
		}
	}
	in := r.Draw.Input(op)
	if refusal(op, in) != nil {
		return
	}
	before, at := r.settled(), r.Cloud.Now()
	res := r.call(op, in, r.Cloud.RootPrincipal())
	what := op.Name + " " + string(op.Input().AppendJSON(nil, in))
	r.clean(t, what, res.Err)
	if res.Err != nil && r.Cloud.Now() == at { // if it waited, time has done its own work
		if d := compare(before, r.Cloud.Digest()); d != "" && !strings.HasPrefix(d, "haneul.faults") { // failing uses a fault up
			t.Errorf("%s failed with %v and changed %s", what, res.Err, d)
		}
	}
	switch {
	case tally == nil:
	case res.Err != nil:
		tally["error"]++
	default:
		tally[""]++
		tally[op.Name]++
	}
}

// settled is what the tables hold once everything that is due has been done.
func (r *Run) settled() []emu.TableDigest {
	r.Cloud.Advance(0)
	return r.Cloud.Digest()
}

// makes reports whether an operation's name says that something comes into being.
func makes(name string) bool {
	for _, verb := range []string{"Create", "Put", "Send", "Add", "Attach", "Start", "Set"} {
		if strings.HasPrefix(name, verb) {
			return true
		}
	}
	return false
}

// reopen closes a copy of the state that lives in files, and opens it again.
func (s *Suite) reopen(t *testing.T, live *Run, seed uint64) {
	dir := t.TempDir()
	var digests [2]string
	for i := range digests {
		c, _ := s.cloud(seed)
		if err := c.Open(dir, emu.JournalOptions{Build: fmt.Sprint("build ", i)}); err != nil { // another build writes a snapshot
			t.Fatal(err)
		}
		if i == 0 {
			if err := live.Cloud.CopyTo(c); err != nil {
				t.Fatal(err)
			}
		}
		digests[i] = fmt.Sprint(c.Digest())
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
	if digests[0] != digests[1] {
		t.Errorf("saved and loaded, the tables differ:\n%s\n%s", digests[0], digests[1])
	}
}

func differ(a, b []string) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return -1
}

func sameTables(t *testing.T, how string, a, b *emu.Cloud) {
	t.Helper()
	if d := compare(a.Digest(), b.Digest()); d != "" {
		t.Errorf("%s: %s differ", how, d)
	}
}

// compare names the tables that differ.
func compare(a, b []emu.TableDigest) string {
	var names []string
	for i := range a {
		if a[i] != b[i] {
			names = append(names, fmt.Sprintf("%s (%d rows, %d rows)", a[i].Table, a[i].Rows, b[i].Rows))
		}
	}
	return strings.Join(names, ", ")
}
