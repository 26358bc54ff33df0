package codec

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"
)

type leaf struct {
	Name string `is:"required,len=1..8"`
	N    *int
	Kids []leaf
}

type all struct {
	embedded2
	S     string
	B     bool
	I     int
	I32   int32
	I64   int64
	U32   uint32
	U64   uint64
	F     float64
	X     []byte
	T     Time
	P     *string
	PI    *int64
	PL    *leaf
	L     []string
	LL    []leaf
	LP    []*leaf
	M     map[string]string
	ML    map[string]leaf
	MS    map[string][]string
	Inner leaf
	Empty []struct{}
}

type embedded2 struct{ Shared string }

func ptr[T any](v T) *T { return &v }

func full() all {
	return all{
		embedded2: embedded2{"shared"}, S: "하늘 \"q\" \\ \n\x01", B: true, I: -5, I32: math.MinInt32, I64: math.MaxInt64, U32: math.MaxUint32,
		U64: math.MaxUint64, F: 1.5e-9, X: []byte{0, 1, 255}, T: 1763631222123 * millisecond, P: ptr(""), PI: ptr(int64(0)),
		PL: &leaf{"a", ptr(3), []leaf{{Name: "b"}}}, L: []string{"", "x"}, LL: []leaf{{Name: "c"}, {N: ptr(4)}},
		LP: []*leaf{{Name: "d"}}, M: map[string]string{"k": "v", "": "e"}, ML: map[string]leaf{"z": {Name: "e"}},
		MS: map[string][]string{"one": {"1"}, "none": {}}, Inner: leaf{Name: "f"}, Empty: make([]struct{}, 3),
	}
}

func TestJSONRoundTrip(t *testing.T) {
	p := PlanOf(reflect.TypeFor[all]())
	for _, want := range []all{full(), {}, {L: []string{}, M: map[string]string{}, X: []byte{}}} {
		b := p.AppendJSON(nil, &want)
		if !json.Valid(b) {
			t.Fatalf("not JSON: %s", b)
		}
		var got all
		unknown, err := p.DecodeJSON(b, &got)
		if err != nil || unknown != nil {
			t.Fatal(err, unknown, string(b))
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("got  %+v\nwant %+v\njson %s", got, want, b)
		}
	}
}

func TestRowRoundTrip(t *testing.T) {
	r := RowOf[all]()
	old, err := RowAs[all](r.Schema())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []all{full(), {}, {L: []string{}, M: map[string]string{}, X: []byte{}}} {
		b := r.Append(nil, &want)
		for name, read := range map[string]func([]byte, *all) ([]byte, error){"read": r.Read, "old": old.Read} {
			var got all
			rest, err := read(append(b, 7), &got)
			if err != nil || string(rest) != "\x07" || !reflect.DeepEqual(got, want) {
				t.Fatalf("%s: %v, rest %v\ngot  %+v\nwant %+v", name, err, rest, got, want)
			}
		}
		for n := range b {
			var got all
			if _, err := r.Read(b[:n], &got); err == nil {
				t.Fatalf("%d of %d bytes were read as a whole row", n, len(b))
			}
		}
	}
}

func TestDiffPatch(t *testing.T) {
	r := RowOf[all]()
	old, _ := RowAs[all](r.Schema())
	a, b := full(), full()
	if d := r.Diff(nil, &a, &b); len(d) != maskLen(22) || strings.Trim(string(d), "\x00") != "" {
		t.Fatalf("equal values differ: %v", d)
	}
	b.S, b.LL, b.M, b.P, b.Empty = "new", append([]leaf{}, b.LL...), map[string]string{"k": "other"}, nil, nil
	b.LL[1].Name = "changed"
	d := r.Diff(nil, &a, &b)
	for name, patch := range map[string]func([]byte, *all) ([]byte, error){"patch": r.Patch, "old": old.Patch} {
		got := full()
		rest, err := patch(d, &got)
		if err != nil || len(rest) != 0 || !reflect.DeepEqual(got, b) {
			t.Fatalf("%s: %v, %d left\ngot  %+v\nwant %+v", name, err, len(rest), got, b)
		}
	}
}

// A table's value need not be a struct.
func TestDiffOfOneValue(t *testing.T) {
	r := RowOf[[]string]()
	old, err := RowAs[[]string](r.Schema())
	if err != nil {
		t.Fatal(err)
	}
	a, b := []string{"x"}, []string{"x", "y"}
	for name, patch := range map[string]func([]byte, *[]string) ([]byte, error){"patch": r.Patch, "old": old.Patch} {
		got := []string{"x"}
		if rest, err := patch(r.Diff(nil, &a, &a), &got); err != nil || len(rest) != 0 || len(got) != 1 {
			t.Error(name, err, rest, got)
		}
		if rest, err := patch(r.Diff(nil, &a, &b), &got); err != nil || len(rest) != 0 || !reflect.DeepEqual(got, b) {
			t.Error(name, err, rest, got)
		}
	}
}
