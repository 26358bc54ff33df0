package emu

// tree is an ordered map: a copy-on-write B+tree. copy is O(1), iteration is in key order and so deterministic, rank
// counts in O(log n). Deleting frees a node when it is empty and never merges siblings: queues are eaten from one
// end, and the other uses are small.
type tree[K, V any] struct {
	compare func(a, b K) int
	root    *node[K, V]
	owner   *owner // nodes carrying this mark are ours to change; all others are shared with a copy
}

// fanout is the room in a node. A node is split when it is full, so that an insertion never has to grow a slice.
const fanout = 64

type owner struct{ _ byte } // not empty: two owners need two addresses

type node[K, V any] struct {
	owner *owner
	count int           // rows at or below
	keys  []K           // leaf: the rows' keys; inner: a lower bound of each child's keys
	vals  []V           // leaf only
	kids  []*node[K, V] // inner only
}

func newTree[K, V any](compare func(a, b K) int) *tree[K, V] {
	return &tree[K, V]{compare: compare, owner: new(owner)}
}

func (t *tree[K, V]) len() int {
	if t.root == nil {
		return 0
	}
	return t.root.count
}

// copy returns a second tree with the same rows. From now on each of the two copies a node before changing it.
func (t *tree[K, V]) copy() *tree[K, V] {
	t.owner = new(owner)
	return &tree[K, V]{compare: t.compare, root: t.root, owner: new(owner)}
}

func (t *tree[K, V]) mine(n *node[K, V]) *node[K, V] {
	if n.owner == t.owner {
		return n
	}
	m := &node[K, V]{owner: t.owner, count: n.count, keys: append(make([]K, 0, fanout), n.keys...)}
	if n.kids != nil {
		m.kids = append(make([]*node[K, V], 0, fanout), n.kids...)
	} else {
		m.vals = append(make([]V, 0, fanout), n.vals...)
	}
	return m
}

// search finds the first index whose key is not below k, and whether it is k.
func (t *tree[K, V]) search(keys []K, k K) (int, bool) {
	lo, hi := 0, len(keys)
	for lo < hi {
		mid := (lo + hi) / 2
		switch c := t.compare(keys[mid], k); {
		case c == 0:
			return mid, true
		case c < 0:
			lo = mid + 1
		default:
			hi = mid
		}
	}
	return lo, false
}

// child is the index of the child that holds k, or would.
func (t *tree[K, V]) child(n *node[K, V], k K) int {
	i, found := t.search(n.keys, k)
	if !found && i > 0 {
		i--
	}
	return i
}

func (t *tree[K, V]) get(k K) (v V, ok bool) {
	n := t.root
	if n == nil {
		return v, false
	}
	for n.kids != nil {
		n = n.kids[t.child(n, k)]
	}
	if i, found := t.search(n.keys, k); found {
		return n.vals[i], true
	}
	return v, false
}

// put sets a row and returns what was there before.
func (t *tree[K, V]) put(k K, v V) (old V, had bool) {
	if t.root == nil {
		t.root = &node[K, V]{owner: t.owner, count: 1, keys: append(make([]K, 0, fanout), k), vals: append(make([]V, 0, fanout), v)}
		return old, false
	}
	t.root = t.mine(t.root)
	old, had = t.insert(t.root, k, v)
	if t.root.full() {
		left := t.root
		right := t.split(left, true)
		t.root = &node[K, V]{owner: t.owner, count: left.count + right.count,
			keys: append(make([]K, 0, fanout), left.keys[0], right.keys[0]),
			kids: append(make([]*node[K, V], 0, fanout), left, right)}
	}
	return old, had
}

func (n *node[K, V]) full() bool { return len(n.keys) == fanout }

// insert puts the row below n, which is ours and has room. It may leave n full: the caller splits it.
func (t *tree[K, V]) insert(n *node[K, V], k K, v V) (old V, had bool) {
	if n.kids == nil {
		i, found := t.search(n.keys, k)
		if found {
			old, n.vals[i] = n.vals[i], v
			return old, true
		}
		n.keys, n.vals = insertAt(n.keys, i, k), insertAt(n.vals, i, v)
		n.count++
		return old, false
	}
	i := t.child(n, k)
	kid := t.mine(n.kids[i])
	n.kids[i] = kid
	if t.compare(k, n.keys[i]) < 0 {
		n.keys[i] = k
	}
	if old, had = t.insert(kid, k, v); !had {
		n.count++
	}
	if kid.full() {
		right := t.split(kid, i == len(n.kids)-1)
		n.keys, n.kids = insertAt(n.keys, i+1, right.keys[0]), insertAt(n.kids, i+1, right)
	}
	return old, had
}

