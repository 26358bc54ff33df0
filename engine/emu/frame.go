package emu

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
)

// Journal segments and snapshots are made of frames: four bytes of length, four of CRC-32C, and a payload, whose first byte
// says what it is.
//
//	H  the first frame of every file: a header, JSON
//	T  a transaction: flags, the number of its last call, its time, its entries, its changes
//	R  of a snapshot: some rows of one table
//	S  of a segment: all that was written before this segment is safe on the disk
//	E  the end of a snapshot, which without it is incomplete
const (
	frameHeader      = 'H'
	frameTransaction = 'T'
	frameSettled     = 'S'
	frameRows        = 'R'
	frameEnd         = 'E'
)

const frameHead = 8

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// openFrame begins a frame on an empty slice of b; the payload is appended to it.
func openFrame(b []byte, kind byte) []byte {
	return append(b[:0], 0, 0, 0, 0, 0, 0, 0, 0, kind)
}

// sealFrame fills in the head.
func sealFrame(b []byte) []byte {
	binary.LittleEndian.PutUint32(b, uint32(len(b)-frameHead))
	binary.LittleEndian.PutUint32(b[4:], crc32.Checksum(b[frameHead:], castagnoli))
	return b
}

// frameLength is how long the frame at the front of b is, head included; 0 if b is too short to tell.
func frameLength(b []byte) int64 {
	if len(b) < frameHead {
		return 0
	}
	return frameHead + int64(binary.LittleEndian.Uint32(b))
}

// goodFrame reports whether b begins with a whole and sound frame.
func goodFrame(b []byte) bool {
	n := frameLength(b)
	return n > frameHead && n <= int64(len(b)) && crc32.Checksum(b[frameHead:n], castagnoli) == binary.LittleEndian.Uint32(b[4:])
}

// errBadFrame means that what follows is not a sound frame.
var errBadFrame = errors.New("the checksum or the length does not fit")

// frameReader takes one frame after the other from the part of a file before size.
type frameReader struct {
	file      io.ReaderAt
	off, size int64 // of the next frame; of the file

	buf   []byte
	bufAt int64 // where in the file buf begins
}

const readAhead = 1 << 20

// next returns the payload of the next frame, good until the call after; io.EOF at the end of the file; errBadFrame if off
// is not the place of a sound frame.
func (r *frameReader) next() (payload []byte, err error) {
	if r.off >= r.size {
		return nil, io.EOF
	}
	head, err := r.peek(frameHead)
	if err != nil {
		return nil, err
	}
	n := frameLength(head)
	b, err := r.peek(n)
	if err != nil {
		return nil, err
	}
	if !goodFrame(b) {
		return nil, errBadFrame
	}
	r.off += n
	return b[frameHead:], nil
}

// peek returns the next n bytes.
func (r *frameReader) peek(n int64) ([]byte, error) {
	if n > r.size-r.off {
		return nil, errBadFrame
	}
	if r.off < r.bufAt || r.off+n > r.bufAt+int64(len(r.buf)) {
		want := min(max(n, readAhead), r.size-r.off)
		if int64(cap(r.buf)) < want {
			r.buf = make([]byte, want)
		}
		r.buf, r.bufAt = r.buf[:want], r.off
		if _, err := r.file.ReadAt(r.buf, r.off); err != nil && err != io.EOF {
			return nil, err
		}
	}
	at := r.off - r.bufAt
	return r.buf[at : at+n], nil
}

// soundAfter finds a sound frame anywhere behind the bad one at off: there is one if the file was damaged, and none if its
// last writes were torn off.
func (r *frameReader) soundAfter() (off int64, found bool, err error) {
	rest := make([]byte, r.size-r.off)
	if _, err := r.file.ReadAt(rest, r.off); err != nil && err != io.EOF {
		return 0, false, err
	}
	for i := 1; i < len(rest); i++ {
		if goodFrame(rest[i:]) {
			return r.off + int64(i), true, nil
		}
	}
	return 0, false, nil
}
