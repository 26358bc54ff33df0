package emu

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"

	"haneul/engine/codec"
)

// Entries reads the journal's records with a sequence number not below from, in order, at most limit of them (0 for all).
// It holds what has been written and is still kept; secrets are redacted.
func (c *Cloud) Entries(from uint64, limit int) (es []Entry) {
	err := c.records(from, func(r *record) bool {
		es = append(es, c.show(r))
		return limit == 0 || len(es) < limit
	})
	if err != nil {
		c.log("the journal of %s cannot be read: %v", c.name, err)
	}
	return es
}

// Find is the journal's entry of a request.
func (c *Cloud) Find(requestID string) (e Entry, ok bool) {
	seq, ok := c.numberOf(requestID)
	if !ok {
		return e, false
	}
	es := c.Entries(seq, 1)
	if len(es) == 0 || es[0].Seq != seq {
		return e, false
	}
	return es[0], true
}

// WaitEntry returns when the journal holds an entry with a sequence number not below seq, or with ctx's error.
func (c *Cloud) WaitEntry(ctx context.Context, seq uint64) error {
	for {
		news := c.journal.watchers.wait()
		if c.journal.lastSeq.Load() >= seq {
			return nil
		}
		select {
		case <-news:
		case <-ctx.Done():
			return ctx.Err()
		case <-c.life.Done():
			return c.life.Err()
		}
	}
}

// records calls f with every record from a number on, in order, until f returns false.
func (c *Cloud) records(from uint64, f func(*record) bool) error {
	c.journal.writing.Lock()
	segments := c.journal.store.segments()
	c.journal.writing.Unlock()
	first := 0
	for i := range segments {
		if segments[i].after < from {
			first = i
		}
	}
	for i := range segments[first:] {
		more, err := segments[first+i].records(from, f)
		if err != nil || !more {
			return err
		}
	}
	return nil
}

// records reads one segment; more is false once f has had enough.
func (s *segment) records(from uint64, f func(*record) bool) (more bool, err error) {
	r, h, done, err := s.open()
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil // it has been trimmed since
	}
	if err != nil {
		return false, err
	}
	defer done()
	row := rowReader[record](recordRow)
	if h.Record != recordSchema {
		if row, err = codec.RowAs[record](h.Record); err != nil {
			return false, err
		}
	}
	s.seek(r, from)
	for {
		payload, err := r.next()
		if err == io.EOF {
			return true, nil
		}
		if err != nil {
			return false, err
		}
		if payload[0] == frameSettled {
			continue
		}
		t, err := parseTransaction(payload)
		if err != nil {
			return false, err
		}
		if t.seq < from {
			continue
		}
		for b := t.entries; len(b) > 0; {
			var rec record
			if b, err = row.Read(b, &rec); err != nil {
				return false, err
			}
			if rec.Seq >= from && !f(&rec) {
				return false, nil
			}
		}
	}
}

// show is a record as it may be shown.
func (c *Cloud) show(r *record) Entry {
	service, op, _ := strings.Cut(r.Op, ":")
	e := Entry{
		Seq: r.Seq, Kind: EntryKind(r.Kind), At: r.At, Started: r.Started, RequestID: c.requestID(r.Seq), Service: service, Op: op,
		Principal: r.Principal.ARN, AccessKey: r.AccessKey, Region: r.Region, SourceIP: r.SourceIP, UserAgent: r.UserAgent,
		ARN: r.ARN, Code: r.Code, Message: r.Message, Decision: r.Decision, Cause: r.Cause, Units: r.Units, Notes: r.Notes,
		Changed: r.Changed, Input: c.redacted(r),
	}
	if e.Kind == EntryFinish {
		e.RequestID = c.requestID(r.Cause) // it answers the call that began it
	}
	for _, k := range slices.Concat(r.Struck, r.Used) {
		if !slices.Contains(e.Faults, k.id()) {
			e.Faults = append(e.Faults, k.id())
		}
	}
	return e
}

// redacted is a record's input without its secrets; nil where the operation is not known in this build, for then nobody can
// say what is secret.
func (c *Cloud) redacted(r *record) []byte {
	op := c.ops[r.Op]
	if len(r.Input) == 0 || op == nil {
		return nil
	}
	in := op.NewInput()
	if _, err := op.Input().DecodeJSON(r.Input, in); err != nil {
		return nil
	}
	return op.Input().AppendRedacted(nil, in)
}
