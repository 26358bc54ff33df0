package emu

import "fmt"

// path is what every call goes through, whoever makes it. Package wire authenticates and decodes before it; after
// it, conclude commits and journals, wire encodes, and effects run.
var path = [...]func(*Cloud, *Call) error{
	(*Cloud).fault,
	(*Cloud).refuse,
	(*Cloud).authorise,
	(*Cloud).run,
}

// arrival is a request with what was settled when it arrived; a parked call keeps it from attempt to attempt.
type arrival struct {
	request  *Request
	started  Time
	patience Time       // waits until this moment are over, though the clock may stand before it
	faults   []faultKey // that strike it
	chosen   bool       // faults has been decided
}

// try takes a call through the stages once. If the error is a *WaitError, the call has not happened.
func (c *Cloud) try(a arrival, now Time) (*Call, error) {
	call := c.newCall(a, now)
	if err := c.refusal(); err != nil && (c.broken || c.stalled == nil || !call.op.reads) {
		return call, err
	}
	err := c.stages(call)
	w, waits := err.(*WaitError)
	if !waits {
		return call, err
	}
	c.rollback(0)
	if w.Deadline <= now {
		return call, fmt.Errorf("%s waits for a moment that has passed", call.op.fullName())
	}
	c.seq = call.seq - 1
	return call, w
}

func (c *Cloud) stages(call *Call) error {
	return contain(call, func() error {
		if in, ok := call.in.(Input); ok && call.request.Refused == nil {
			call.arn = in.Resource(call)
		}
		for _, stage := range path {
			if err := stage(c, call); err != nil {
				return err
			}
		}
		return nil
	})
}

// contain turns a service's panic into an error: it is our fault, and must not take the cloud with it.
func contain(call *Call, f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%s panicked: %v", call.op.fullName(), p)
		}
	}()
	return f()
}

// refuse answers what was found while the input was decoded.
func (c *Cloud) refuse(call *Call) error { return call.request.Refused }

// authorise asks IAM whether the principal may do this to the resource that the input names.
func (c *Cloud) authorise(call *Call) error {
	a := Access{Action: call.op.Action, ARN: call.arn, AccessKeyID: call.request.AccessKeyID}
	if p := call.op.service.Policy; p != nil {
		a.ResourcePolicy = p(call, call.arn)
	}
	if k, ok := call.in.(interface {
		Conditions(*Call) map[string][]string
	}); ok {
		a.Context = k.Conditions(call)
	}
	d := c.authorize(call, a)
	call.decision = d.Statement
	if !d.Allowed {
		return denied(d)
	}
	return nil
}

func denied(d Decision) *Error {
	return &Error{Code: "AccessDeniedException", QueryCode: "AccessDenied", Message: d.Message, Status: 403}
}

// run calls the handler.
func (c *Cloud) run(call *Call) (err error) {
	mark := len(c.dirty)
	call.out, err = call.op.run(call, call.in)
	if err == nil && call.op.reads && len(c.dirty) > mark {
		return fmt.Errorf("%s is marked as reading and changed state", call.op.fullName())
	}
	return err
}

// outcome is a concluded call: what to answer, and what must happen before.
type outcome struct {
	Response
	offset int64 // the journal must be written this far before anybody is answered
	begun  *Call // the first half of an external operation, if it succeeded
}

// answer concludes an attempt that did not wait.
func (c *Cloud) answer(call *Call, err error) outcome {
	if call.op.ext == nil || err != nil {
		return c.conclude(call, EntryCall, call.out, err, nil)
	}
	res := c.conclude(call, EntryBegin, nil, nil, nil)
	res.begun = call
	return res
}

// conclude commits or undoes what a call changed, journals it, starts its effects and runs the calls it wakes.
func (c *Cloud) conclude(call *Call, kind EntryKind, out any, err error, w *worked) outcome {
	if err != nil {
		c.rollback(0)
		out, err = nil, call.fail(err)
	}
	c.useFaults(call.used)
	res := outcome{Response: Response{Out: out, Err: err, RequestID: call.RequestID}}
	res.offset = c.commit(call, kind, err, w)
	c.startEffects(call.effects)
	c.wake(call.wakes, call.Now)
	return res
}

// commit writes one transaction to the journal: the call, those it made in turn, and all rows they changed.
func (c *Cloud) commit(call *Call, kind EntryKind, err error, w *worked) (offset int64) {
	if c.refusal() != nil { // there is nothing to keep and nowhere to record it
		c.rollback(0)
		return 0
	}
	changed := err == nil && len(c.dirty) > 0
	flags := c.flags()
	if kind == EntryReset {
		flags |= flagClear
	}
	c.journal.begin(flags, c.seq, call.Now)
	c.journal.entry(call.record(kind, err, changed, w))
	for i := range call.inner {
		c.journal.entry(&call.inner[i])
	}
	c.journal.endEntries()
	for _, d := range c.dirty {
		c.journal.change(d)
	}
	for _, d := range c.dirty {
		d.table.forget()
	}
	c.dirty = c.dirty[:0]
	c.poke()
	return c.journal.commit(c.seq)
}

func (c *Cloud) flags() byte {
	if c.clock.frozen {
		return flagFrozen
	}
	return 0
}

// rollback undoes every change after mark, last first.
func (c *Cloud) rollback(mark int) {
	for i := len(c.dirty) - 1; i >= mark; i-- {
		c.dirty[i].table.undo(c.dirty[i].index)
	}
	c.dirty = c.dirty[:mark]
}

func (c *Cloud) newCall(a arrival, now Time) *Call {
	c.seq++
	r := a.request
	call := &Call{
		Now: now, Started: a.started, Principal: r.Principal, Account: c.account, Region: r.Region, Endpoint: r.Endpoint,
		SourceIP: r.SourceIP, RequestID: c.requestID(c.seq), arrival: a, cloud: c, op: r.Op, in: r.In, seq: c.seq,
	}
	if call.Region == "" {
		call.Region = c.region
	}
	return call
}
