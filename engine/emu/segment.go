package emu

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// segment is one file of the journal, or a piece of it in memory.
type segment struct {
	after uint64 // the number of the last call before it
	size  int64  // what has been written of it
	path  string // on disk
	data  []byte // in memory
	marks []mark // places to begin reading
}

// mark says that all calls up to a number are recorded before a place.
type mark struct {
	seq uint64
	off int64
}

// markEvery is how far apart marks are, at least.
const markEvery = 64 << 10

// grown takes note of a write of n bytes, before which the last call recorded was number last.
func (s *segment) grown(n int, last uint64) {
	if l := len(s.marks); l == 0 || s.size-s.marks[l-1].off >= markEvery {
		s.marks = append(s.marks, mark{last, s.size})
	}
	s.size += int64(n)
}

// open returns a reader that has read the header.
func (s *segment) open() (*frameReader, *header, func(), error) {
	r, done := &frameReader{size: s.size}, func() {}
	if s.path == "" {
		r.file = bytes.NewReader(s.data)
	} else {
		f, err := os.Open(s.path)
		if err != nil {
			return nil, nil, nil, err
		}
		r.file, done = f, func() { f.Close() }
	}
	h, err := readHeader(r)
	if err != nil {
		done()
		return nil, nil, nil, err
	}
	return r, h, done, nil
}

// seek moves a reader forward to a place before the record of call seq.
func (s *segment) seek(r *frameReader, seq uint64) {
	i, _ := slices.BinarySearchFunc(s.marks, seq, func(m mark, seq uint64) int {
		if m.seq < seq {
			return -1
		}
		return 1
	})
	if i > 0 {
		r.off = max(r.off, s.marks[i-1].off)
	}
}

// header is the first frame of every file.
type header struct {
	Format int           `json:"format"`
	Holds  string        `json:"holds"` // journal or snapshot
	Build  string        `json:"build"` // of the program that wrote it
	After  uint64        `json:"after"` // the number of the last call before it
	At     Time          `json:"at,omitempty"`
	Frozen bool          `json:"frozen,omitempty"`
	Record string        `json:"record"` // schema of entries
	Tables []tableHeader `json:"tables"` // in the order in which changes and rows refer to them
}

type tableHeader struct {
	Name   string `json:"name"`
	Schema string `json:"schema"`
}

const fileFormat = 1

const (
	holdsJournal  = "journal"
	holdsSnapshot = "snapshot"
)

// newHeader describes this build's tables.
func (c *Cloud) newHeader(build string) *header {
	h := &header{Format: fileFormat, Holds: holdsJournal, Build: build, Record: recordSchema}
	for _, t := range c.tables {
		h.Tables = append(h.Tables, tableHeader{t.tableName(), t.schema()})
	}
	return h
}

// frame is the header as it begins a file.
func (h header) frame() []byte {
	text, err := json.Marshal(h)
	if err != nil {
		panic(err) // it is made of strings and numbers
	}
	return sealFrame(append(openFrame(nil, frameHeader), text...))
}

func readHeader(r *frameReader) (*header, error) {
	b, err := r.next()
	if err == io.EOF {
		err = errBadFrame
	}
	if err != nil {
		return nil, err
	}
	if b[0] != frameHeader {
		return nil, errors.New("the file does not begin with a header")
	}
	h := new(header)
	if err := json.Unmarshal(b[1:], h); err != nil {
		return nil, fmt.Errorf("the header is malformed: %w", err)
	}
	if h.Format != fileFormat {
		return nil, fmt.Errorf("the file has format %d; this build reads format %d", h.Format, fileFormat)
	}
	return h, nil
}

// memory keeps the newest part of a journal that nobody asked to keep for good.
type memory struct {
	cloud *Cloud
	kept  []segment
	last  uint64 // the number of the last call written
}

const (
	memorySegment = 1 << 20
	memoryCap     = 64 << 20
)

func (m *memory) write(frames []byte, seq uint64) error {
	if n := len(m.kept); n == 0 || m.kept[n-1].size+int64(len(frames)) > memorySegment {
		head := m.cloud.newHeader("").frame()
		data := make([]byte, 0, max(memorySegment/16, len(head)+len(frames)))
		m.kept = append(m.kept, segment{after: m.last, size: int64(len(head)), data: append(data, head...)})
		m.trim()
	}
	s := &m.kept[len(m.kept)-1]
	s.data = append(s.data, frames...)
	s.grown(len(frames), m.last)
	m.last = seq
	return nil
}

// trim forgets the oldest segments beyond the cap.
func (m *memory) trim() {
	total := int64(0)
	for i := len(m.kept) - 1; i >= 0; i-- {
		if total += m.kept[i].size; total > memoryCap && i < len(m.kept)-1 {
			m.kept = slices.Clone(m.kept[i+1:])
			return
		}
	}
}

func (m *memory) segments() []segment { return slices.Clone(m.kept) }

func (m *memory) close() error { return nil }
