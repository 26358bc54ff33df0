package emutest

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"haneul/engine/emu"
)

// Suite is what is tested and the few things that cannot be told from the tables.
type Suite struct {
	New     func(emu.Options) *emu.Cloud // an empty cloud with the services under test
	Service string                       // only this one; "" for all
	Scripts int                          // random scripts for each service; 0 for 1,000
	Calls   int                          // in each script; 0 for 15
	Seed    uint64                       // the only script to run, if not 0

	// Values are what strings are drawn from besides chance and what the cloud answered: by the member's name, or for the
	// keys of a map by "Member.key", for one service alone by "service:Member". A member hinted at as "Operation.Member" is
	// always there and never anything else; a hint of "" leaves it out, and one of
	// "=Member" is a value that was seen under that name.
	Values map[string][]string
	// Before is run at the beginning of every script, so that it has something to work on.
	Before func(*Run)
	// Open are operations that need no permission, e.g. "sts:GetCallerIdentity".
	Open []string
}

// Run holds one cloud while a script runs.
type Run struct {
	Cloud *emu.Cloud
	Draw  *Draw
	log   *logged
	said  []string // every answer, in order
}

// wallTime is when all clouds here are born; their wall clocks stand still, so that time passes only when a script says so.
var wallTime = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

func (s *Suite) cloud(seed uint64) (*emu.Cloud, *logged) {
	l := &logged{}
	c := s.New(emu.Options{
		Name: "conformance", Account: "111122223333", Seed: seed, Wall: func() time.Time { return wallTime }, Log: l.add, InOrder: true,
		Root: emu.AccessKey{AccessKeyID: "AKIAROOTROOTROOTROOT", Secret: "root"},
	})
	return c, l
}

// start makes a cloud and prepares it.
func (s *Suite) start(seed uint64) *Run {
	c, l := s.cloud(seed)
	r := &Run{Cloud: c, Draw: newDraw(seed, s.Values), log: l}
	if s.Before != nil {
		s.Before(r)
	}
	return r
}

// logged is what a cloud told its operator: internal failures, above all.
type logged struct {
	mu    sync.Mutex
	lines []string
}

func (l *logged) add(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, fmt.Sprintf(format, args...))
}

func (l *logged) take() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	text := strings.Join(l.lines, "\n")
	l.lines = nil
	return text
}

// Test runs everything, a subtest for each service.
func (s *Suite) Test(t *testing.T) {
	c, _ := s.cloud(1)
	defer c.Close()
	for _, service := range c.Services() {
		if len(service.Wire) == 0 || s.Service != "" && s.Service != service.Name {
			continue
		}
		t.Run(service.Name, func(t *testing.T) {
			t.Parallel()
			for _, op := range service.Ops {
				t.Run(op.Name, func(t *testing.T) { s.row(t, service.Name, op.Name) })
			}
			t.Run("scripts", func(t *testing.T) { s.scripts(t, service.Name) })
		})
	}
}

// Do calls an operation ("sqs:CreateQueue") as root with an input in JSON, and remembers what it answered. It panics if the
// call fails: the stage must be set before anything is tested on it.
func (r *Run) Do(operation, input string) any {
	service, name, _ := strings.Cut(operation, ":")
	op := r.Cloud.Operation(service, name)
	if op == nil {
		panic("emutest: there is no " + operation)
	}
	in := op.NewInput()
	unknown, err := op.Input().DecodeJSON([]byte(input), in)
	if err == nil && len(unknown) == 0 {
		err = refusal(op, in)
	}
	if err != nil || len(unknown) > 0 {
		panic(fmt.Sprintf("emutest: %s %s: %v %v", operation, input, unknown, err))
	}
	res := r.call(op, in, r.Cloud.RootPrincipal())
	if res.Err != nil {
		panic(fmt.Sprintf("emutest: %s %s: %v", operation, input, res.Err))
	}
	return res.Out
}

// call makes a call. One that is parked is given the time it waits for.
func (r *Run) call(op *emu.Operation, in any, who emu.Principal) emu.Response {
	done := make(chan emu.Response, 1)
	go func() {
		done <- r.Cloud.Do(&emu.Request{Op: op, In: in, Principal: who, Endpoint: "http://127.0.0.1:4566", SourceIP: "127.0.0.1"})
	}()
	res, answered := await(r.Cloud, done)
	for !answered {
		r.Cloud.Advance(time.Second)
		res, answered = await(r.Cloud, done)
	}
	for r.Cloud.Busy() > 0 { // effects come to rest, so that every run sees the same
		time.Sleep(20 * time.Microsecond)
	}
	r.remember(op, in, res)
	return res
}

// await returns the answer, or false if the call is parked.
func await(c *emu.Cloud, done <-chan emu.Response) (emu.Response, bool) {
	for {
		select {
		case res := <-done:
			return res, true
		default:
		}
		if c.Waiting() > 0 {
			return emu.Response{}, false
		}
		select {
		case res := <-done:
			return res, true
		case <-time.After(20 * time.Microsecond):
		}
	}
}

// remember keeps an answer: to compare with another run's, and to draw later inputs from.
func (r *Run) remember(op *emu.Operation, in any, res emu.Response) {
	said := res.RequestID + " " + op.Name + " "
	if res.Err != nil {
		said += res.Err.Error()
	} else {
		said += string(op.Output().AppendJSON(nil, res.Out))
		r.Draw.learn(op.Output(), res.Out)
		r.Draw.learn(op.Input(), in)
	}
	r.said = append(r.said, said)
}

// refusal is what package wire answers before a call reaches the cloud, nil if it lets it pass.
func refusal(op *emu.Operation, in any) error {
	vs := op.Input().Validate(in)
	if vs == nil {
		return nil
	}
	if f := op.Service().Invalid; f != nil {
		return f(vs)
	}
	return &emu.Error{Code: "ValidationException", Message: fmt.Sprint(vs)}
}

// clean fails the test if an answer was our own failure or the operator was told of trouble.
func (r *Run) clean(t *testing.T, what string, err error) {
	t.Helper()
	var e *emu.Error
	if err != nil && !errors.As(err, &e) {
		t.Errorf("%s: %v is no AWS error", what, err)
	}
	if text := r.log.take(); text != "" || e != nil && e.HTTPStatus() >= 500 {
		t.Errorf("%s: %v\n%s", what, err, text)
	}
}
