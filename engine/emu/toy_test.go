package emu

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

// toy is a service with one of everything: plain operations, a parked one, an external one, an effect, an index, a
// deadline, and calls to itself.
type toy struct {
	things *Table[name, thing]
	sizes  *Index[sizeKey]
	ring   *Effect[bell]

	gate  chan struct{} // io and effects wait for it, if it is there
	mu    sync.Mutex
	rings []string
}

type name string

func (a name) Compare(b name) int { return strings.Compare(string(a), string(b)) }

type thing struct {
	Size    int64
	Expires Time
	ID      string
	Tags    map[string]string
	Log     []string
}

type sizeKey struct {
	size int64
	name name
}

func (a sizeKey) Compare(b sizeKey) int {
	return cmp.Or(cmp.Compare(a.size, b.size), a.name.Compare(b.name))
}

type bell struct{ Name, Tone string }

type onThing struct {
	Name string `is:"required,len=1..80"`
}

func (in *onThing) Resource(c *Call) string {
	return "arn:aws:toy:" + c.Region + ":" + c.Account + ":thing/" + in.Name
}

type makeInput struct {
	onThing
	Size     int64 `is:"range=0..1000"`
	Lifetime int64 // seconds, 0 for ever
	Tags     map[string]string
	Secret   string `is:"secret"`
}

type makeOutput struct {
	ID   string
	Made Time
}

type getOutput struct {
	Size int64
	ID   string
	Log  []string
}

type windOutput struct{ Time int64 }

type waitInput struct {
	onThing
	Seconds int64
	Retry   int64
}

type callInput struct {
	onThing
	Operation string
	As        Principal
	Fail      bool
}

func newToy(t testing.TB, o Options) (*Cloud, *toy) {
	t.Helper()
	if o.Account == "" {
		o.Account = "111122223333"
	}
	if o.Log == nil {
		o.Log = t.Logf
	}
	c := New(o)
	s := &toy{things: NewTable[name, thing](c, "toy.things")}
	s.sizes = NewIndex(s.things, func(k name, v *thing) (sizeKey, bool) { return sizeKey{v.Size, k}, v.Size > 0 })
	OnDue(s.things, func(_ name, v *thing) (Time, bool) { return v.Expires, v.Expires != 0 }, s.expire)
	s.ring = NewEffect(c, "toy.ring", s.doRing, s.rung)
	c.Register(&Service{Name: "toy", Title: "Toy", Modelled: []Modelled{{"toy.wind", 2 * Second, "a day"}}, Ops: []*Operation{
		Op("Make", s.makeThing),
		Op("Drop", func(c *Call, in *onThing) (*NoOutput, error) { s.things.Delete(name(in.Name)); return nil, nil }),
		Op("Get", s.get).Reads(),
		Op("Ping", s.ping),
		Op("Wind", func(c *Call, in *onThing) (*windOutput, error) { return &windOutput{int64(c.Takes("toy.wind"))}, nil }),
		Op("Await", s.await),
		Op("Ring", s.ringBell),
		Op("Call", s.call),
		Op("Liar", func(c *Call, in *onThing) (*NoOutput, error) { s.things.Put(name(in.Name), thing{}); return nil, nil }).Reads(),
		Op("Panic", func(c *Call, in *onThing) (*NoOutput, error) { s.things.Put(name(in.Name), thing{}); panic("oops") }),
		Op("Odd", func(c *Call, in *onThing) (*NoOutput, error) { return nil, errors.New("nobody should see this") }),
		External("Fetch", s.beginFetch, s.fetch, s.finishFetch),
	}})
	t.Cleanup(func() { c.Close() })
	return c, s
}

func (s *toy) makeThing(c *Call, in *makeInput) (*makeOutput, error) {
	v, had := s.things.Get(name(in.Name))
	if had && in.Size == v.Size {
		return nil, Errorf("Exists", "There is a thing %s of that size.", in.Name)
	}
	v.Size, v.ID, v.Tags = in.Size, c.NewID(), in.Tags
	v.Log = append(v.Log[:len(v.Log):len(v.Log)], fmt.Sprint(c.Rand()%100))
	if in.Lifetime > 0 {
		v.Expires = c.Now + Time(in.Lifetime)*Second
	}
	s.things.Put(name(in.Name), v)
	if in.Size == 13 {
		return nil, Errorf("Unlucky", "It was made, and is undone.")
	}
	c.Wake("thing/" + in.Name)
	c.Count("Things", 1)
	c.Note("ID", v.ID)
	return &makeOutput{v.ID, c.Now}, nil
}

// ping does the least a write can do.
func (s *toy) ping(c *Call, in *makeInput) (*NoOutput, error) {
	s.things.Put(name(in.Name), thing{Size: in.Size, ID: in.Secret, Tags: in.Tags, Expires: c.Now + 14*Day})
	return nil, nil
}

func (s *toy) expire(c *Call, k name) {
	s.things.Delete(k)
	s.things.Put("last", thing{Log: []string{string(k), c.Now.String()}})
}

