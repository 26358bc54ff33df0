package emu

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
)

func TestRebuild(t *testing.T) {
	for seed := range uint64(20) {
		o := Options{Seed: seed, Log: func(string, ...any) {}}
		c, _ := newToy(t, o)
		c.Start()
		r := rand.New(rand.NewPCG(seed, 1))
		addFault(t, c, Fault{Kind: FaultError, Rate: 0.2, Count: 5, Operation: "Make"})
		addFault(t, c, Fault{Kind: FaultLatency, LatencyMS: 1, Count: 3, Operation: "Get"})
		for range 10 {
			scribble(c, r, 30)
			do(c, "Fetch", &onThing{[]string{"page", "error", "forbidden", "panic"}[r.IntN(4)]})
			do(c, "Ring", thingNamed([]string{"bell", "broken"}[r.IntN(2)], 13+r.Int64N(2)))
			wait(t, "quiet", func() bool { return c.Busy() == 0 })
			do(c, "Panic", &onThing{"x"})
			if r.IntN(10) == 0 {
				c.Reset()
			}
		}
		call := start(t, c, context.Background(), awaiting("late", 1))
		must(t, do(c, "Make", thingNamed("late", 2000)))
		must(t, <-call)
		c.Freeze()
		if seed == 0 {
			must(t, <-start(t, c, nil, awaiting("never", 1))) // ended by the wall clock
		}
		rebuilt, _ := newToy(t, o)
		if err := Rebuild(rebuilt, c); err != nil {
			t.Fatal(err)
		}
		same(t, c, rebuilt)
		restored, _ := newToy(t, o)
		if err := Restore(restored, c); err != nil {
			t.Fatal(err)
		}
		same(t, c, restored)
		if x, y := fmt.Sprint(c.seq, c.clock.frozen), fmt.Sprint(rebuilt.seq, rebuilt.clock.frozen); x != y {
			t.Errorf("seed %d: %s, was %s", seed, y, x)
		}
	}
}

// TestRebuildNotices has a handler that depends on something else than its call and the tables.
func TestRebuildNotices(t *testing.T) {
	hidden := int64(0)
	cheat := func(c *Cloud, s *toy) {
		c.ops["toy:Drop"].run = func(*Call, any) (any, error) {
			hidden++
			s.things.Put("x", thing{Size: hidden})
			return nil, nil
		}
	}
	c, s := newToy(t, Options{})
	cheat(c, s)
	must(t, do(c, "Drop", &onThing{"x"}))
	rebuilt, s := newToy(t, Options{})
	cheat(rebuilt, s)
	if err := Rebuild(rebuilt, c); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(c.Digest()) == fmt.Sprint(rebuilt.Digest()) {
		t.Error("a hidden counter went unnoticed")
	}
}