// split moves the upper part of n to a new node. At the right edge of the tree it moves only the last entry, so that a
// tree filled in order stays dense.
func (t *tree[K, V]) split(n *node[K, V], rightmost bool) *node[K, V] {
	at := fanout / 2
	if rightmost {
		at = fanout - 1
	}
	r := &node[K, V]{owner: t.owner, keys: append(make([]K, 0, fanout), n.keys[at:]...)}
	n.keys = cutAt(n.keys, at)
	if n.kids != nil {
		r.kids = append(make([]*node[K, V], 0, fanout), n.kids[at:]...)
		n.kids = cutAt(n.kids, at)
		for _, kid := range r.kids {
			r.count += kid.count
		}
	} else {
		r.vals = append(make([]V, 0, fanout), n.vals[at:]...)
		n.vals = cutAt(n.vals, at)
		r.count = len(r.vals)
	}
	n.count -= r.count
	return r
}

// delete removes a row and returns it.
func (t *tree[K, V]) delete(k K) (old V, had bool) {
	if old, had = t.get(k); !had {
		return old, false
	}
	t.root = t.mine(t.root)
	t.remove(t.root, k)
	if t.root.count == 0 {
		t.root = nil
	}
	for t.root != nil && len(t.root.kids) == 1 {
		t.root = t.root.kids[0]
	}
	return old, true
}

func (t *tree[K, V]) remove(n *node[K, V], k K) {
	n.count--
	if n.kids == nil {
		i, _ := t.search(n.keys, k)
		n.keys, n.vals = removeAt(n.keys, i), removeAt(n.vals, i)
		return
	}
	i := t.child(n, k)
	kid := t.mine(n.kids[i])
	n.kids[i] = kid
	t.remove(kid, k)
	if kid.count == 0 {
		n.keys, n.kids = removeAt(n.keys, i), removeAt(n.kids, i)
	}
}

// min is the row with the least key.
func (t *tree[K, V]) min() (k K, v V, ok bool) {
	n := t.root
	if n == nil {
		return k, v, false
	}
	for n.kids != nil {
		n = n.kids[0]
	}
	return n.keys[0], n.vals[0], true
}

// from visits the rows with a key not below k, in order, until f returns false.
func (t *tree[K, V]) from(k K, f func(K, V) bool) {
	if t.root != nil {
		t.visit(t.root, &k, f)
	}
}

// all visits every row in order until f returns false.
func (t *tree[K, V]) all(f func(K, V) bool) {
	if t.root != nil {
		t.visit(t.root, nil, f)
	}
}

func (t *tree[K, V]) visit(n *node[K, V], from *K, f func(K, V) bool) bool {
	if n.kids == nil {
		i := 0
		if from != nil {
			i, _ = t.search(n.keys, *from)
		}
		for ; i < len(n.keys); i++ {
			if !f(n.keys[i], n.vals[i]) {
				return false
			}
		}
		return true
	}
	i := 0
	if from != nil {
		i = t.child(n, *from)
	}
	for ; i < len(n.kids); i++ {
		if !t.visit(n.kids[i], from, f) {
			return false
		}
		from = nil // only the first child holds keys below it
	}
	return true
}

// rank is how many rows have a key below k.
func (t *tree[K, V]) rank(k K) int {
	n, r := t.root, 0
	if n == nil {
		return 0
	}
	for n.kids != nil {
		i := t.child(n, k)
		for _, kid := range n.kids[:i] {
			r += kid.count
		}
		n = n.kids[i]
	}
	i, _ := t.search(n.keys, k)
	return r + i
}

func insertAt[T any](s []T, i int, v T) []T {
	var zero T
	s = append(s, zero)
	copy(s[i+1:], s[i:])
	s[i] = v
	return s
}

func removeAt[T any](s []T, i int) []T {
	copy(s[i:], s[i+1:])
	return cutAt(s, len(s)-1)
}

// cutAt shortens s and drops the references behind its new end.
func cutAt[T any](s []T, n int) []T {
	clear(s[n:])
	return s[:n]
}
