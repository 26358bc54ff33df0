package emu

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestPlainCall(t *testing.T) {
	c, s := newToy(t, Options{Seed: 1})
	res := do(c, "Make", &makeInput{onThing: onThing{"a"}, Size: 3, Tags: map[string]string{"k": "v"}})
	out := must(t, res).(*makeOutput)
	got := must(t, do(c, "Get", &onThing{"a"})).(*getOutput)
	if got.ID != out.ID || got.Size != 3 {
		t.Errorf("got %+v", got)
	}
	e, ok := c.Find(res.RequestID)
	if !ok || e.Op != "Make" || !e.Changed || e.ARN != "arn:aws:toy:ap-northeast-2:111122223333:thing/a" || e.Decision != "root" ||
		string(e.Input) != `{"Name":"a","Size":3,"Lifetime":0,"Tags":{"k":"v"}}` || e.Units[0] != (Unit{"Things", 1}) || e.Notes[0].Value != out.ID {
		t.Errorf("entry: %+v %s", e, e.Input)
	}
	if read := c.Entries(2, 0); len(read) != 1 || read[0].Op != "Get" || read[0].Changed || read[0].Input != nil {
		t.Errorf("the read's entry: %+v", read)
	}
	if s.things.Len() != 1 || s.sizes.Len() != 1 {
		t.Error("rows and index disagree")
	}
}

func TestSameSeedSameAnswers(t *testing.T) {
	run := func(seed uint64) string {
		c, _ := newToy(t, Options{Seed: seed, Wall: newWall().Now})
		res := do(c, "Make", thingNamed("a", 1))
		return fmt.Sprint(res.RequestID, res.Out)
	}
	if first := run(7); first != run(7) || first == run(8) {
		t.Error("answers do not follow from the seed")
	}
}

func TestFailureChangesNothing(t *testing.T) {
	c, s := newToy(t, Options{})
	must(t, do(c, "Make", thingNamed("a", 1)))
	before := c.Digest()
	for _, op := range []string{"Panic", "Liar", "Odd"} {
		wantCode(t, do(c, op, &onThing{"b"}).Err, "InternalFailure")
	}
	wantCode(t, do(c, "Make", thingNamed("a", 13)).Err, "Unlucky")
	wantCode(t, do(c, "Make", thingNamed("c", 13)).Err, "Unlucky")
	wantCode(t, do(c, "Ring", thingNamed("c", 13)).Err, "Unlucky")
	if got := c.Digest(); fmt.Sprint(got) != fmt.Sprint(before) {
		t.Errorf("state changed: %v, was %v", got, before)
	}
	if s.sizes.Rank(sizeKey{2, ""}) != 1 || s.sizes.Len() != 1 {
		t.Error("the index was not put back")
	}
	for _, e := range c.Entries(2, 0) {
		if e.Code == "" || e.Changed || strings.Contains(e.Message, "nobody") {
			t.Errorf("entry of a failure: %+v", e)
		}
	}
	if _, err := c.Admin("AddFault", &AddFaultInput{Fault{Kind: "nonsense"}}); err == nil {
		t.Error("a bad fault was taken")
	}
}

func TestDenied(t *testing.T) {
	c, _ := newToy(t, Options{})
	who := Principal{ARN: "arn:aws:iam::111122223333:user/mina", Type: User}
	res := c.Do(&Request{Op: c.Operation("toy", "Make"), In: thingNamed("a", 1), Principal: who, UserAgent: "curl"})
	wantCode(t, res.Err, "AccessDeniedException")
	if e, _ := c.Find(res.RequestID); e.Code != "AccessDeniedException" || e.Principal != who.ARN || e.UserAgent != "curl" || e.Changed {
		t.Errorf("entry %+v", e)
	}
}

func TestRefusedInput(t *testing.T) {
	c, _ := newToy(t, Options{})
	res := c.Do(&Request{Op: c.Operation("toy", "Make"), In: thingNamed("", 1), Principal: c.RootPrincipal(), Refused: Errorf("MissingParameter", "Name is missing.")})
	wantCode(t, res.Err, "MissingParameter")
	if e, ok := c.Find(res.RequestID); !ok || e.Code != "MissingParameter" || e.ARN != "" {
		t.Errorf("entry %+v", e)
	}
}

