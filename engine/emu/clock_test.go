package emu

import (
	"fmt"
	"testing"
	"time"
)

func expiring(n string, seconds int64) *makeInput {
	return &makeInput{onThing: onThing{n}, Lifetime: seconds}
}

func TestDeadlinesRunInOrderAtTheirTime(t *testing.T) {
	w := newWall()
	c, s := newToy(t, Options{Wall: w.Now})
	start := c.Now()
	for _, x := range []struct {
		n string
		s int64
	}{{"c", 30}, {"a", 10}, {"b", 20}, {"b2", 20}} {
		must(t, do(c, "Make", expiring(x.n, x.s)))
	}
	steps, err := c.Advance(25 * time.Second)
	if steps != 3 || err != nil {
		t.Errorf("%d steps, %v", steps, err)
	}
	var got []string
	for _, e := range c.Entries(5, 0) {
		got = append(got, fmt.Sprint(e.Op, int64((e.At-start)/Second)))
	}
	if want := "[Due10 Due20 Due20 Advance25]"; fmt.Sprint(got) != want {
		t.Errorf("got %v, want %s", got, want)
	}
	if last, _ := s.things.Get("last"); last.Log[0] != "b2" {
		t.Errorf("at the same moment by key: last was %s", last.Log[0])
	}
	w.add(10 * time.Second) // the follower is not running: the next call does what is due
	wantCode(t, do(c, "Get", &onThing{"c"}).Err, "NoSuchThing")
	if c.Now()-start != 35*Second {
		t.Errorf("now is %d s after the start", (c.Now()-start)/Second)
	}
}

func TestAdvanceTwoWeeks(t *testing.T) {
	c, s := newToy(t, Options{})
	for i := range 10_000 {
		must(t, do(c, "Make", expiring(fmt.Sprint("t", i), int64(1+i*7919%1_200_000))))
	}
	began := time.Now()
	steps, err := c.Advance(14 * 24 * time.Hour)
	took := time.Since(began)
	if steps != 10_000 || err != nil || s.things.Len() != 1 {
		t.Errorf("%d steps, %v, %d things left", steps, err, s.things.Len())
	}
	t.Logf("14 days with 10,000 deadlines: %v", took)
	if took > 3*time.Second { // a tenth of a second is the aim; the race detector and a busy machine need more
		t.Errorf("it took %v", took)
	}
}

func TestCallersGetInBetween(t *testing.T) {
	c, _ := newToy(t, Options{})
	for i := range 20_000 {
		must(t, do(c, "Make", expiring(fmt.Sprint("t", i), int64(1+i))))
	}
	done := make(chan bool)
	go func() { c.Advance(24 * time.Hour); close(done) }()
	calls := 0
	for running := true; running; calls++ {
		do(c, "Get", &onThing{"nothing"})
		select {
		case <-done:
			running = false
		default:
		}
	}
	if calls < 5 {
		t.Errorf("only %d calls got in between", calls)
	}
}

func TestFrozenClock(t *testing.T) {
	w := newWall()
	c, _ := newToy(t, Options{Wall: w.Now})
	must(t, do(c, "Make", expiring("a", 60)))
	c.Freeze()
	at := c.Now()
	w.add(time.Hour)
	if c.Now() != at || !c.Frozen() {
		t.Error("a frozen clock moves")
	}
	must(t, do(c, "Get", &onThing{"a"}))
	c.Advance(time.Minute)
	wantCode(t, do(c, "Get", &onThing{"a"}).Err, "NoSuchThing")
	if c.Now() != at+Minute || !c.Frozen() {
		t.Error("an advance must move a frozen clock and leave it frozen")
	}
	c.Resume()
	w.add(time.Second)
	if c.Now() != at+Minute+Second {
		t.Error("a resumed clock does not run")
	}
}

func TestSleepingLaptop(t *testing.T) {
	w := newWall()
	c, _ := newToy(t, Options{Wall: w.Now})
	c.Start()
	at := c.Now()
	w.add(30 * time.Second)
	if got := c.Now() - at; got != 30*Second {
		t.Errorf("%d s passed while awake", got/Second)
	}
	w.add(7 * 24 * time.Hour)
	w.add(-time.Second)
	if got := c.Now() - at; got > 31*Second {
		t.Errorf("a week asleep was seen as %d s", got/Second)
	}
	w.add(-time.Hour)
	if got := c.Now() - at; got < 30*Second || got > 31*Second {
		t.Errorf("setting the wall clock back moved virtual time to %d s", got/Second)
	}
}

func TestFollowerDoesWhatIsDue(t *testing.T) {
	c, s := newToy(t, Options{})
	c.Start()
	do(c, "Get", &onThing{"warm"})
	op := c.Operation("toy", "Make")
	in := expiring("soon", 0)
	in.Lifetime = 1
	began := time.Now()
	must(t, c.Do(&Request{Op: op, In: in, Principal: c.RootPrincipal()}))
	wait(t, "expired", func() bool { c.mu.Lock(); defer c.mu.Unlock(); return s.things.Len() == 1 && c.seq > 2 })
	if took := time.Since(began); took < 900*time.Millisecond || took > 3*time.Second {
		t.Errorf("a deadline of 1 s ran after %v", took)
	}
}

func TestBadDeadlinesAreSetAside(t *testing.T) {
	w := newWall()
	c := New(Options{Wall: w.Now, Log: t.Logf})
	rows := NewTable[name, thing](c, "bad.rows")
	OnDue(rows, func(_ name, v *thing) (Time, bool) { return v.Expires, v.Expires != 0 }, func(call *Call, k name) {
		if k == "panics" {
			rows.Delete(k)
			panic("oops")
		}
	})
	c.Register(&Service{Name: "bad", Ops: []*Operation{
		Op("Put", func(call *Call, in *makeInput) (*NoOutput, error) {
			rows.Put(name(in.Name), thing{Size: in.Size, Expires: call.Now + Second})
			return nil, nil
		}),
	}})
	put := func(n string) {
		must(t, c.Do(&Request{Op: c.Operation("bad", "Put"), In: thingNamed(n, 1), Principal: c.RootPrincipal()}))
	}
	put("panics")
	put("idle")
	if steps, _ := c.Advance(time.Minute); steps != 2 || rows.Len() != 2 {
		t.Errorf("%d steps, %d rows", steps, rows.Len())
	}
	put("idle")
	if steps, _ := c.Advance(time.Minute); steps != 1 {
		t.Errorf("%d steps after one row changed", steps)
	}
	if e := c.Entries(3, 1)[0]; e.Kind != EntryDue || e.Code != "InternalFailure" {
		t.Errorf("entry %+v", e)
	}
}
