package emu

import (
	"context"
	"fmt"
	"testing"
	"time"
)

func awaiting(n string, seconds int64) *waitInput {
	return &waitInput{onThing: onThing{n}, Seconds: seconds}
}

// start makes a call in the background and returns once it is parked.
func start(t *testing.T, c *Cloud, ctx context.Context, in *waitInput) <-chan Response {
	t.Helper()
	before, done := c.Waiting(), make(chan Response, 1)
	go func() {
		done <- c.Do(&Request{Op: c.Operation("toy", "Await"), In: in, Principal: c.RootPrincipal(), Context: ctx})
	}()
	wait(t, "parked", func() bool { return c.Waiting() > before })
	return done
}

func TestWokenInLine(t *testing.T) {
	c, s := newToy(t, Options{})
	var calls []<-chan Response
	for range 3 {
		calls = append(calls, start(t, c, nil, awaiting("a", 20)))
	}
	if c.Busy() != 0 || s.things.Len() != 0 {
		t.Errorf("busy %d, %d things: a parked call keeps nobody busy and leaves no trace", c.Busy(), s.things.Len())
	}
	for i, call := range calls {
		must(t, do(c, "Make", thingNamed("a", int64(20+i))))
		if got := must(t, <-call).(*getOutput); got.Size != int64(20+i) {
			t.Errorf("call %d got thing %d", i, got.Size)
		}
	}
	if es := c.Entries(1, 0); len(es) != 6 || es[1].Op != "Await" || es[1].Seq != 2 {
		t.Errorf("each call is recorded once, when it is answered: %d entries", len(es))
	}
}

func TestWaitEndsAtItsDeadline(t *testing.T) {
	w := newWall()
	c, s := newToy(t, Options{Wall: w.Now})
	call := start(t, c, nil, &waitInput{onThing: onThing{"a"}, Seconds: 20, Retry: 3})
	began := c.Now()
	steps, _ := c.Advance(time.Minute)
	must(t, <-call)
	if e := c.Entries(1, 1)[0]; e.At != began+20*Second || e.Started != began {
		t.Errorf("answered after %d s", (e.At-began)/Second)
	}
	if steps != 7 || s.things.Len() != 0 {
		t.Errorf("%d steps: it was to look again every 3 s", steps)
	}
}

func TestFrozenWaitEndsInWallTime(t *testing.T) {
	w := newWall()
	c, _ := newToy(t, Options{Wall: w.Now})
	c.Freeze()
	began := time.Now()
	must(t, <-start(t, c, nil, awaiting("a", 1)))
	if took := time.Since(began); took < 900*time.Millisecond || took > 3*time.Second {
		t.Errorf("a wait of 1 s took %v", took)
	}
	if err := c.Sleep(context.Background(), 50*time.Millisecond); err != nil {
		t.Error(err)
	}
}

func TestHangUp(t *testing.T) {
	c, s := newToy(t, Options{})
	ctx, hangUp := context.WithCancel(context.Background())
	gone := start(t, c, ctx, awaiting("a", 20))
	stays := start(t, c, nil, awaiting("a", 20))
	hangUp()
	if res := <-gone; res.Err == nil {
		t.Error("a dropped call succeeded")
	}
	if c.Busy() != 0 || c.Waiting() != 1 {
		t.Errorf("busy %d, waiting %d", c.Busy(), c.Waiting())
	}
	must(t, do(c, "Make", thingNamed("a", 1)))
	must(t, <-stays)
	if s.things.Len() != 0 || len(c.lines) != 0 {
		t.Error("the thing went to the caller who had gone")
	}
}

func TestCloseDropsParkedCalls(t *testing.T) {
	c, _ := newToy(t, Options{})
	call := start(t, c, nil, awaiting("a", 20))
	c.Close()
	wantCode(t, (<-call).Err, "ServiceUnavailable")
	wantCode(t, do(c, "Get", &onThing{"a"}).Err, "ServiceUnavailable")
	if c.Close() != nil {
		t.Error("closing twice is an error")
	}
}

// TestWakersWakeEachOther has answered calls wake the line they stood in themselves.
func TestWakersWakeEachOther(t *testing.T) {
	c, s := newToy(t, Options{})
	const n = 200
	var calls []<-chan Response
	for range n {
		calls = append(calls, start(t, c, nil, awaiting("a", 20)))
	}
	for range n {
		must(t, do(c, "Make", thingNamed("a", 1)))
	}
	for _, call := range calls {
		must(t, <-call)
	}
	if s.things.Len() != 0 || c.Waiting() != 0 {
		t.Errorf("%d things left, %d calls waiting", s.things.Len(), c.Waiting())
	}
}

func TestWaitersLeaveInOneAdvance(t *testing.T) {
	c, _ := newToy(t, Options{})
	var calls []<-chan Response
	for i := range 50 {
		calls = append(calls, start(t, c, nil, awaiting(fmt.Sprint("t", i%5), int64(1+i))))
	}
	c.Advance(time.Hour)
	for _, call := range calls {
		must(t, <-call)
	}
}