func TestExternal(t *testing.T) {
	c, s := newToy(t, Options{})
	res := do(c, "Fetch", &onThing{"page"})
	out := must(t, res).(*getOutput)
	if out.ID != "body" || out.Log[0] != res.RequestID {
		t.Errorf("%+v, request %s", out, res.RequestID)
	}
	es := c.Entries(1, 0)
	if len(es) != 2 || es[0].Kind != EntryBegin || es[1].Kind != EntryFinish || es[1].Cause != es[0].Seq || es[1].RequestID != es[0].RequestID {
		t.Errorf("entries %+v", es)
	}
	wantCode(t, do(c, "Fetch", &onThing{"forbidden"}).Err, "Forbidden")
	wantCode(t, do(c, "Fetch", &onThing{"error"}).Err, "FetchFailed")
	wantCode(t, do(c, "Fetch", &onThing{"panic"}).Err, "FetchFailed")

	s.gate = make(chan struct{})
	done := make(chan Response)
	go func() { done <- do(c, "Fetch", &onThing{"slow"}) }()
	wait(t, "begun", func() bool { return do(c, "Get", &onThing{"slow"}).Err == nil })
	if c.Busy() != 1 {
		t.Errorf("busy = %d while work is under way", c.Busy())
	}
	close(s.gate)
	must(t, <-done)
}

func TestEffect(t *testing.T) {
	c, s := newToy(t, Options{})
	s.gate = make(chan struct{})
	must(t, do(c, "Ring", thingNamed("b", 1)))
	must(t, do(c, "Ring", thingNamed("broken", 1)))
	if c.outbox.Len() != 2 || c.Busy() != 2 {
		t.Errorf("outbox %d, busy %d", c.outbox.Len(), c.Busy())
	}
	close(s.gate)
	wait(t, "quiet", func() bool { return c.Busy() == 0 })
	if c.outbox.Len() != 0 {
		t.Error("the outbox is not empty")
	}
	for n, want := range map[string]string{"b": "ding!<nil>", "broken": "the bell is broken"} {
		if got := must(t, do(c, "Get", &onThing{n})).(*getOutput); got.Log[0] != want {
			t.Errorf("%s: %q, want %q", n, got.Log, want)
		}
	}
}

func TestServiceToService(t *testing.T) {
	c, s := newToy(t, Options{})
	root := c.RootPrincipal()
	out := must(t, do(c, "Call", &callInput{onThing: onThing{"x"}, Operation: "toy:Make", As: root})).(*getOutput)
	if !strings.HasPrefix(out.ID, "Unlucky") {
		t.Errorf("the inner call's error: %s", out.ID)
	}
	if s.things.Len() != 2 {
		t.Errorf("%d things, want x and x-second: what the failed inner call did must be undone", s.things.Len())
	}
	es := c.Entries(1, 0)
	if len(es) != 3 || es[1].Code != "Unlucky" || es[1].Cause != 1 || es[2].Cause != 1 || !es[2].Changed || es[1].SourceIP != "AWS Internal" {
		t.Errorf("entries %+v", es)
	}

	nobody := Principal{ARN: "arn:aws:iam::111122223333:role/none", Type: AssumedRole}
	res := do(c, "Call", &callInput{onThing: onThing{"y"}, Operation: "toy:Make", As: nobody})
	wantCode(t, res.Err, "AccessDeniedException")
	es = c.Entries(4, 0)
	if len(es) != 3 || es[0].RequestID != res.RequestID || es[1].Principal != nobody.ARN {
		t.Errorf("the denied inner calls must stay on record: %+v", es)
	}
	wantCode(t, do(c, "Call", &callInput{onThing: onThing{"z"}, Operation: "toy:Make", As: root, Fail: true}).Err, "Told")
	if es := c.Entries(7, 0); len(es) != 2 || es[1].Code != "Unlucky" {
		t.Errorf("of an undone call's inner calls only the failed ones stay: %+v", es)
	}
	if s.things.Len() != 2 {
		t.Error("a failed call's inner calls were not undone")
	}
}

