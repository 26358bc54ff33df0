package emu

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// recovery is what was found in a directory.
type recovery struct {
	c       *Cloud
	disk    *disk
	found   bool // there was something
	foreign bool // it was written by another build
	at      Time
	frozen  bool
	torn    *tear
}

// tear is a record that a crash cut short.
type tear struct {
	path      string
	off, size int64
	headless  bool     // not even the header is there
	lost      []string // newer segments, which cannot be used without what was torn off
}

// recover fills the cloud's tables with the newest sound snapshot and the transactions after it. It runs no handler.
func (c *Cloud) recover(d *disk) (*recovery, error) {
	r := &recovery{c: c, disk: d}
	if err := r.loadSnapshot(); err != nil {
		return nil, err
	}
	seqs, err := d.files(segmentSuffix)
	if err != nil {
		return nil, err
	}
	d.kept = nil
	for _, seq := range seqs {
		d.kept = append(d.kept, segment{after: seq, path: d.path(seq, segmentSuffix)})
	}
	for i := range d.kept {
		if err := r.replay(i); err != nil {
			return nil, err
		}
		if r.torn != nil {
			if d.kept = d.kept[:i+1]; r.torn.headless {
				d.kept = d.kept[:i]
			}
			break
		}
	}
	return r, nil
}

// mayTear reports whether the end of a segment may be missing after a crash: that of the last one, or of one after which a
// power cut came before any newer one was settled. Those are lost with it.
func (r *recovery) mayTear(i int) (lost []string, ok bool) {
	for _, s := range r.disk.kept[i+1:] {
		if !unsettled(s.path) {
			return nil, false
		}
		lost = append(lost, s.path)
	}
	return lost, true
}

// unsettled reports whether a segment was begun before the one before it was safe on the disk.
func unsettled(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return false
	}
	for in := (&frameReader{file: f, size: info.Size()}); ; {
		payload, err := in.next()
		if err != nil {
			return err == io.EOF || errors.Is(err, errBadFrame)
		}
		if payload[0] == frameSettled {
			return false
		}
	}
}

// replay applies the transactions of a segment that are not in the tables yet.
func (r *recovery) replay(i int) error {
	s := &r.disk.kept[i]
	info, err := os.Stat(s.path)
	if err != nil {
		return err
	}
	s.size = info.Size()
	if i+1 < len(r.disk.kept) && r.disk.kept[i+1].after <= r.c.seq {
		return nil // all of it is in the snapshot
	}
	f, err := os.Open(s.path)
	if err != nil {
		return err
	}
	defer f.Close()
	in := &frameReader{file: f, size: s.size}
	h, err := readHeader(in)
	if errors.Is(err, errBadFrame) {
		return r.tornAt(in, i)
	}
	if err != nil {
		return damage(s.path, in.off, err, "")
	}
	readers, err := r.readers(h)
	if err != nil {
		return fmt.Errorf("%s: %w", s.path, err)
	}
	if s.after > r.c.seq {
		return damage(s.path, 0, fmt.Errorf("it goes on behind call %d, but the journal before it ends with call %d: a file is missing", s.after, r.c.seq),
			"Put the missing file back, or move this one and all later ones out of the folder to go on without them.")
	}
	r.found = true
	for {
		payload, err := in.next()
		switch {
		case err == io.EOF:
			return r.cutShort(in, i)
		case errors.Is(err, errBadFrame):
			return r.tornAt(in, i)
		case err == nil && payload[0] != frameSettled:
			err = r.apply(payload, readers)
		}
		if err != nil {
			return damage(s.path, in.off, err, cutAdvice(s.path, in.off))
		}
	}
}

// cutShort finds, at the end of a sound segment, that a power cut took whole records.
func (r *recovery) cutShort(in *frameReader, i int) error {
	if i+1 == len(r.disk.kept) || r.disk.kept[i+1].after <= r.c.seq {
		return nil
	}
	if lost, ok := r.mayTear(i); ok {
		r.torn = &tear{path: r.disk.kept[i].path, off: in.off, size: in.off, lost: lost}
	}
	return nil // else the next segment complains
}

// tornAt decides what a bad frame is: a record cut short by a crash, or damage.
func (r *recovery) tornAt(in *frameReader, i int) error {
	s := &r.disk.kept[i]
	lost, may := r.mayTear(i)
	next, found, err := in.soundAfter()
	if err != nil {
		return err
	}
	switch {
	case found:
		return damage(s.path, in.off, fmt.Errorf("%w, and a sound record follows at byte %d", errBadFrame, next), cutAdvice(s.path, in.off))
	case !may:
		return damage(s.path, in.off, fmt.Errorf("%w, and newer files follow", errBadFrame), cutAdvice(s.path, in.off))
	}
	r.torn = &tear{path: s.path, off: in.off, size: s.size, headless: in.off == 0, lost: lost}
	s.size = in.off
	return nil
}

// cutTail removes what a crash cut short, and says so.
func (r *recovery) cutTail(log func(string, ...any)) error {
	t := r.torn
	if t == nil {
		return nil
	}
	for _, path := range slices.Backward(t.lost) {
		log("%s: removed, because a power cut took what came before it", path)
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	if t.headless {
		log("%s was being begun when the engine stopped; it held no call", t.path)
		return os.Remove(t.path)
	}
	log("%s: cut %d bytes at byte %d, a record that was being written when the engine stopped", t.path, t.size-t.off, t.off)
	return os.Truncate(t.path, t.off)
}

// tableReader reads one table of a file.
type tableReader struct {
	table  table
	name   string
	reader any // see table.newReader
}

// readers pairs the tables of a file with ours, by name.
func (r *recovery) readers(h *header) ([]tableReader, error) {
	if h.Build != r.disk.options.Build {
		r.foreign = true
	}
	readers := make([]tableReader, len(h.Tables))
	for i, th := range h.Tables {
		readers[i].name = th.Name
		for _, t := range r.c.tables {
			if t.tableName() != th.Name {
				continue
			}
			reader, err := t.newReader(th.Schema)
			if err != nil {
				return nil, err
			}
			readers[i].table, readers[i].reader = t, reader
			r.foreign = r.foreign || reader != nil
		}
	}
	return readers, nil
}

func (t *tableReader) known() error {
	if t.table == nil {
		return fmt.Errorf("this build has no table %s, and no migration that says where its rows go", t.name)
	}
	return nil
}

// apply brings the tables up to date with one transaction.
func (r *recovery) apply(payload []byte, readers []tableReader) error {
	t, err := parseTransaction(payload)
	if err != nil {
		return err
	}
	r.at, r.frozen = max(r.at, t.at), t.flags&flagFrozen != 0
	if t.seq <= r.c.seq {
		return nil // it is in the snapshot, or a mark of time
	}
	if t.flags&flagClear != 0 {
		r.c.clear()
	}
	for b := t.changes; len(b) > 0; {
		id, n := binary.Uvarint(b)
		if n <= 0 || id >= uint64(len(readers)) {
			return errBadTransaction
		}
		tr := &readers[id]
		if err := tr.known(); err != nil {
			return err
		}
		if b, err = tr.table.applyChange(b[n:], tr.reader); err != nil {
			return err
		}
	}
	r.c.seq = t.seq
	return nil
}

// clear empties every table.
func (c *Cloud) clear() {
	for _, t := range c.tables {
		t.clear()
	}
}
