package emu

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// opened is a toy cloud whose journal is in dir.
func opened(t testing.TB, dir string, o Options) (*Cloud, *toy) {
	t.Helper()
	c, s := newToy(t, o)
	if err := c.Open(dir, JournalOptions{Build: "test"}); err != nil {
		t.Fatal(err)
	}
	if err := c.journal.sync(c.disk); err != nil { // now, so that file sizes are known
		t.Fatal(err)
	}
	return c, s
}

// tune changes how a cloud's files are kept.
func tune(c *Cloud, f func(*disk)) {
	c.journal.writing.Lock()
	defer c.journal.writing.Unlock()
	f(c.disk)
}

// abandon leaves a cloud's directory as kill -9 does.
func abandon(c *Cloud) { c.disk.lock.Close() }

func same(t testing.TB, a, b *Cloud) {
	t.Helper()
	if x, y := fmt.Sprint(a.Digest()), fmt.Sprint(b.Digest()); x != y {
		t.Errorf("tables differ:\n%s\n%s", x, y)
	}
}

// scribble makes n random calls.
func scribble(c *Cloud, r *rand.Rand, n int) {
	for range n {
		in := &makeInput{onThing: onThing{fmt.Sprint("t", r.IntN(50))}, Size: r.Int64N(900), Lifetime: r.Int64N(100)}
		switch r.IntN(8) {
		case 0:
			do(c, "Drop", &in.onThing)
		case 1:
			c.Advance(time.Duration(r.IntN(60)) * time.Second)
		case 2:
			do(c, "Get", &in.onThing)
		case 3:
			do(c, "Call", &callInput{onThing: in.onThing, Operation: "toy:Make", As: c.RootPrincipal(), Fail: r.IntN(2) == 0})
		default:
			do(c, "Make", in)
		}
	}
}

func TestReopen(t *testing.T) {
	dir, w := t.TempDir(), newWall()
	o := Options{Seed: 3, Wall: w.Now}
	c, _ := opened(t, dir, o)
	scribble(c, rand.New(rand.NewPCG(1, 1)), 300)
	must(t, do(c, "Ring", thingNamed("bell", 1)))
	wait(t, "quiet", func() bool { return c.Busy() == 0 })
	c.Freeze()
	at, seq, entries := c.Now(), c.seq, len(c.Entries(0, 0))
	c.Close()

	w.add(time.Hour) // the engine is off
	again, s := opened(t, dir, o)
	same(t, c, again)
	if again.seq != seq || again.Now() != at || !again.Frozen() {
		t.Errorf("seq %d, was %d; now %s, was %s; frozen %v", again.seq, seq, again.Now(), at, again.Frozen())
	}
	if got := len(again.Entries(0, 0)); got != entries {
		t.Errorf("%d entries, were %d", got, entries)
	}
	if s.sizes.Len() == 0 {
		t.Error("the index was not rebuilt")
	}
	must(t, do(again, "Make", thingNamed("next", 1)))
	if e := again.Entries(seq+1, 0); len(e) != 1 || e[0].Op != "Make" {
		t.Errorf("entries after the restart: %+v", e)
	}
	for range 3 { // opening and closing changes nothing
		again.Close()
		again, _ = opened(t, dir, o)
	}
	if files, _ := filepath.Glob(dir + "/*"); len(files) > 4 {
		t.Errorf("files pile up: %v", files)
	}
}

func TestUnfinishedEffectRunsAgain(t *testing.T) {
	dir := t.TempDir()
	c, s := opened(t, dir, Options{})
	s.gate = make(chan struct{})
	must(t, do(c, "Ring", thingNamed("bell", 1)))
	c.Close()
	again, s := opened(t, dir, Options{})
	again.Start()
	wait(t, "rung", func() bool { s.mu.Lock(); defer s.mu.Unlock(); return len(s.rings) == 1 })
	wait(t, "recorded", func() bool { again.mu.Lock(); defer again.mu.Unlock(); return again.outbox.Len() == 0 })
}

