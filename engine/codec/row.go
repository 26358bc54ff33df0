package codec

import (
	"encoding/binary"
	"errors"
	"math"
	"reflect"
	"strings"
	"unsafe"
)

// Row writes and reads values of T as rows: positional binary without names, whose layout is [Row.Schema]. Rows keep
// everything, nil apart from empty included.
type Row[T any] struct{ p *Plan }

// RowOf returns T's row form.
func RowOf[T any]() Row[T] { return Row[T]{PlanOf(reflect.TypeFor[T]())} }

// Append appends v.
func (r Row[T]) Append(b []byte, v *T) []byte { return r.p.appendRow(b, unsafe.Pointer(v)) }

// Read fills v from the front of b and returns what follows. v keeps nothing of b.
func (r Row[T]) Read(b []byte, v *T) (rest []byte, err error) {
	d := rowReader{b: b}
	if d.read(r.p, unsafe.Pointer(v), 0); d.bad {
		return nil, ErrRow
	}
	return d.b, nil
}

// Diff appends the fields in which v differs from old, compared deeply; a nil old is the zero T. The form is a bit mask of
// the fields, lowest first, then the changed fields as they are in a row. A T that is not a struct counts as one field.
func (r Row[T]) Diff(b []byte, old, v *T) []byte {
	if old == nil {
		old = new(T)
	}
	x, y := unsafe.Pointer(old), unsafe.Pointer(v)
	mask := len(b)
	for range maskLen(len(r.p.parts)) {
		b = append(b, 0)
	}
	for i := range r.p.parts {
		f := &r.p.parts[i]
		if !f.plan.equal(f.at(x), f.at(y)) {
			b[mask+i/8] |= 1 << (i % 8)
			b = f.plan.appendRow(b, f.at(y))
		}
	}
	return b
}

// Patch applies a Diff at the front of b to v and returns what follows. After an error v may be half patched.
func (r Row[T]) Patch(b []byte, v *T) (rest []byte, err error) {
	n := maskLen(len(r.p.parts))
	if len(b) < n {
		return nil, ErrRow
	}
	mask, d := b[:n], rowReader{b: b[n:]}
	for i := range r.p.parts {
		if f := &r.p.parts[i]; mask[i/8]&(1<<(i%8)) != 0 {
			d.read(f.plan, f.at(unsafe.Pointer(v)), 0)
		}
	}
	if d.bad {
		return nil, ErrRow
	}
	return d.b, nil
}

// Schema is the layout as text, for [RowAs] to read these rows when T has changed.
func (r Row[T]) Schema() string {
	var s strings.Builder
	r.p.schema(&s, nil)
	return s.String()
}

// ErrRow means that bytes are not a row of the schema they are read with.
var ErrRow = errors.New("codec: malformed row")

func maskLen(fields int) int { return (fields + 7) / 8 }

func appendText(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

// appendCount writes the length of what may be nil: 0 is nil, n+1 is n elements.
func appendCount(b []byte, isNil bool, n int) []byte {
	if isNil {
		return append(b, 0)
	}
	return binary.AppendUvarint(b, uint64(n)+1)
}

func (p *Plan) appendRow(b []byte, v unsafe.Pointer) []byte {
	switch p.kind {
	case String:
		return appendText(b, getString(v))
	case Bytes:
		s := getBytes(v)
		b = appendCount(b, s == nil, len(s))
		return append(b, s...)
	case Bool:
		if *(*bool)(v) {
			return append(b, 1)
		}
		return append(b, 0)
	case Int:
		return binary.AppendVarint(b, p.getInt(v))
	case Timestamp:
		return binary.AppendVarint(b, int64(*(*Time)(v)))
	case Float:
		return binary.LittleEndian.AppendUint64(b, math.Float64bits(*(*float64)(v)))
	case Pointer:
		e := getPointer(v)
		if e == nil {
			return append(b, 0)
		}
		return p.elem.appendRow(append(b, 1), e)
	case List:
		h := (*listHeader)(v)
		b = appendCount(b, h.data == nil, h.len)
		for i := range h.len {
			b = p.elem.appendRow(b, p.element(v, i))
		}
		return b
	case Map:
		m := p.value(v)
		b = appendCount(b, m.IsNil(), m.Len())
		p.each(v, func(key string, e unsafe.Pointer) {
			b = appendText(b, key)
			b = p.elem.appendRow(b, e)
		})
		return b
	}
	if len(p.fields) == 0 {
		return append(b, 0) // so that every element of a list takes a byte, and counts can be believed
	}
	for i := range p.fields {
		f := &p.fields[i]
		b = f.plan.appendRow(b, f.at(v))
	}
	return b
}
