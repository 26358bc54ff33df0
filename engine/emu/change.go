package emu

import (
	"encoding/binary"
	"fmt"
	"strings"

	"haneul/engine/codec"
)

// A change is written as: the table's place in the journal's list of tables, the key, what happened to the row, and then
// the row or the fields that changed.
const (
	rowDeleted = iota
	rowAdded
	rowChanged
)

func (t *Table[K, V]) appendChange(b []byte, i int) []byte {
	c := &t.changes[i]
	b = binary.AppendUvarint(b, uint64(t.id))
	b = t.key.Append(b, &c.key)
	switch {
	case c.new == nil:
		return append(b, rowDeleted)
	case c.old == nil:
		return t.val.Append(append(b, rowAdded), c.new)
	}
	return t.val.Diff(append(b, rowChanged), c.old, c.new)
}

// schema is the layout of a table's keys and rows, in two lines.
func (t *Table[K, V]) schema() string { return t.key.Schema() + "\n" + t.val.Schema() }

// rowReaders read keys and rows that were written with an older schema, field by field by name.
type rowReaders[K, V any] struct {
	key rowReader[K]
	val rowReader[V]
}

type rowReader[T any] interface {
	Read([]byte, *T) ([]byte, error)
	Patch([]byte, *T) ([]byte, error)
}

// newReader prepares to read what was written with another schema. An error names the table: it needs a migration.
func (t *Table[K, V]) newReader(schema string) (any, error) {
	if schema == t.schema() {
		return nil, nil
	}
	ks, vs, _ := strings.Cut(schema, "\n")
	k, err := codec.RowAs[K](ks)
	if err != nil {
		return nil, t.migration(err)
	}
	v, err := codec.RowAs[V](vs)
	if err != nil {
		return nil, t.migration(err)
	}
	return rowReaders[K, V]{k, v}, nil
}

func (t *Table[K, V]) migration(err error) error {
	return fmt.Errorf("the rows of table %s were written by a program that saw them differently, and this build has no migration for them: %w", t.name, err)
}

func (t *Table[K, V]) readers(reader any) rowReaders[K, V] {
	if reader == nil {
		return rowReaders[K, V]{t.key, t.val}
	}
	return reader.(rowReaders[K, V])
}

func (t *Table[K, V]) applyChange(b []byte, reader any) (rest []byte, err error) {
	r := t.readers(reader)
	var k K
	if b, err = r.key.Read(b, &k); err != nil || len(b) == 0 {
		return nil, t.malformed(err)
	}
	what, b := b[0], b[1:]
	v := new(V)
	switch what {
	case rowDeleted:
		t.set(k, nil)
		return b, nil
	case rowAdded:
		b, err = r.val.Read(b, v)
	case rowChanged:
		row, ok := t.rows.get(k)
		if !ok {
			return nil, fmt.Errorf("table %s: a row changed that is not there", t.name)
		}
		*v = *row
		b, err = r.val.Patch(b, v)
	default:
		err = codec.ErrRow
	}
	if err != nil {
		return nil, t.malformed(err)
	}
	t.set(k, v)
	return b, nil
}

func (t *Table[K, V]) malformed(err error) error {
	if err == nil {
		err = codec.ErrRow
	}
	return fmt.Errorf("table %s: %w", t.name, err)
}

// load adds rows, as a frozen table wrote them.
func (t *Table[K, V]) load(b []byte, rows uint64, reader any) (rest []byte, err error) {
	r := t.readers(reader)
	for range rows {
		var k K
		v := new(V)
		if b, err = r.key.Read(b, &k); err == nil {
			b, err = r.val.Read(b, v)
		}
		if err != nil {
			return nil, t.malformed(err)
		}
		t.set(k, v)
	}
	return b, nil
}

// frozenTable is a table as it was at one moment; reading it needs no lock.
type frozenTable interface {
	tableName() string
	schema() string
	// each writes all rows in order, a chunk at a time, onto an empty slice of buf.
	each(buf []byte, f func(chunk []byte, rows uint64) error) error
}

type frozen[K Ordered[K], V any] struct {
	*Table[K, V]
	rows *tree[K, *V]
}

func (t *Table[K, V]) freeze() frozenTable { return frozen[K, V]{t, t.rows.copy()} }

// chunkSize is about how much of a table is written at a time.
const chunkSize = 256 << 10

func (f frozen[K, V]) each(buf []byte, do func([]byte, uint64) error) (err error) {
	b, rows := buf[:0], uint64(0)
	f.rows.all(func(k K, v *V) bool {
		b = f.val.Append(f.key.Append(b, &k), v)
		if rows++; len(b) >= chunkSize {
			err = do(b, rows)
			b, rows = b[:0], 0
		}
		return err == nil
	})
	if err == nil && rows > 0 {
		err = do(b, rows)
	}
	return err
}
