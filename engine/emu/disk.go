package emu

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// How files are called: the number of the last call before a segment, or in a snapshot.
const (
	segmentSuffix  = ".journal"
	snapshotSuffix = ".snapshot"
	newSuffix      = ".new" // being written
)

func fileName(seq uint64, suffix string) string { return fmt.Sprintf("%020d%s", seq, suffix) }

// disk keeps a journal in a directory: segments of up to segmentSize, and a snapshot of all tables now and then.
type disk struct {
	dir     string
	options JournalOptions
	header  *header // of new segments

	lock     *os.File   // keeps others out
	kept     []segment  // the last one is being written
	file     *os.File   // the last one
	unsynced bool       // something has been written to it since it was synced
	before   []*os.File // older ones that may not be safe on the disk yet
	settled  bool       // the last one says that all before it are
	syncing  sync.Mutex
	last     uint64 // the number of the last call written
	size     int64  // of the last snapshot
	grew     int64  // what has been written since

	segmentSize int64 // from which on a new segment is begun
	keep        int64 // how much of the past is kept as evidence, in bytes
	compactAt   int64 // how much is written between two snapshots, at least
}

const (
	segmentSize = 64 << 20
	keepSize    = 256 << 20
	compactAt   = 64 << 20
)

// files lists the directory's files with a suffix by number, oldest first.
func (d *disk) files(suffix string) (seqs []uint64, err error) {
	entries, err := os.ReadDir(d.dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), suffix); ok {
			if seq, err := strconv.ParseUint(name, 10, 64); err == nil && e.Name() == fileName(seq, suffix) {
				seqs = append(seqs, seq)
			}
		}
	}
	slices.Sort(seqs)
	return seqs, nil
}

func (d *disk) path(seq uint64, suffix string) string {
	return filepath.Join(d.dir, fileName(seq, suffix))
}

// begin makes a new segment, behind call d.last, the one that is written to. Nobody waits for the disk here: the new
// file's name and what was written before are safe only after the next sync, which says so in the new segment. Until then
// a power cut may take the end of the segment before, and with it the new one: see recovery.mayTear.
func (d *disk) begin() error {
	next, path := filepath.Join(d.dir, "next"+newSuffix), d.path(d.last, segmentSuffix)
	head := d.header.frame()
	if err := os.WriteFile(next, head, 0o600); err != nil {
		return err
	}
	if err := os.Rename(next, path); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	if d.options.SyncAlways {
		if err := errors.Join(f.Sync(), syncDir(d.dir)); err != nil {
			return err
		}
	}
	if d.file != nil {
		d.before = append(d.before, d.file)
	}
	d.file, d.settled = f, false
	if n := len(d.kept); n > 0 && d.kept[n-1].path == path {
		d.kept = d.kept[:n-1] // it held no call
	}
	d.kept = append(d.kept, segment{after: d.last, size: int64(len(head)), path: path})
	return nil
}

// create makes a file that is complete and safe from the first moment it has its name.
func (d *disk) create(path string, fill func(*os.File) error) error {
	f, err := os.OpenFile(path+newSuffix, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err = fill(f); err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		os.Remove(path + newSuffix)
		return err
	}
	if err := os.Rename(path+newSuffix, path); err != nil {
		return err
	}
	return syncDir(d.dir)
}

func (d *disk) write(frames []byte, seq uint64) error {
	s := &d.kept[len(d.kept)-1]
	n, err := d.file.WriteAt(frames, s.size)
	if err == nil && d.options.SyncAlways {
		err = d.file.Sync()
	}
	d.unsynced = !d.options.SyncAlways
	if err != nil {
		if n > 0 {
			d.file.Truncate(s.size) // what is half written would be cut by the next start anyway
		}
		return err
	}
	s.grown(len(frames), d.last)
	d.grew += int64(len(frames))
	d.last = seq
	return nil
}

func (d *disk) segments() []segment { return slices.Clone(d.kept) }

func (d *disk) close() error {
	err := errors.Join(d.file.Sync(), d.file.Close())
	for _, f := range append(d.before, d.lock) {
		err = errors.Join(err, f.Close())
	}
	return err
}

// keepSynced syncs what has been written once a second, so that a power cut costs no more.
func (c *Cloud) keepSynced(d *disk) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		if err := c.journal.sync(d); err != nil {
			c.stall(err)
		}
		select {
		case <-tick.C:
		case <-c.life.Done():
			return
		}
	}
}

// sync begins a new segment if the last one is full, and puts on the disk what has been written. Writers go on meanwhile.
// The error is nil if it is known already.
func (j *journal) sync(d *disk) (err error) {
	d.syncing.Lock()
	defer d.syncing.Unlock()
	j.writing.Lock()
	if j.failed == nil && d.kept[len(d.kept)-1].size >= d.segmentSize {
		err = d.begin()
	}
	files, settled := slices.Clone(d.before), d.settled
	if d.unsynced {
		files = append(files, d.file)
	}
	d.unsynced = false
	j.writing.Unlock()
	for _, f := range files {
		err = errors.Join(err, f.Sync())
	}
	if !settled && err == nil {
		err = syncDir(d.dir)
	}
	j.writing.Lock()
	defer j.writing.Unlock()
	if j.failed != nil {
		return nil
	}
	if !settled && err == nil {
		err = d.settle()
	}
	j.failed = err
	return err
}

// settle says in the last segment that all before it are safe.
func (d *disk) settle() error {
	for _, f := range d.before {
		f.Close()
	}
	d.before = nil
	err := d.write(settledFrame, d.last)
	d.settled = err == nil
	return err
}

// settledFrame says that everything written before its segment is safe.
var settledFrame = sealFrame(openFrame(nil, frameSettled))