// TestTornTail cuts the journal at every byte of its last record: all before it is there, and the rest can be written again.
func TestTornTail(t *testing.T) {
	dir := t.TempDir()
	c, _ := opened(t, dir, Options{})
	must(t, do(c, "Make", thingNamed("a", 1)))
	must(t, do(c, "Make", thingNamed("b", 1)))
	whole := c.disk.kept[0].size
	must(t, do(c, "Make", thingNamed("torn", 1)))
	path := c.disk.kept[0].path
	full, _ := os.ReadFile(path)
	for cut := whole; cut < int64(len(full)); cut += 7 {
		torn := t.TempDir()
		os.WriteFile(filepath.Join(torn, filepath.Base(path)), full[:cut], 0o600)
		var log strings.Builder
		again, s := opened(t, torn, Options{Log: func(f string, args ...any) { fmt.Fprintf(&log, f, args...) }})
		if s.things.Len() != 2 || again.seq != 2 || (cut > whole) != strings.Contains(log.String(), "cut") {
			t.Fatalf("cut at %d: %d things, log %q", cut, s.things.Len(), log.String())
		}
		must(t, do(again, "Make", thingNamed("torn", 1)))
		again.Close()
		_, s = opened(t, torn, Options{})
		if s.things.Len() != 3 {
			t.Fatalf("cut at %d: the next run's call is lost", cut)
		}
	}
	headless := t.TempDir()
	os.WriteFile(filepath.Join(headless, filepath.Base(path)), full[:20], 0o600)
	if _, s := opened(t, headless, Options{}); s.things.Len() != 0 {
		t.Error("a journal without its header")
	}
}

// TestDamage flips one byte anywhere but in the last record: the journal is refused, with the place, and left alone.
func TestDamage(t *testing.T) {
	dir := t.TempDir()
	c, _ := opened(t, dir, Options{})
	for i := range 20 {
		must(t, do(c, "Make", thingNamed(fmt.Sprint("t", i), 1)))
	}
	last := c.disk.kept[0].size
	must(t, do(c, "Make", thingNamed("last", 1)))
	path := c.disk.kept[0].path
	full, _ := os.ReadFile(path)
	for at := int64(0); at < last; at += 31 {
		broken := bytes.Clone(full)
		broken[at] ^= 0x10
		there := t.TempDir()
		copied := filepath.Join(there, filepath.Base(path))
		os.WriteFile(copied, broken, 0o600)
		c, _ := newToy(t, Options{})
		err := c.Open(there, JournalOptions{})
		var damaged *DamageError
		if !errors.As(err, &damaged) || damaged.Offset > at || !strings.Contains(err.Error(), copied) {
			t.Fatalf("byte %d flipped: %v", at, err)
		}
		if got, _ := os.ReadFile(copied); !bytes.Equal(got, broken) {
			t.Fatalf("byte %d flipped: the file was changed", at)
		}
	}
}

func TestMissingSegment(t *testing.T) {
	dir := t.TempDir()
	for i := range 3 {
		c, _ := opened(t, dir, Options{})
		must(t, do(c, "Make", thingNamed(fmt.Sprint("t", i), 1)))
		c.Close()
	}
	os.Remove(filepath.Join(dir, fileName(1, segmentSuffix)))
	c, _ := newToy(t, Options{})
	if err := c.Open(dir, JournalOptions{}); err == nil || !strings.Contains(err.Error(), "missing") {
		t.Errorf("a missing segment gives %v", err)
	}
}

func snapshot(t testing.TB, c *Cloud) {
	t.Helper()
	c.mu.Lock()
	z := c.freeze()
	c.mu.Unlock()
	if err := c.compact(z); err != nil {
		t.Fatal(err)
	}
}