func TestRequestIDs(t *testing.T) {
	a, b := New(Options{Seed: 1}), New(Options{Seed: 2})
	for _, seq := range []uint64{1, 2, 3, 1 << 20, 1 << 59} {
		id := a.requestID(seq)
		if got, ok := a.numberOf(id); !ok || got != seq {
			t.Errorf("number of %s = %d %v, want %d", id, got, ok, seq)
		}
		if _, ok := b.numberOf(id); ok {
			t.Error("another cloud claims the id")
		}
		if len(id) != 36 || id[14] != '4' || !strings.Contains("89ab", id[19:20]) {
			t.Errorf("%s is no version 4 UUID", id)
		}
	}
	for _, id := range []string{"", "x", strings.Repeat("-", 36), strings.Repeat("z", 36), strings.Repeat("0", 36)} {
		if _, ok := a.numberOf(id); ok {
			t.Errorf("%q passes for an id", id)
		}
	}
}

func TestRedaction(t *testing.T) {
	c, _ := newToy(t, Options{})
	must(t, do(c, "Make", &makeInput{onThing: onThing{"a"}, Secret: "hunter2"}))
	if in := string(c.Entries(1, 1)[0].Input); strings.Contains(in, "hunter2") || !strings.Contains(in, `"Secret":"***"`) {
		t.Errorf("input shown as %s", in)
	}
}

func TestWaitEntry(t *testing.T) {
	c, _ := newToy(t, Options{})
	seen := make(chan error)
	go func() { seen <- c.WaitEntry(context.Background(), 3) }()
	for range 3 {
		time.Sleep(time.Millisecond)
		do(c, "Get", &onThing{"a"})
	}
	if err := <-seen; err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if c.WaitEntry(ctx, 100) == nil {
		t.Error("waiting for what never comes succeeded")
	}
}

func TestReset(t *testing.T) {
	c, s := newToy(t, Options{})
	must(t, do(c, "Make", &makeInput{onThing: onThing{"a"}, Size: 1, Lifetime: 5}))
	if err := c.Reset(); err != nil {
		t.Fatal(err)
	}
	if s.things.Len() != 0 || s.sizes.Len() != 0 {
		t.Error("something is left")
	}
	if steps, _ := c.Advance(time.Hour); steps != 0 {
		t.Error("a deadline is left")
	}
	if es := c.Entries(2, 1); len(es) != 1 || es[0].Kind != EntryReset {
		t.Errorf("entries %+v", es)
	}
}

func TestBranch(t *testing.T) {
	w := newWall()
	c, s := newToy(t, Options{Seed: 1, Wall: w.Now})
	for i := range 1000 {
		must(t, do(c, "Make", &makeInput{onThing: onThing{fmt.Sprint("t", i)}, Size: int64(i + 20), Lifetime: 60}))
	}
	s.gate = make(chan struct{})
	must(t, do(c, "Ring", thingNamed("bell", 1)))
	b, bs := newToy(t, Options{Seed: 2, Wall: w.Now})
	if err := c.CopyTo(b); err != nil {
		t.Fatal(err)
	}
	close(s.gate)
	if bs.things.Len() != 1001 || bs.sizes.Rank(sizeKey{500, ""}) != 481 || b.outbox.Len() != 0 {
		t.Errorf("branch: %d things, rank %d, %d effects", bs.things.Len(), bs.sizes.Rank(sizeKey{500, ""}), b.outbox.Len())
	}
	if steps, _ := b.Advance(time.Minute); steps != 1000 {
		t.Errorf("%d deadlines passed in the branch, want 1000", steps)
	}
	if s.things.Len() != 1001 || bs.things.Len() != 2 {
		t.Errorf("%d things here, %d there", s.things.Len(), bs.things.Len())
	}
	must(t, do(c, "Drop", &onThing{"bell"}))
	must(t, do(b, "Get", &onThing{"bell"}))
	if err := c.CopyTo(b); err == nil {
		t.Error("a used cloud became a branch")
	}
	if es := b.Entries(0, 1); es[0].Seq <= 1001 {
		t.Errorf("the branch's first entry has number %d", es[0].Seq)
	}
}
