package emu

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// frozenCloud is a cloud's whole state as it was at one moment. Making one costs microseconds under the lock; reading
// it needs no lock.
type frozenCloud struct {
	seq    uint64
	at     Time
	frozen bool
	offset int64 // the journal must be written this far before the state may be
	tables []frozenTable
}

// freeze takes the state. The lock is held.
func (c *Cloud) freeze() *frozenCloud {
	z := &frozenCloud{seq: c.seq, at: c.now(), frozen: c.clock.frozen, offset: c.journal.end}
	for _, t := range c.tables {
		z.tables = append(z.tables, t.freeze())
	}
	return z
}

// compactWhenDue writes a snapshot in the background when as much has been journaled since the last one as the state is
// large, so that a restart never has to read much more than the state.
func (c *Cloud) compactWhenDue() {
	if c.disk == nil {
		return
	}
	c.journal.writing.Lock()
	due := c.disk.grew >= max(c.disk.compactAt, c.disk.size)
	c.journal.writing.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	if due && c.stalled == nil && c.life.Err() == nil {
		c.compactInBackground()
	}
}

// compactInBackground writes a snapshot, if none is being written. The lock is held.
func (c *Cloud) compactInBackground() {
	if !c.compacting.CompareAndSwap(false, true) {
		return
	}
	z := c.freeze()
	c.closed.Go(func() {
		defer c.compacting.Store(false)
		if err := c.compact(z); err != nil && c.life.Err() == nil {
			c.log("the snapshot could not be written; the journal goes on without it: %v", err)
		}
	})
}

// compact writes a snapshot, then removes the one before it, and the oldest segments beyond what is kept as evidence.
func (c *Cloud) compact(z *frozenCloud) error {
	if err := c.journal.wait(z.offset); err != nil {
		return err
	}
	d, path := c.disk, c.disk.path(z.seq, snapshotSuffix)
	if err := d.create(path, func(f *os.File) error { return c.writeSnapshot(f, z) }); err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	c.journal.writing.Lock()
	d.size, d.grew = info.Size(), 0
	old := d.trim(z.seq)
	c.journal.writing.Unlock()
	return d.remove(old, z.seq)
}

// trim forgets the oldest of the segments that are wholly before call seq, until no more than d.keep bytes of those are
// left, and returns their files.
func (d *disk) trim(seq uint64) (old []string) {
	total := int64(0)
	for i := 0; i+1 < len(d.kept) && d.kept[i+1].after <= seq; i++ {
		total += d.kept[i].size
	}
	for total > d.keep {
		total -= d.kept[0].size
		old = append(old, d.kept[0].path)
		d.kept = d.kept[1:]
	}
	return old
}

// remove deletes segments, and the snapshots before call seq. Large files take their time, and nobody waits for it.
func (d *disk) remove(segments []string, seq uint64) error {
	seqs, err := d.files(snapshotSuffix)
	if err != nil {
		return err
	}
	for _, s := range seqs {
		if s < seq {
			segments = append(segments, d.path(s, snapshotSuffix))
		}
	}
	for _, path := range segments {
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	return nil
}

// syncEvery is how much of a snapshot is written between two syncs: many small ones hold nobody up, one large one does.
const syncEvery = 16 << 20

func (c *Cloud) writeSnapshot(f *os.File, z *frozenCloud) error {
	h := *c.disk.header
	h.Holds, h.After, h.At, h.Frozen = holdsSnapshot, z.seq, z.at, z.frozen
	unsynced := 0
	put := func(frame []byte) error {
		if err := c.life.Err(); err != nil {
			return err
		}
		n, err := f.Write(frame)
		if unsynced += n; err == nil && unsynced >= syncEvery {
			unsynced = 0
			err = f.Sync()
		}
		return err
	}
	if err := put(h.frame()); err != nil {
		return err
	}
	var frame, buf []byte
	for id, t := range z.tables {
		err := t.each(buf, func(chunk []byte, rows uint64) error {
			buf = chunk
			frame = openFrame(frame, frameRows)
			frame = binary.AppendUvarint(frame, uint64(id))
			frame = binary.AppendUvarint(frame, rows)
			frame = sealFrame(append(frame, chunk...))
			return put(frame)
		})
		if err != nil {
			return err
		}
	}
	return put(sealFrame(openFrame(frame, frameEnd)))
}

// loadSnapshot fills the tables from the newest snapshot that is sound.
func (r *recovery) loadSnapshot() error {
	seqs, err := r.disk.files(snapshotSuffix)
	if err != nil {
		return err
	}
	var bad error
	for i := len(seqs) - 1; i >= 0; i-- {
		r.c.clear()
		r.c.seq = 0
		path := r.disk.path(seqs[i], snapshotSuffix)
		err := r.readSnapshot(path)
		if !errors.Is(err, errBadFrame) {
			return err
		}
		r.c.log("%v", err)
		bad = errors.Join(bad, err)
	}
	if bad != nil { // without any, the journal must reach back to the beginning
		r.c.clear()
		r.c.seq = 0
		if segments, err := r.disk.files(segmentSuffix); err != nil || len(segments) == 0 || segments[0] != 0 {
			return bad
		}
	}
	return nil
}

func (r *recovery) readSnapshot(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	in := &frameReader{file: f, size: info.Size()}
	h, err := readHeader(in)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	readers, err := r.readers(h)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	for {
		payload, err := in.next()
		if err == io.EOF {
			err = errBadFrame // the end is missing
		}
		if err == nil && payload[0] == frameEnd {
			break
		}
		if err == nil {
			err = loadRows(payload, readers)
		}
		if err != nil {
			return fmt.Errorf("%s is damaged at byte %d: %w", path, in.off, err)
		}
	}
	r.found, r.at, r.frozen = true, h.At, h.Frozen
	r.c.seq, r.disk.size = h.After, info.Size()
	return nil
}

// loadRows adds the rows of one frame of a snapshot.
func loadRows(payload []byte, readers []tableReader) error {
	if payload[0] != frameRows {
		return errBadFrame
	}
	b := payload[1:]
	id, n := binary.Uvarint(b)
	if n <= 0 || id >= uint64(len(readers)) {
		return errBadFrame
	}
	b = b[n:]
	rows, n := binary.Uvarint(b)
	if n <= 0 {
		return errBadFrame
	}
	if err := readers[id].known(); err != nil {
		return err
	}
	rest, err := readers[id].table.load(b[n:], rows, readers[id].reader)
	if err == nil && len(rest) > 0 {
		err = errBadFrame
	}
	return err
}
