package codec

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
)

type v1 struct {
	ID, Body string
	Gone     []leaf
	N        int32
	M        map[string]string
	P        *int64
	Sub      leaf
	Opt      string
}

type v2 struct {
	New  string
	N    int64
	Body string
	M    map[string]string
	P    int64
	ID   string
	Sub  *struct{ Kids []struct{ Name string } }
	Opt  *string
}

func TestRowAs(t *testing.T) {
	a := v1{"i", "b", []leaf{{Name: "x"}, {}}, 5, map[string]string{"k": "v"}, ptr(int64(7)), leaf{Name: "n", Kids: []leaf{{Name: "kid", N: ptr(1)}}}, "o"}
	r := RowOf[v1]()
	old, err := RowAs[v2](r.Schema())
	if err != nil {
		t.Fatal(err)
	}
	x := v2{New: "default"}
	rest, err := old.Read(append(r.Append(nil, &a), 9), &x)
	want := v2{New: "default", N: 5, Body: "b", M: a.M, P: 7, ID: "i", Opt: ptr("o")}
	want.Sub = &struct{ Kids []struct{ Name string } }{[]struct{ Name string }{{"kid"}}}
	if err != nil || len(rest) != 1 || !reflect.DeepEqual(x, want) {
		t.Fatalf("%v\ngot  %+v\nwant %+v", err, x, want)
	}
	b := a
	b.N, b.Gone, b.P = 6, nil, nil
	rest, err = old.Patch(r.Diff(nil, &a, &b), &x)
	if want.N, want.P = 6, 0; err != nil || len(rest) != 0 || !reflect.DeepEqual(x, want) {
		t.Fatalf("%v\ngot  %+v\nwant %+v", err, x, want)
	}
	if _, err := RowAs[struct{ N string }](r.Schema()); err == nil || !strings.Contains(err.Error(), ".N was of another type") {
		t.Error(err)
	}
	if _, err := RowAs[struct {
		Sub struct{ Kids []struct{ N string } }
	}](r.Schema()); err == nil || !strings.Contains(err.Error(), ".Sub.Kids.N was") {
		t.Error(err)
	}
	for _, bad := range []string{"", "(", "(A", "(A s", "(A s;", "(A s;)x", "q", "[]", "1!", "(A 2!;)"} {
		if _, err := RowAs[v1](bad); err == nil {
			t.Errorf("schema %q was accepted", bad)
		}
	}
}

func TestSchema(t *testing.T) {
	if got, want := RowOf[leaf]().Schema(), "(Name s;N *i;Kids []1!;)"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// Rows are read from files: a damaged one is an error, and costs memory in proportion to its length.
func FuzzRow(f *testing.F) {
	v := full()
	r := RowOf[all]()
	old, err := RowAs[all](r.Schema())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(r.Append(nil, &v))
	f.Add(r.Diff(nil, nil, &v))
	f.Fuzz(func(t *testing.T, b []byte) {
		var x, y all
		rest, err := r.Read(b, &x)
		if _, oldErr := old.Read(b, &y); (err == nil) != (oldErr == nil) {
			t.Fatal(err, oldErr)
		}
		if err == nil {
			once := r.Append(nil, &x)
			if !bytes.Equal(once, r.Append(nil, &y)) {
				t.Fatalf("%+v\n%+v", x, y)
			}
			var z all
			if tail, err := r.Read(append(once, rest...), &z); err != nil || !bytes.Equal(tail, rest) || !allP.equal(allP.of(&x), allP.of(&z)) {
				t.Fatalf("%v\n%+v\n%+v", err, x, z)
			}
		}
		w := full()
		r.Patch(b, &w)
	})
}

func BenchmarkRow(b *testing.B) {
	r := RowOf[v1]()
	a := v1{ID: "0123456789abcdef", Body: strings.Repeat("x", 128), N: 1, M: map[string]string{"k": "v"}}
	c := a
	c.N = 2
	row := r.Append(nil, &a)
	buf := make([]byte, 0, 1024)
	b.Run("read", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var v v1
			r.Read(row, &v)
		}
	})
	b.Run("diff", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			r.Diff(buf, &a, &c)
		}
	})
}