func (s *toy) get(c *Call, in *onThing) (*getOutput, error) {
	v, ok := s.things.Get(name(in.Name))
	if !ok {
		return nil, Errorf("NoSuchThing", "There is no thing %s.", in.Name)
	}
	return &getOutput{v.Size, v.ID, v.Log}, nil
}

// await takes the thing that comes, and counts who came before.
func (s *toy) await(c *Call, in *waitInput) (*getOutput, error) {
	v, ok := s.things.Get(name(in.Name))
	if !ok {
		s.things.Put("scribble", thing{Size: 1}) // undone if the call is parked
		retry := Time(0)
		if in.Retry > 0 {
			retry = c.Now + Time(in.Retry)*Second
		}
		if err := c.Wait("thing/"+in.Name, c.Started+Time(in.Seconds)*Second, retry); err != nil {
			return nil, err
		}
		s.things.Delete("scribble")
		return &getOutput{}, nil
	}
	s.things.Delete(name(in.Name))
	c.Wake("thing/" + in.Name)
	return &getOutput{v.Size, v.ID, v.Log}, nil
}

func (s *toy) ringBell(c *Call, in *makeInput) (*NoOutput, error) {
	s.ring.After(c, bell{in.Name, "ding"})
	s.things.Put(name(in.Name), thing{Size: in.Size})
	if in.Size == 13 {
		return nil, Errorf("Unlucky", "No bell rings.")
	}
	return nil, nil
}

func (s *toy) doRing(ctx context.Context, b bell) (string, error) {
	if s.gate != nil {
		select {
		case <-s.gate:
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rings = append(s.rings, b.Name)
	if b.Name == "broken" {
		return "", errors.New("the bell is broken")
	}
	return b.Tone + "!", nil
}

func (s *toy) rung(c *Call, b bell, tone string, err error) {
	v, _ := s.things.Get(name(b.Name))
	v.Log = append(v.Log[:len(v.Log):len(v.Log)], fmt.Sprint(tone, err))
	s.things.Put(name(b.Name), v)
}

func (s *toy) call(c *Call, in *callInput) (*getOutput, error) {
	s.things.Put(name(in.Name), thing{Size: 1})
	_, err := c.Do(in.Operation, in.As, &makeInput{onThing: onThing{in.Name + "-inner"}, Size: 13})
	out := &getOutput{ID: fmt.Sprint(err)}
	if _, err := c.Do("toy:Make", in.As, &makeInput{onThing: onThing{in.Name + "-second"}, Size: 2}); err != nil {
		return nil, err
	}
	if in.Fail {
		return nil, Errorf("Told", "to fail")
	}
	return out, nil
}

func (s *toy) beginFetch(c *Call, in *onThing) (string, error) {
	if in.Name == "forbidden" {
		return "", Errorf("Forbidden", "Not this one.")
	}
	s.things.Put(name(in.Name), thing{Log: []string{"fetching"}})
	return "http://" + in.Name, nil
}

func (s *toy) fetch(ctx context.Context, url string) (bell, error) {
	if s.gate != nil {
		<-s.gate
	}
	switch url {
	case "http://panic":
		panic("no route")
	case "http://error":
		return bell{Name: "half"}, errors.New("connection refused")
	}
	return bell{url, "body"}, nil
}

func (s *toy) finishFetch(c *Call, in *onThing, b bell, err error) (*getOutput, error) {
	s.things.Put(name(in.Name), thing{Log: []string{b.Name, b.Tone, fmt.Sprint(err)}})
	if err != nil {
		return nil, Errorf("FetchFailed", "%v", err)
	}
	return &getOutput{ID: b.Tone, Log: []string{c.RequestID}}, nil
}

// do calls an operation as root.
func do(c *Cloud, op string, in any) Response {
	return c.Do(&Request{Op: c.Operation("toy", op), In: in, Principal: c.RootPrincipal(), Endpoint: "http://here"})
}

func must(t testing.TB, r Response) any {
	t.Helper()
	if r.Err != nil {
		t.Fatalf("unexpected error: %v", r.Err)
	}
	return r.Out
}

func wantCode(t testing.TB, err error, code string) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Code != code {
		t.Errorf("error = %v, want %s", err, code)
	}
}

func thingNamed(n string, size int64) *makeInput {
	return &makeInput{onThing: onThing{n}, Size: size}
}

// wait fails the test unless f becomes true soon.
func wait(t testing.TB, what string, f func() bool) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if f() {
			return
		}
	}
	t.Fatalf("still not: %s", what)
}

// wall is a wall clock that a test moves.
type wall struct {
	mu  sync.Mutex
	now time.Time
}

func newWall() *wall { return &wall{now: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)} }

func (w *wall) Now() time.Time { w.mu.Lock(); defer w.mu.Unlock(); return w.now }

func (w *wall) add(d time.Duration) { w.mu.Lock(); w.now = w.now.Add(d); w.mu.Unlock() }
