package emu

import "haneul/engine/codec"

// Ordered is a table's or an index's key.
type Ordered[K any] interface{ Compare(K) int }

// Table is the only home of state. Rows are values: Get copies out, Put replaces (a changed slice or map must be a new
// one). Every change is undone when its handler fails, journaled as a field diff, indexed, and part of every
// snapshot: no state can be forgotten. Use a table only under the cloud's lock, that is, in a handler.
type Table[K Ordered[K], V any] struct {
	cloud   *Cloud
	id      int
	name    string
	rows    *tree[K, *V]
	key     codec.Row[K]
	val     codec.Row[V]
	derived []derived[K, V] // indexes and deadlines: functions of a row
	changes []change[K, V]  // of the transaction that runs
}

type change[K, V any] struct {
	key      K
	old, new *V
}

// derived is something computed from rows: it follows every change and is never saved.
type derived[K Ordered[K], V any] interface {
	update(k K, old, new *V)
	copyFrom(d derived[K, V])
	clear()
}

// table is a Table without its types, as the transaction and the journal see it.
type table interface {
	tableName() string
	schema() string
	undo(i int)
	forget()
	copyFrom(t table)
	clear()
	freeze() frozenTable
	appendChange(b []byte, i int) []byte
	// The reader knows the schema that b was written with; nil is today's. See rowReaders.
	newReader(schema string) (reader any, err error)
	applyChange(b []byte, reader any) (rest []byte, err error)
	load(b []byte, rows uint64, reader any) (rest []byte, err error)
}

// NewTable adds a table to a cloud. Names are "service.things" and must not change: journals are read by them.
func NewTable[K Ordered[K], V any](c *Cloud, name string) *Table[K, V] {
	if c.disk != nil {
		panic("emu: table " + name + " comes too late: the journal's files name every table")
	}
	for _, t := range c.tables {
		if t.tableName() == name {
			panic("emu: two tables are called " + name)
		}
	}
	t := &Table[K, V]{
		cloud: c, id: len(c.tables), name: name,
		rows: newTree[K, *V](K.Compare),
		key:  codec.RowOf[K](), val: codec.RowOf[V](),
	}
	c.tables = append(c.tables, t)
	return t
}

// Get copies a row out.
func (t *Table[K, V]) Get(k K) (v V, ok bool) {
	if p, ok := t.rows.get(k); ok {
		return *p, true
	}
	return v, false
}

// Len is the number of rows.
func (t *Table[K, V]) Len() int { return t.rows.len() }

// From visits the rows with a key not below k, in order, until f returns false. f must not change the table.
func (t *Table[K, V]) From(k K, f func(K, V) bool) {
	t.rows.from(k, func(k K, v *V) bool { return f(k, *v) })
}

// All visits every row in order until f returns false. f must not change the table.
func (t *Table[K, V]) All(f func(K, V) bool) {
	t.rows.all(func(k K, v *V) bool { return f(k, *v) })
}

// Put sets a row.
func (t *Table[K, V]) Put(k K, v V) { t.change(k, &v) }

// Delete removes a row; it is no error if there is none.
func (t *Table[K, V]) Delete(k K) { t.change(k, nil) }

func (t *Table[K, V]) change(k K, v *V) {
	old := t.set(k, v)
	if old == nil && v == nil {
		return
	}
	t.cloud.dirty = append(t.cloud.dirty, dirtyRow{t, len(t.changes)})
	t.changes = append(t.changes, change[K, V]{k, old, v})
}

// set changes a row and all that is derived from it; nil deletes.
func (t *Table[K, V]) set(k K, v *V) (old *V) {
	if v == nil {
		old, _ = t.rows.delete(k)
	} else {
		old, _ = t.rows.put(k, v)
	}
	for _, d := range t.derived {
		d.update(k, old, v)
	}
	return old
}

func (t *Table[K, V]) tableName() string { return t.name }

func (t *Table[K, V]) undo(i int) {
	c := t.changes[i]
	t.set(c.key, c.old)
	t.changes = cutAt(t.changes, i)
}

func (t *Table[K, V]) forget() { t.changes = cutAt(t.changes, 0) }

// copyFrom makes t share all rows of another cloud's table of the same name and type.
func (t *Table[K, V]) copyFrom(other table) {
	o := other.(*Table[K, V])
	t.rows = o.rows.copy()
	for i, d := range t.derived {
		d.copyFrom(o.derived[i])
	}
}

func (t *Table[K, V]) clear() {
	t.rows = newTree[K, *V](K.Compare)
	for _, d := range t.derived {
		d.clear()
	}
}
