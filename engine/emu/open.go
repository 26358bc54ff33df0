package emu

import (
	"fmt"
	"os"
	"path/filepath"
)

// Open loads a cloud's state from dir and keeps its journal there from now on. Call it before Start. A record torn off by
// a crash is cut and logged; a directory that was damaged in any other way is refused and left as it is, with a
// [DamageError].
func (c *Cloud) Open(dir string, o JournalOptions) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	lock, err := lockFile(filepath.Join(dir, "lock"))
	if err != nil {
		return fmt.Errorf("%s is in use by another engine: %w", dir, err)
	}
	d := &disk{dir: dir, options: o, header: c.newHeader(o.Build), lock: lock, segmentSize: segmentSize, keep: keepSize, compactAt: compactAt}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.openDisk(d); err != nil {
		lock.Close()
		return err
	}
	return nil
}

func (c *Cloud) openDisk(d *disk) error {
	r, err := c.recover(d)
	if err != nil {
		return err
	}
	if err := r.cutTail(c.log); err != nil {
		return err
	}
	if r.found {
		c.clock.set(r.at)
		c.clock.frozen = r.frozen
	}
	if d.before, err = d.unsafe(c.seq); err != nil {
		return err
	}
	d.last = c.seq
	if err := d.begin(); err != nil {
		return err
	}
	c.disk, c.journal.store, c.journal.last = d, d, c.now()
	c.journal.lastSeq.Store(c.seq)
	c.markNow(c.now())
	if r.foreign {
		c.compactInBackground()
	}
	if d.options.SyncAlways {
		if err := c.journal.sync(d); err != nil {
			return err
		}
	}
	c.closed.Go(func() { c.keepSynced(d) })
	return nil
}

// unsafe opens the segments that earlier runs may not have put on the disk: the last one, and those before it back to one
// that says that all before it is safe. One that holds nothing after call seq is about to be replaced.
func (d *disk) unsafe(seq uint64) (files []*os.File, err error) {
	for i := len(d.kept) - 1; i >= 0; i-- {
		if d.kept[i].after == seq {
			continue
		}
		f, err := os.OpenFile(d.kept[i].path, os.O_RDWR, 0)
		if err != nil {
			return nil, err
		}
		if files = append(files, f); !unsettled(d.kept[i].path) {
			break
		}
	}
	return files, nil
}

// DamageError means that a journal or a snapshot was changed after it was written. Nothing has been touched.
type DamageError struct {
	File   string
	Offset int64
	Reason string
	Advice string
}

func (e *DamageError) Error() string {
	return fmt.Sprintf("%s is damaged at byte %d: %s. Nothing was changed. %s", e.File, e.Offset, e.Reason, e.Advice)
}

func damage(path string, off int64, reason error, advice string) error {
	if advice == "" {
		advice = "Restore it from a copy, or move its folder away to begin with an empty cloud."
	}
	return &DamageError{File: path, Offset: off, Reason: reason.Error(), Advice: advice}
}

func cutAdvice(path string, off int64) string {
	return fmt.Sprintf("Restore the file from a copy. To go on without what follows, copy the folder to a safe place, cut the file with \"truncate -s %d %s\" and remove newer .journal and .snapshot files from %s.",
		off, filepath.Base(path), filepath.Dir(path))
}
