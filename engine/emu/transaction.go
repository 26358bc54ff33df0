package emu

import (
	"encoding/binary"
	"errors"

	"haneul/engine/codec"
)

// What a transaction's flags say.
const (
	flagFrozen = 1 << iota // the clock stood still
	flagClear              // every table was emptied before the changes
)

var (
	recordRow    = codec.RowOf[record]()
	recordSchema = recordRow.Schema()
)

// transaction is a frame's payload taken apart.
type transaction struct {
	flags   byte
	seq     uint64 // the number of the last call up to here
	at      Time
	entries []byte // rows of records
	changes []byte
}

// openTransaction begins a transaction's frame. Entries are appended next, then closeEntries is called, then changes
// are appended.
func openTransaction(b []byte, flags byte, seq uint64, at Time) (frame []byte, entries int) {
	b = append(openFrame(b, frameTransaction), flags)
	b = binary.AppendUvarint(b, seq)
	b = binary.AppendVarint(b, int64(at))
	b = append(b, 0, 0, 0, 0)
	return b, len(b)
}

// closeEntries fills in how long the entries are, which begin at entries.
func closeEntries(b []byte, entries int) {
	binary.LittleEndian.PutUint32(b[entries-4:], uint32(len(b)-entries))
}

var errBadTransaction = errors.New("a transaction is malformed")

func parseTransaction(payload []byte) (t transaction, err error) {
	if len(payload) < 2 || payload[0] != frameTransaction {
		return t, errBadTransaction
	}
	t.flags = payload[1]
	b := payload[2:]
	seq, n := binary.Uvarint(b)
	if n <= 0 {
		return t, errBadTransaction
	}
	b = b[n:]
	at, n := binary.Varint(b)
	if n <= 0 || len(b) < n+4 {
		return t, errBadTransaction
	}
	b = b[n:]
	size := binary.LittleEndian.Uint32(b)
	if b = b[4:]; int64(size) > int64(len(b)) {
		return t, errBadTransaction
	}
	t.seq, t.at, t.entries, t.changes = seq, Time(at), b[:size], b[size:]
	return t, nil
}
