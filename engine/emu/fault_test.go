package emu

import (
	"fmt"
	"testing"
	"time"
)

func addFault(t *testing.T, c *Cloud, f Fault) Fault {
	t.Helper()
	out, err := c.Admin("AddFault", &AddFaultInput{f})
	if err != nil {
		t.Fatal(err)
	}
	return out.(*AddFaultOutput).Fault
}

func TestErrorFault(t *testing.T) {
	c, _ := newToy(t, Options{})
	f := addFault(t, c, Fault{Kind: FaultError, Service: "toy", Operation: "Make", ARN: "*:thing/a?", Code: "Custom", Count: 2})
	must(t, do(c, "Make", thingNamed("b1", 1)))
	must(t, do(c, "Drop", &onThing{"a1"}))
	for range 2 {
		res := do(c, "Make", thingNamed("a1", 1))
		wantCode(t, res.Err, "Custom")
		if e, _ := c.Find(res.RequestID); len(e.Faults) != 1 || e.Faults[0] != f.ID || e.Changed {
			t.Errorf("entry %+v", e)
		}
	}
	must(t, do(c, "Make", thingNamed("a1", 1)))
	if len(c.Faults()) != 0 {
		t.Error("a used-up fault is still there")
	}
	addFault(t, c, Fault{Kind: FaultThrottle})
	wantCode(t, do(c, "Make", thingNamed("x", 1)).Err, "ThrottlingException")
	if _, err := c.Admin("ClearFaults", &ClearFaultsInput{}); err != nil {
		t.Error(err)
	}
	must(t, do(c, "Make", thingNamed("x", 1)))
	_, err := c.Admin("ClearFaults", &ClearFaultsInput{ID: "fault-0"})
	wantCode(t, err, "NoSuchEntity")
}

func TestFaultRate(t *testing.T) {
	c, _ := newToy(t, Options{Seed: 5})
	addFault(t, c, Fault{Kind: FaultError, Rate: 0.25})
	failed := 0
	for range 2000 {
		if e, ok := do(c, "Get", &onThing{"x"}).Err.(*Error); ok && e.Code == "InternalFailure" {
			failed++
		}
	}
	if failed < 400 || failed > 600 {
		t.Errorf("%d of 2000 failed, want about 500", failed)
	}
}

func TestLatencyFault(t *testing.T) {
	w := newWall()
	c, _ := newToy(t, Options{Wall: w.Now})
	addFault(t, c, Fault{Kind: FaultLatency, Operation: "Await", LatencyMS: 2000, Count: 1})
	call := start(t, c, nil, awaiting("a", 20))
	began := c.Now()
	c.Advance(2 * time.Second)
	if c.Waiting() != 1 {
		t.Fatal("after the latency the call must wait for its thing")
	}
	must(t, do(c, "Make", thingNamed("a", 1))) // wakes it, though it was parked for another reason first
	must(t, <-call)
	for _, e := range c.Entries(1, 0) {
		if e.Op == "Await" && (e.At != began+2*Second || len(e.Faults) != 1) {
			t.Errorf("entry %+v", e)
		}
	}
	if len(c.Faults()) != 0 {
		t.Error("the fault was not used up")
	}
}

func TestGlob(t *testing.T) {
	for _, x := range []struct {
		pattern, s string
		want       bool
	}{
		{"*", "", true}, {"", "", true}, {"", "a", false}, {"a*c", "abbc", true}, {"a*c", "abbd", false}, {"*:thing/a?", "x:y:thing/a1", true},
		{"a?c", "ac", false}, {"*a*b*", "xxaxxbxx", true}, {"*ab", "aab", true}, {"arn:*:orders", "arn:aws:sqs:r:1:orders", true}, {"[a]", "a", false},
	} {
		if got := globMatch(x.pattern, x.s); got != x.want {
			t.Errorf("%q matches %q: %v", x.pattern, x.s, got)
		}
	}
}

func TestHandlerFault(t *testing.T) {
	c, _ := newToy(t, Options{})
	addFault(t, c, Fault{Kind: FaultDuplicate, Count: 2})
	var hits []bool
	c.ops["toy:Get"].run = func(call *Call, _ any) (any, error) {
		for range 3 {
			hits = append(hits, call.Fault(FaultDuplicate))
		}
		return nil, Errorf("Failed", "but they are used up")
	}
	do(c, "Get", &onThing{"a"})
	if fmt.Sprint(hits) != "[true true false]" || len(c.Faults()) != 0 {
		t.Errorf("hits %v, faults left %v", hits, c.Faults())
	}
}
