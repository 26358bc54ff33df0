package emu

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestTreeAgainstModel does the same random things to a tree and to a sorted slice. Copies taken on the way must not
// notice what happens later, on either side.
func TestTreeAgainstModel(t *testing.T) {
	for _, shape := range []struct {
		name string
		key  func(i int, r *rand.Rand) int
		keep int // of ten steps, how many add
	}{
		{"random", func(_ int, r *rand.Rand) int { return r.IntN(5000) }, 6},
		{"shrinking", func(_ int, r *rand.Rand) int { return r.IntN(800) }, 3},
		{"ascending", func(i int, r *rand.Rand) int { return i - r.IntN(300) }, 7},
		{"descending", func(i int, r *rand.Rand) int { return r.IntN(300) - i }, 7},
	} {
		t.Run(shape.name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 2))
			tr, m := newTree[int, int](cmp.Compare), model{}
			var copies []pair
			for i := range 20_000 {
				k := shape.key(i, r)
				if r.IntN(10) < shape.keep {
					old, had := tr.put(k, i)
					wantOld, wantHad := m.put(k, i)
					if old != wantOld || had != wantHad {
						t.Fatalf("step %d: put(%d) gave %d %v, want %d %v", i, k, old, had, wantOld, wantHad)
					}
				} else {
					old, had := tr.delete(k)
					wantOld, wantHad := m.delete(k)
					if old != wantOld || had != wantHad {
						t.Fatalf("step %d: delete(%d) gave %d %v, want %d %v", i, k, old, had, wantOld, wantHad)
					}
				}
				if r.IntN(2000) == 0 {
					copies = append(copies, pair{tr.copy(), slices.Clone(m)})
				}
				if i%997 == 0 {
					check(t, tr, m, k)
				}
			}
			check(t, tr, m, 17)
			for _, c := range copies {
				check(t, c.tree, c.model, 42)
				c.tree.put(1<<30, 0) // changing a copy must not touch the original
			}
			check(t, tr, m, 17)
		})
	}
}

type row struct{ k, v int }

type model []row

type pair struct {
	tree  *tree[int, int]
	model model
}

func (m model) find(k int) (int, bool) {
	return slices.BinarySearchFunc(m, k, func(r row, k int) int { return cmp.Compare(r.k, k) })
}

func (m *model) put(k, v int) (int, bool) {
	i, found := m.find(k)
	if found {
		old := (*m)[i].v
		(*m)[i].v = v
		return old, true
	}
	*m = slices.Insert(*m, i, row{k, v})
	return 0, false
}

func (m *model) delete(k int) (int, bool) {
	i, found := m.find(k)
	if !found {
		return 0, false
	}
	old := (*m)[i].v
	*m = slices.Delete(*m, i, i+1)
	return old, true
}

func check(t *testing.T, tr *tree[int, int], m model, k int) {
	t.Helper()
	var got model
	tr.all(func(k, v int) bool { got = append(got, row{k, v}); return true })
	if !slices.Equal(got, m) || tr.len() != len(m) {
		t.Fatalf("tree holds %d rows (len %d), model %d", len(got), tr.len(), len(m))
	}
	at, found := m.find(k)
	if v, ok := tr.get(k); ok != found || ok && v != m[at].v {
		t.Fatalf("get(%d) = %d %v", k, v, ok)
	}
	if r := tr.rank(k); r != at {
		t.Fatalf("rank(%d) = %d, want %d", k, r, at)
	}
	var from model
	tr.from(k, func(k, v int) bool { from = append(from, row{k, v}); return len(from) < 100 })
	if want := m[at:min(at+100, len(m))]; !slices.Equal(from, want) {
		t.Fatalf("from(%d) gave %d rows, want %d", k, len(from), len(want))
	}
	if first, _, ok := tr.min(); ok != (len(m) > 0) || ok && first != m[0].k {
		t.Fatalf("min = %d %v", first, ok)
	}
}

func TestTreeOrderedFillIsDense(t *testing.T) {
	tr := newTree[int, int](cmp.Compare)
	for i := range 100_000 {
		tr.put(i, i)
	}
	leaves := 0
	var walk func(n *node[int, int])
	walk = func(n *node[int, int]) {
		if n.kids == nil {
			leaves++
		}
		for _, k := range n.kids {
			walk(k)
		}
	}
	walk(tr.root)
	if full := 100_000 / (fanout - 1); leaves > full+2 {
		t.Errorf("%d leaves for 100,000 rows in order, want about %d", leaves, full)
	}
}

func BenchmarkTree(b *testing.B) {
	for _, n := range []int{4_000, 400_000} {
		tr := newTree[int, int](cmp.Compare)
		for i := range n {
			tr.put(i*2, i)
		}
		b.Run(fmt.Sprint("get/", n), func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				tr.get(i * 7919 % n * 2)
			}
		})
		b.Run(fmt.Sprint("put-delete/", n), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				k := i*7919%n*2 + 1
				tr.put(k, i)
				tr.delete(k)
			}
		})
	}
}
