package emu

import (
	"sync"
	"sync/atomic"
)

// JournalOptions say how a cloud's journal is kept.
type JournalOptions struct {
	SyncAlways bool   // fsync before every answer, not once a second
	Build      string // program version, written into every segment and snapshot
}

// journal is the cloud's record of everything that happened. Transactions are put together and queued under the cloud's
// lock, and written outside it: the first caller who needs to know that his is safe writes for all.
type journal struct {
	// Guarded by the cloud's lock.
	end     int64 // how many bytes have been queued, ever
	last    Time  // of the last transaction
	frame   []byte
	entries int // where the entries begin in frame

	queue struct {
		sync.Mutex
		frames []byte
		end    int64
		seq    uint64
	}

	writing sync.Mutex // held while frames are on their way; guards store and all below
	store   store
	spare   []byte
	failed  error  // nothing has been written since
	lost    []lost // what never was, and never will be

	written  atomic.Int64  // up to where the queue has been written
	anyLost  atomic.Bool   // there is something in lost
	lastSeq  atomic.Uint64 // the number of the last call written
	watchers watchers
}

// lost is a part of the queue that could not be written.
type lost struct {
	from, to int64
	err      error
}

// store is where frames go: files, or memory.
type store interface {
	// write adds frames, whole or not at all. seq is the number of the last call in them.
	write(frames []byte, seq uint64) error
	// segments are what has been written and is still kept, oldest first.
	segments() []segment
	close() error
}

func newJournal(s store) *journal { return &journal{store: s} }

// begin puts a transaction together: then come its entries, then its changes, then commit.
func (j *journal) begin(flags byte, seq uint64, at Time) {
	j.frame, j.entries = openTransaction(j.frame, flags, seq, at)
	j.last = at
}

func (j *journal) entry(r *record) { j.frame = recordRow.Append(j.frame, r) }

func (j *journal) endEntries() { closeEntries(j.frame, j.entries) }

func (j *journal) change(d dirtyRow) { j.frame = d.table.appendChange(j.frame, d.index) }

// commit queues the transaction and returns the offset to wait for.
func (j *journal) commit(seq uint64) (offset int64) {
	frame := sealFrame(j.frame)
	j.queue.Lock()
	j.queue.frames = append(j.queue.frames, frame...)
	j.queue.end += int64(len(frame))
	j.queue.seq = seq
	j.end = j.queue.end
	j.queue.Unlock()
	if cap(j.frame) > maxSpare {
		j.frame = nil
	}
	return j.end
}

// maxSpare keeps one huge transaction from holding its memory for ever.
const maxSpare = 4 << 20

// wait returns once the queue has been written up to an offset, or with the reason why it never will be.
func (j *journal) wait(offset int64) error {
	if offset <= j.written.Load() && !j.anyLost.Load() {
		return nil
	}
	j.writing.Lock()
	defer j.writing.Unlock()
	for _, l := range j.lost {
		if l.from < offset && offset <= l.to {
			return l.err
		}
	}
	if offset <= j.written.Load() {
		return nil
	}
	return j.flush()
}

// flush writes all that is queued. The caller holds writing.
func (j *journal) flush() error {
	if j.failed != nil {
		return j.failed
	}
	j.queue.Lock()
	frames, end, seq := j.queue.frames, j.queue.end, j.queue.seq
	j.queue.frames = j.spare[:0]
	j.queue.Unlock()
	if len(frames) > 0 {
		if j.failed = j.store.write(frames, seq); j.failed != nil {
			return j.failed
		}
		j.lastSeq.Store(seq)
	}
	if j.spare = frames; cap(frames) > maxSpare {
		j.spare = nil
	}
	j.written.Store(end)
	j.watchers.tell()
	return nil
}

// giveUp declares everything that was not written lost. The cloud's lock is held.
func (j *journal) giveUp() {
	j.queue.Lock()
	defer j.queue.Unlock()
	j.lost = append(j.lost, lost{j.written.Load(), j.end, j.failed})
	j.anyLost.Store(true)
	j.queue.frames = nil
	j.written.Store(j.end)
}

func (j *journal) close() error {
	j.writing.Lock()
	defer j.writing.Unlock()
	err := j.flush()
	if e := j.store.close(); err == nil {
		err = e
	}
	return err
}

// watchers are those who wait for the journal to grow.
type watchers struct {
	sync.Mutex
	next chan struct{} // closed at the next write; nil if nobody waits
}

func (w *watchers) wait() <-chan struct{} {
	w.Lock()
	defer w.Unlock()
	if w.next == nil {
		w.next = make(chan struct{})
	}
	return w.next
}

func (w *watchers) tell() {
	w.Lock()
	defer w.Unlock()
	if w.next != nil {
		close(w.next)
		w.next = nil
	}
}
