package codec

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"unsafe"
)

// The functions here are the only ones that know how Go lays values out. A plan and an address always belong together:
// addresses come from Plan.of and from offsets and elements of plans compiled from the same type.

// listHeader is the layout of every slice.
type listHeader struct {
	data     unsafe.Pointer
	len, cap int
}

func getString(v unsafe.Pointer) string { return *(*string)(v) }

func getBytes(v unsafe.Pointer) []byte { return *(*[]byte)(v) }

func getPointer(v unsafe.Pointer) unsafe.Pointer { return *(*unsafe.Pointer)(v) }

func (f *field) at(v unsafe.Pointer) unsafe.Pointer { return unsafe.Add(v, f.off) }

// element returns the address of a list's i-th element.
func (p *Plan) element(list unsafe.Pointer, i int) unsafe.Pointer {
	return unsafe.Add((*listHeader)(list).data, uintptr(i)*p.elem.size)
}

func (p *Plan) getInt(v unsafe.Pointer) int64 {
	switch {
	case p.size == 8:
		return *(*int64)(v)
	case p.unsigned:
		return int64(*(*uint32)(v))
	}
	return int64(*(*int32)(v))
}

// setInt stores n, which must fit: see fits.
func (p *Plan) setInt(v unsafe.Pointer, n int64) {
	if p.size == 8 {
		*(*int64)(v) = n
	} else {
		*(*int32)(v) = int32(n) // also uint32, whose bits are the same
	}
}

func (p *Plan) fits(n int64) bool {
	switch {
	case p.unsigned && p.size == 4:
		return n >= 0 && n <= math.MaxUint32
	case p.unsigned:
		return n >= 0
	case p.size == 4:
		return n >= math.MinInt32 && n <= math.MaxInt32
	}
	return true
}

// absent says which values are left out of JSON and XML, and count as missing when required.
func (p *Plan) absent(v unsafe.Pointer) bool {
	switch p.kind {
	case String:
		return getString(v) == ""
	case Timestamp:
		return *(*Time)(v) == 0
	case Pointer, Map: // a map is a pointer to its header
		return getPointer(v) == nil
	case List, Bytes:
		return (*listHeader)(v).data == nil
	}
	return false
}

// value makes the reflect.Value of what v points to.
func (p *Plan) value(v unsafe.Pointer) reflect.Value { return reflect.NewAt(p.typ, v).Elem() }

// renew points v, a pointer, to a new zero value and returns its address.
func (p *Plan) renew(v unsafe.Pointer) unsafe.Pointer {
	e := reflect.New(p.elem.typ).UnsafePointer()
	*(*unsafe.Pointer)(v) = e
	return e
}

// reserve makes v an empty list, not nil, with room for n elements.
func (p *Plan) reserve(v unsafe.Pointer, n int) {
	p.value(v).Set(reflect.MakeSlice(p.typ, 0, n))
}

// grow adds a zero element to the list and returns its address.
func (p *Plan) grow(v unsafe.Pointer) unsafe.Pointer {
	h := (*listHeader)(v)
	if h.len == h.cap {
		bigger := reflect.MakeSlice(p.typ, h.len, max(4, 2*h.cap))
		reflect.Copy(bigger, p.value(v))
		p.value(v).Set(bigger)
	}
	h.len++
	return p.element(v, h.len-1)
}

var stringMap = reflect.TypeFor[map[string]string]()

// put stores an entry, making the map if there is none.
func (p *Plan) put(v unsafe.Pointer, key string, value reflect.Value) {
	m := p.value(v)
	if m.IsNil() {
		m.Set(reflect.MakeMap(p.typ))
	}
	if p.typ == stringMap {
		(*(*map[string]string)(v))[key] = value.String()
		return
	}
	m.SetMapIndex(reflect.ValueOf(key).Convert(p.typ.Key()), value)
}

// each calls f with the map's entries in the order of their keys.
func (p *Plan) each(v unsafe.Pointer, f func(key string, value unsafe.Pointer)) {
	if p.typ == stringMap {
		m := *(*map[string]string)(v)
		keys := make([]string, 0, len(m))
		for k := range m {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			value := m[k]
			f(k, unsafe.Pointer(&value))
		}
		return
	}
	m := p.value(v)
	keys := m.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	for _, k := range keys {
		value := reflect.New(p.elem.typ)
		value.Elem().Set(m.MapIndex(k))
		f(k.String(), value.UnsafePointer())
	}
}

// equal compares deeply, as reflect.DeepEqual does: a nil list or map differs from an empty one.
func (p *Plan) equal(x, y unsafe.Pointer) bool {
	switch p.kind {
	case String:
		return getString(x) == getString(y)
	case Bool:
		return *(*bool)(x) == *(*bool)(y)
	case Int:
		return p.getInt(x) == p.getInt(y)
	case Float: // by bits: NaN equals itself, and 0 is not -0
		return *(*uint64)(x) == *(*uint64)(y)
	case Timestamp:
		return *(*Time)(x) == *(*Time)(y)
	case Bytes:
		a, b := getBytes(x), getBytes(y)
		return (a == nil) == (b == nil) && string(a) == string(b)
	case Pointer:
		a, b := getPointer(x), getPointer(y)
		return a == b || a != nil && b != nil && p.elem.equal(a, b)
	case List:
		a, b := (*listHeader)(x), (*listHeader)(y)
		if a.len != b.len || (a.data == nil) != (b.data == nil) {
			return false
		}
		if a.data == b.data {
			return true
		}
		for i := range a.len {
			if !p.elem.equal(p.element(x, i), p.element(y, i)) {
				return false
			}
		}
		return true
	case Map:
		return getPointer(x) == getPointer(y) || p.equalMaps(p.value(x), p.value(y))
	}
	for i := range p.fields {
		f := &p.fields[i]
		if !f.plan.equal(f.at(x), f.at(y)) {
			return false
		}
	}
	return true
}

func (p *Plan) equalMaps(x, y reflect.Value) bool {
	if x.Len() != y.Len() || x.IsNil() != y.IsNil() {
		return false
	}
	a, b := reflect.New(p.elem.typ), reflect.New(p.elem.typ)
	for entries := x.MapRange(); entries.Next(); {
		other := y.MapIndex(entries.Key())
		if !other.IsValid() {
			return false
		}
		a.Elem().Set(entries.Value())
		b.Elem().Set(other)
		if !p.elem.equal(a.UnsafePointer(), b.UnsafePointer()) {
			return false
		}
	}
	return true
}

// newValue returns a pointer to a new zero value, as reflect sees it.
func newValue(p *Plan) reflect.Value { return reflect.New(p.typ) }

// emptyMap makes v an empty map, not nil.
func (p *Plan) emptyMap(v unsafe.Pointer) { p.value(v).Set(reflect.MakeMap(p.typ)) }
