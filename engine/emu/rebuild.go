package emu

import (
	"errors"
	"fmt"
	"io"
)

// Rebuild runs everything in src's journal again on dst, an empty cloud of the same build and seed that nobody uses: the
// same inputs at the same times, with the recorded results of work outside the lock. If a service keeps to the rules,
// both then hold the same rows: compare their digests. The journal must reach back to the first call.
func Rebuild(dst, src *Cloud) error {
	dst.mu.Lock()
	defer dst.mu.Unlock()
	if dst.seq != 0 || dst.seed != src.seed {
		return errors.New("a cloud is rebuilt on an empty one with the same seed")
	}
	dst.rebuilding = true
	defer func() { dst.rebuilding = false }()
	var failed error
	err := src.records(0, func(r *record) bool {
		if r.Seq > 1 && dst.seq == 0 {
			failed = fmt.Errorf("the journal begins with call %d", r.Seq)
		} else if err := dst.again(r); err != nil {
			failed = fmt.Errorf("call %d, %s at %v: %w", r.Seq, r.Op, r.At, err)
		}
		return failed == nil
	})
	dst.clock.set(dst.journal.last)
	dst.clock.pinned = 0
	return errors.Join(failed, err)
}

// Restore applies every change in src's journal to dst, an empty cloud of the same build that nobody uses, as a restart
// does. Both then hold the same rows. The journal must reach back to the first call.
func Restore(dst, src *Cloud) error {
	src.journal.writing.Lock()
	segments := src.journal.store.segments()
	src.journal.writing.Unlock()
	dst.mu.Lock()
	defer dst.mu.Unlock()
	if dst.seq != 0 || len(segments) > 0 && segments[0].after != 0 {
		return errors.New("a cloud is restored on an empty one from its whole journal")
	}
	r := &recovery{c: dst, disk: &disk{}}
	for i := range segments {
		if err := r.applyAll(&segments[i]); err != nil {
			return err
		}
	}
	return nil
}

func (r *recovery) applyAll(s *segment) error {
	in, h, done, err := s.open()
	if err != nil {
		return err
	}
	defer done()
	readers, err := r.readers(h)
	for err == nil {
		var payload []byte
		if payload, err = in.next(); err == nil && payload[0] == frameTransaction {
			err = r.apply(payload, readers)
		}
	}
	if err == io.EOF {
		err = nil
	}
	return err
}

// again does once more what a record says was done.
func (c *Cloud) again(r *record) error {
	kind := EntryKind(r.Kind)
	if kind == EntryCall && r.Cause != 0 {
		return nil // the call that made it makes it again
	}
	op := c.ops[r.Op]
	if op == nil {
		return errors.New("there is no such operation")
	}
	c.seq, c.clock.pinned = r.Seq-1, r.At
	switch kind {
	case EntryClock:
		if op.Name != "Advance" {
			c.clock.frozen = op.Name == "Freeze"
		}
		c.note(kind, op.Name, r.At)
		return nil
	case EntryReset:
		c.clear()
		c.note(kind, op.Name, r.At)
		return nil
	}
	in := op.NewInput()
	if _, err := op.Input().DecodeJSON(r.Input, in); err != nil {
		return err
	}
	request := &Request{Op: op, In: in, Principal: r.Principal, AccessKeyID: r.AccessKey, Region: r.Region, Endpoint: r.Endpoint,
		SourceIP: r.SourceIP, UserAgent: r.UserAgent}
	a := arrival{request: request, started: r.Started, patience: r.Patience, faults: r.Struck, chosen: true}
	switch {
	case kind == EntryDue:
		return c.dueAgain(in.(*DueInput), r)
	case r.Code != "" || kind == EntryCall && !r.Changed:
		call := c.newCall(a, r.At)
		c.useFaults(r.Used) // all that such a call leaves behind
		c.commit(call, kind, nil, nil)
		return nil
	case kind == EntryEffect:
		return c.effectAgain(c.newCall(a, r.At), in.(*EffectInput), r)
	case kind == EntryFinish:
		return c.finishAgain(c.newCall(a, r.At), r)
	}
	call, err := c.try(a, r.At)
	if err != nil {
		c.rollback(0)
		return fmt.Errorf("it succeeded, and now fails: %w", err)
	}
	c.answer(call, nil)
	return nil
}

func (c *Cloud) dueAgain(in *DueInput, r *record) error {
	at := c.nextDue()
	if at > r.At {
		return fmt.Errorf("a deadline of %s passed, and now nothing is due", in.Table)
	}
	for _, t := range c.timers {
		if t.next() != at {
			continue
		}
		if t.tableName() != in.Table {
			return fmt.Errorf("a deadline of %s passed, and now one of %s comes first", in.Table, t.tableName())
		}
		c.fire(t, r.At)
		return nil
	}
	return nil
}

func (c *Cloud) effectAgain(call *Call, in *EffectInput, r *record) error {
	row, ok := c.outbox.Get(in.Row)
	e, known := c.effects[in.Effect]
	if !ok || !known {
		return errors.New("the effect is not in the outbox")
	}
	w, err := r.worked(e.read)
	if err == nil {
		err = contain(call, func() error { return e.done(call, row.Payload, w) })
	}
	if err != nil {
		return err
	}
	c.outbox.Delete(in.Row)
	c.conclude(call, EntryEffect, nil, nil, &w)
	return nil
}

func (c *Cloud) finishAgain(call *Call, r *record) error {
	ext := call.op.ext
	if ext == nil {
		return errors.New("the operation has no second half")
	}
	w, err := r.worked(ext.read)
	if err != nil {
		return err
	}
	call.cause, call.RequestID, call.arn = r.Cause, c.requestID(r.Cause), r.ARN
	err = contain(call, func() (err error) { call.out, err = ext.finish(call, call.in, w); return err })
	if err != nil {
		c.rollback(0)
		return fmt.Errorf("it succeeded, and now fails: %w", err)
	}
	c.conclude(call, EntryFinish, nil, nil, &w)
	return nil
}

// worked is the recorded result of work outside the lock.
func (r *record) worked(read func([]byte) (any, error)) (w worked, err error) {
	w.row = r.Result
	w.result, err = read(r.Result)
	if r.Failure != "" {
		w.err = errors.New(r.Failure)
	}
	return w, err
}
