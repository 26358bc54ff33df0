package emu

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"haneul/engine/codec"
)

// Effect is something a service does to the world after a commit: start a container, deliver an event. Handlers ask for
// one with [Effect.After]; it becomes a row in the outbox, is run outside the lock, and its result is recorded by done,
// which deletes the row. An effect is run at least once: after a crash it is run again, so run must be idempotent.
type Effect[P any] struct {
	cloud *Cloud
	name  string
	row   codec.Row[P]
}

// NewEffect registers an effect by name, e.g. "ec2.launch". done runs under the lock as a transaction of its own; it gets
// what run returned, of an error only the text. P and R are kept as rows.
func NewEffect[P, R any](c *Cloud, name string, run func(context.Context, P) (R, error), done func(*Call, P, R, error)) *Effect[P] {
	e := &Effect[P]{c, name, codec.RowOf[P]()}
	results := codec.RowOf[R]()
	c.effects[name] = effect{
		run: func(ctx context.Context, payload []byte) (w worked, err error) {
			var p P
			if _, err := e.row.Read(payload, &p); err != nil {
				return w, err
			}
			r, err := run(ctx, p)
			return worked{&r, results.Append(nil, &r), plain(err)}, nil
		},
		read: func(b []byte) (any, error) {
			r := new(R)
			_, err := results.Read(b, r)
			return r, err
		},
		done: func(call *Call, payload []byte, w worked) error {
			var p P
			if _, err := e.row.Read(payload, &p); err != nil {
				return err
			}
			done(call, p, *w.result.(*R), w.err)
			return nil
		},
	}
	return e
}

// After runs the effect once this call is committed.
func (e *Effect[P]) After(c *Call, p P) {
	k := effectKey{c.seq, int64(len(c.effects))}
	e.cloud.outbox.Put(k, outboxRow{Effect: e.name, Payload: e.row.Append(nil, &p)})
	c.effects = append(c.effects, k)
}

// effect is an Effect without its types.
type effect struct {
	run  func(ctx context.Context, payload []byte) (worked, error)
	read func(row []byte) (result any, err error)
	done func(call *Call, payload []byte, w worked) error
}

// worked is what came of work outside the lock.
type worked struct {
	result any    // a *R
	row    []byte // the same as a row
	err    error  // only its text counts: it must survive in the journal
}

func (w *worked) failure() string {
	if w.err == nil {
		return ""
	}
	return w.err.Error()
}

// plain keeps of an error what the journal can keep.
func plain(err error) error {
	if err == nil {
		return nil
	}
	return errors.New(err.Error())
}

type effectKey struct {
	Seq uint64
	N   int64
}

func (a effectKey) Compare(b effectKey) int {
	return cmp.Or(cmp.Compare(a.Seq, b.Seq), cmp.Compare(a.N, b.N))
}

type outboxRow struct {
	Effect  string
	Payload []byte
}

// startEffects lets the effects of a committed call loose. The lock is held.
func (c *Cloud) startEffects(keys []effectKey) {
	if c.life.Err() != nil || c.rebuilding {
		return // they stay in the outbox
	}
	if c.inOrder {
		if c.queue = append(c.queue, keys...); len(c.queue) == len(keys) && len(keys) > 0 {
			c.closed.Go(c.runQueue)
		}
		c.busy.Add(int64(len(keys)))
		return
	}
	for _, k := range keys {
		c.busy.Add(1)
		c.closed.Go(func() { c.runOne(k) })
	}
}

func (c *Cloud) runOne(k effectKey) {
	defer c.busy.Add(-1)
	if err := c.runEffect(k); err != nil {
		c.log("effect %d.%d stays in the outbox: %v", k.Seq, k.N, err)
	}
}

// runQueue runs effects until none is left. The one that runs stays at the head of the queue.
func (c *Cloud) runQueue() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.queue) > 0 {
		k := c.queue[0]
		c.mu.Unlock()
		c.runOne(k)
		c.mu.Lock()
		c.queue = c.queue[1:]
	}
}

// resumeEffects starts everything in the outbox. The lock is held.
func (c *Cloud) resumeEffects() {
	var keys []effectKey
	c.outbox.All(func(k effectKey, _ outboxRow) bool { keys = append(keys, k); return true })
	c.startEffects(keys)
}

func (c *Cloud) runEffect(k effectKey) error {
	c.mu.Lock()
	row, ok := c.outbox.Get(k)
	offset := c.journal.end
	c.mu.Unlock()
	if !ok {
		return nil
	}
	if err := c.written(offset); err != nil {
		return err
	}
	e, ok := c.effects[row.Effect]
	if !ok {
		return fmt.Errorf("nobody runs %s in this build", row.Effect)
	}
	w, err := e.run(c.life, row.Payload)
	if err != nil || c.life.Err() != nil {
		return err // after the next start it is run again
	}
	return c.recordEffect(e, k, row, w)
}

// recordEffect is the transaction that takes note of an effect's result.
func (c *Cloud) recordEffect(e effect, k effectKey, row outboxRow, w worked) error {
	c.mu.Lock()
	now := c.catchUp()
	if _, ok := c.outbox.Get(k); !ok {
		c.mu.Unlock()
		return nil // the cloud has been reset
	}
	r := &Request{Op: c.ops[kernelName+":Effect"], In: &EffectInput{row.Effect, k}, Principal: c.kernelPrincipal()}
	call := c.newCall(arrival{request: r, started: now}, now)
	err := c.refusal()
	if err == nil {
		err = contain(call, func() error { return e.done(call, row.Payload, w) })
	}
	if err == nil {
		c.outbox.Delete(k)
	}
	res := c.conclude(call, EntryEffect, nil, err, &w)
	c.mu.Unlock()
	if err := c.written(res.offset); err != nil {
		return err
	}
	return res.Err
}
