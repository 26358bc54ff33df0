package emu

import "context"

// Request is a call as it arrives, decoded.
type Request struct {
	Op          *Operation
	In          any // what Op.NewInput made
	Principal   Principal
	AccessKeyID string
	Region      string // "" for the cloud's default
	Endpoint    string
	SourceIP    string
	UserAgent   string
	Refused     error           // what is wrong with the input, found while decoding it: the call is recorded and gets this answer
	Context     context.Context // when it ends, a parked call is dropped; nil for never
}

func (r *Request) context() context.Context {
	if r.Context == nil {
		return context.Background()
	}
	return r.Context
}

// Response is the answer.
type Response struct {
	Out       any // nil if Err is not
	Err       error
	RequestID string
}

// Do runs one call through the stages and returns once its record is in the journal.
func (c *Cloud) Do(r *Request) Response {
	c.busy.Add(1)
	defer c.busy.Add(-1)
	c.mu.Lock()
	c.heal()
	now := c.catchUp()
	call, err := c.try(arrival{request: r, started: now}, now)
	w, waits := err.(*WaitError)
	if waits {
		p := c.park(call, w)
		c.mu.Unlock()
		return c.settle(c.await(r.context(), p))
	}
	res := c.answer(call, err)
	c.mu.Unlock()
	return c.settle(res)
}

// settle waits until the journal holds a call, and for the rest of an external one.
func (c *Cloud) settle(res outcome) Response {
	if err := c.written(res.offset); err != nil {
		return Response{Err: err, RequestID: res.RequestID}
	}
	if res.begun != nil {
		return c.finish(res.begun)
	}
	return res.Response
}

// finish does an external operation's work outside the lock and answers with its second half, under the request id of
// the first.
func (c *Cloud) finish(begun *Call) Response {
	var w worked
	ctx, cancel := context.WithCancel(begun.request.context())
	defer context.AfterFunc(c.life, cancel)()
	defer cancel()
	ext := begun.op.ext
	if err := contain(begun, func() error { w = ext.io(ctx, begun.out); return nil }); err != nil {
		c.log("%v", err)
		w = ext.broken(err)
	}
	c.mu.Lock()
	now := c.catchUp()
	call := c.newCall(arrival{request: begun.request, started: begun.Started}, now)
	call.cause, call.RequestID, call.arn, call.decision = begun.seq, begun.RequestID, begun.arn, begun.decision
	err := c.refusal()
	if err == nil {
		err = contain(call, func() (err error) { call.out, err = ext.finish(call, call.in, w); return err })
	}
	res := c.conclude(call, EntryFinish, call.out, err, &w)
	c.mu.Unlock()
	return c.settle(res)
}