func TestSnapshots(t *testing.T) {
	dir := t.TempDir()
	c, _ := opened(t, dir, Options{Seed: 1})
	tune(c, func(d *disk) { d.segmentSize, d.keep = 20<<10, 50<<10 })
	r := rand.New(rand.NewPCG(9, 9))
	for i := range 12 {
		scribble(c, r, 100)
		if i%3 == 2 {
			snapshot(t, c)
		}
		if err := c.journal.sync(c.disk); err != nil {
			t.Fatal(err)
		}
	}
	scribble(c, r, 50)
	kept := int64(0)
	for _, s := range c.disk.kept {
		kept += s.size
	}
	if len(c.disk.kept) < 3 || c.disk.kept[0].after == 0 {
		t.Errorf("%d segments of %d bytes kept, the first behind call %d", len(c.disk.kept), kept, c.disk.kept[0].after)
	}
	first := c.Entries(0, 1)[0]
	if first.Seq != c.disk.kept[0].after+1 {
		t.Errorf("evidence begins with call %d", first.Seq)
	}
	c.Close()
	again, _ := opened(t, dir, Options{Seed: 1})
	same(t, c, again)
	again.Close()

	// A snapshot that is damaged is passed over only if the journal reaches back to one that is not.
	paths, _ := filepath.Glob(dir + "/*" + snapshotSuffix)
	if len(paths) != 1 {
		t.Fatalf("snapshots: %v", paths)
	}
	b, _ := os.ReadFile(paths[0])
	b[len(b)/2] ^= 1
	os.WriteFile(paths[0], b, 0o600)
	broken, _ := newToy(t, Options{})
	if err := broken.Open(dir, JournalOptions{}); err == nil || !strings.Contains(err.Error(), paths[0]) {
		t.Errorf("a damaged snapshot gives %v", err)
	}
}

func TestDamagedSnapshotWithWholeJournal(t *testing.T) {
	dir := t.TempDir()
	c, _ := opened(t, dir, Options{})
	scribble(c, rand.New(rand.NewPCG(1, 2)), 100)
	snapshot(t, c)
	scribble(c, rand.New(rand.NewPCG(3, 4)), 100)
	c.Close()
	paths, _ := filepath.Glob(dir + "/*" + snapshotSuffix)
	os.Truncate(paths[0], 1000)
	again, _ := opened(t, dir, Options{})
	same(t, c, again)
}

// Clouds of an older and a newer program that see things differently.
type oldThing struct {
	Size  int32
	Color string
	Gone  []string
}

type newThing struct {
	Color *string
	Size  int64
	Fresh Time
}

func TestOtherBuild(t *testing.T) {
	dir := t.TempDir()
	build := func(c *Cloud, put func(call *Call, in *makeInput)) {
		c.Register(&Service{Name: "toy", Ops: []*Operation{
			Op("Make", func(call *Call, in *makeInput) (*NoOutput, error) { put(call, in); return nil, nil }),
		}})
	}
	old := New(Options{})
	rows := NewTable[name, oldThing](old, "toy.things")
	NewTable[name, oldThing](old, "toy.empty")
	build(old, func(_ *Call, in *makeInput) {
		v, _ := rows.Get(name(in.Name))
		v.Size, v.Color, v.Gone = int32(in.Size), "red", append(v.Gone, "x")
		rows.Put(name(in.Name), v)
	})
	if err := old.Open(dir, JournalOptions{Build: "old"}); err != nil {
		t.Fatal(err)
	}
	must(t, do(old, "Make", thingNamed("a", 1)))
	must(t, do(old, "Make", thingNamed("a", 2)))
	old.Close()

	for range 2 { // from the journal, then from the snapshot that a new build makes at once
		c := New(Options{})
		rows := NewTable[name, newThing](c, "toy.things")
		build(c, func(*Call, *makeInput) {})
		if err := c.Open(dir, JournalOptions{Build: "new"}); err != nil {
			t.Fatal(err)
		}
		if v, _ := rows.Get("a"); v.Size != 2 || v.Color == nil || *v.Color != "red" {
			t.Errorf("row %+v", v)
		}
		wait(t, "a snapshot", func() bool {
			snaps, _ := filepath.Glob(dir + "/*" + snapshotSuffix)
			return len(snaps) == 1
		})
		if len(c.Entries(0, 0)) != 2 {
			t.Error("old entries cannot be read")
		}
		c.Close()
	}

	odd := New(Options{})
	NewTable[name, struct{ Size string }](odd, "toy.things")
	if err := odd.Open(dir, JournalOptions{}); err == nil || !strings.Contains(err.Error(), "table toy.things") || !strings.Contains(err.Error(), "migration") {
		t.Errorf("an incompatible schema gives %v", err)
	}
	none := New(Options{})
	if err := none.Open(dir, JournalOptions{}); err == nil || !strings.Contains(err.Error(), "no table toy.things") {
		t.Errorf("a table that is gone gives %v", err)
	}
}

