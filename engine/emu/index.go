package emu

import "cmp"

// Index is an ordered set of keys computed from a table's rows. It is rebuilt on load, never saved and never wrong.
type Index[I Ordered[I]] struct{ set *tree[I, struct{}] }

// NewIndex derives an index: of each row, the key to keep, if any. The function must depend on its arguments only.
func NewIndex[K Ordered[K], V any, I Ordered[I]](t *Table[K, V], of func(K, *V) (I, bool)) *Index[I] {
	x := newIndex[I]()
	t.derived = append(t.derived, &indexed[K, V, I]{x, of})
	return x
}

func newIndex[I Ordered[I]]() *Index[I] { return &Index[I]{newTree[I, struct{}](I.Compare)} }

// First is the first key not below from.
func (x *Index[I]) First(from I) (i I, ok bool) {
	x.set.from(from, func(k I, _ struct{}) bool { i, ok = k, true; return false })
	return i, ok
}

// From visits the keys not below from, in order, until f returns false. f must not change the table.
func (x *Index[I]) From(from I, f func(I) bool) {
	x.set.from(from, func(k I, _ struct{}) bool { return f(k) })
}

// Rank is how many keys are below k.
func (x *Index[I]) Rank(k I) int { return x.set.rank(k) }

// Len is the number of keys.
func (x *Index[I]) Len() int { return x.set.len() }

type indexed[K Ordered[K], V any, I Ordered[I]] struct {
	index *Index[I]
	of    func(K, *V) (I, bool)
}

func (d *indexed[K, V, I]) update(k K, old, new *V) {
	var was, is I
	var had, has bool
	if old != nil {
		was, had = d.of(k, old)
	}
	if new != nil {
		is, has = d.of(k, new)
	}
	if had && has && was.Compare(is) == 0 {
		return
	}
	if had {
		d.index.set.delete(was)
	}
	if has {
		d.index.set.put(is, struct{}{})
	}
}

func (d *indexed[K, V, I]) copyFrom(o derived[K, V]) {
	d.index.set = o.(*indexed[K, V, I]).index.set.copy()
}

func (d *indexed[K, V, I]) clear() { d.index.set = newTree[I, struct{}](I.Compare) }

// OnDue makes a deadline of a row: at the moment the row names, the kernel calls do with the row's key, as a
// transaction of its own. do must change or delete the row so that it is due no more. Everything due in a cloud runs in
// order of time, then of registration, then of key, and before any handler sees a later moment.
func OnDue[K Ordered[K], V any](t *Table[K, V], at func(K, *V) (Time, bool), do func(*Call, K)) {
	of := func(k K, v *V) (due[K], bool) {
		when, ok := at(k, v)
		return due[K]{when, k}, ok
	}
	x := &timer[K, V]{indexed[K, V, due[K]]{newIndex[due[K]](), of}, t.cloud, t.name, do}
	t.derived = append(t.derived, x)
	t.cloud.timers = append(t.cloud.timers, x)
}

type due[K Ordered[K]] struct {
	at  Time
	key K
}

func (a due[K]) Compare(b due[K]) int {
	if a.at != b.at {
		return cmp.Compare(a.at, b.at)
	}
	return a.key.Compare(b.key)
}

// timers is a timer without its types.
type timers interface {
	tableName() string
	next() Time // the earliest deadline, or never
	fire(*Call) // does what is to be done at it
	skip()      // sets it aside until its row changes
}

// timer is the deadlines of a table's rows: an index that tells the cloud when the earliest one moves.
type timer[K Ordered[K], V any] struct {
	indexed[K, V, due[K]]
	cloud *Cloud
	table string
	do    func(*Call, K)
}

func (t *timer[K, V]) tableName() string { return t.table }

func (t *timer[K, V]) next() Time {
	if d, _, ok := t.index.set.min(); ok {
		return d.at
	}
	return never
}

func (t *timer[K, V]) fire(c *Call) {
	d, _, _ := t.index.set.min()
	t.do(c, d.key)
}

func (t *timer[K, V]) skip() {
	d, _, _ := t.index.set.min()
	t.index.set.delete(d)
	t.cloud.timersMoved = true
}

func (t *timer[K, V]) update(k K, old, new *V) {
	was := t.next()
	t.indexed.update(k, old, new)
	if t.next() != was {
		t.cloud.timersMoved = true
	}
}

func (t *timer[K, V]) copyFrom(o derived[K, V]) {
	t.indexed.copyFrom(&o.(*timer[K, V]).indexed)
	t.cloud.timersMoved = true
}

func (t *timer[K, V]) clear() {
	t.indexed.clear()
	t.cloud.timersMoved = true
}