func TestOneEngineADirectory(t *testing.T) {
	dir := t.TempDir()
	c, _ := opened(t, dir, Options{})
	other, _ := newToy(t, Options{})
	if err := other.Open(dir, JournalOptions{}); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("a second engine in the same directory: %v", err)
	}
	c.Close()
	opened(t, dir, Options{})
}

func TestSyncAlways(t *testing.T) {
	dir := t.TempDir()
	c, _ := newToy(t, Options{})
	if err := c.Open(dir, JournalOptions{SyncAlways: true}); err != nil {
		t.Fatal(err)
	}
	must(t, do(c, "Make", thingNamed("a", 1)))
	abandon(c) // what was answered is in the file
	if _, s := opened(t, dir, Options{}); s.things.Len() != 1 {
		t.Error("an answered call is not in the file")
	}
}

func TestQuietCloudKeepsTime(t *testing.T) {
	dir, w := t.TempDir(), newWall()
	c, _ := opened(t, dir, Options{Wall: w.Now})
	c.Start()
	at := c.Now()
	for range 3 {
		w.add(50 * time.Second)
		c.Now()
		time.Sleep(1100 * time.Millisecond)
	}
	abandon(c)
	again, _ := opened(t, dir, Options{Wall: w.Now})
	if got := again.Now() - at; got < 90*Second {
		t.Errorf("after 150 s without a call only %d s are known", int64(got/Second))
	}
}

// TestPowerCutWhileRotating loses the end of a segment though a newer one has begun: that is a crash as long as the newer
// one is not settled, and damage afterwards.
func TestPowerCutWhileRotating(t *testing.T) {
	for _, settled := range []bool{false, true} {
		for _, whole := range []bool{false, true} { // records are lost whole, or one is torn
			dir := t.TempDir()
			c, _ := opened(t, dir, Options{})
			must(t, do(c, "Make", thingNamed("kept", 1)))
			cut := c.disk.kept[0].size
			must(t, do(c, "Make", thingNamed("lost", 1)))
			tune(c, func(d *disk) { d.segmentSize = 1 })
			if err := c.journal.sync(c.disk); err != nil {
				t.Fatal(err)
			}
			tune(c, func(d *disk) { d.segmentSize = segmentSize })
			must(t, do(c, "Make", thingNamed("newer", 1)))
			old, newer := c.disk.kept[0].path, c.disk.kept[1].path
			c.Close()
			if !whole {
				cut += 50
			}
			os.Truncate(old, cut)
			if !settled {
				b, _ := os.ReadFile(newer)
				os.WriteFile(newer, bytes.ReplaceAll(b, settledFrame, nil), 0o600)
			}
			again, s := newToy(t, Options{})
			err := again.Open(dir, JournalOptions{Build: "test"})
			var damaged *DamageError
			switch {
			case settled && !errors.As(err, &damaged):
				t.Errorf("whole %v: a settled journal without its middle gives %v", whole, err)
			case !settled && (err != nil || s.things.Len() != 1):
				t.Errorf("whole %v: %v, %d things", whole, err, s.things.Len())
			}
		}
	}
}
