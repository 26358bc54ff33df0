package codec

import (
	"encoding/binary"
	"math"
	"unsafe"
)

// rowReader takes values off the front of b. After anything malformed, bad is set and every read gives zero.
type rowReader struct {
	b   []byte
	bad bool
}

func (d *rowReader) read(p *Plan, v unsafe.Pointer, depth int) {
	if depth > maxDepth {
		d.bad = true
	}
	if d.bad {
		return
	}
	switch p.kind {
	case String:
		*(*string)(v) = string(d.take(d.uvarint()))
	case Bytes:
		var s []byte
		if n, some := d.count(); some {
			s = append([]byte{}, d.take(uint64(n))...)
		}
		*(*[]byte)(v) = s
	case Bool:
		*(*bool)(v) = d.byte() != 0
	case Int:
		d.readInt(p, v)
	case Timestamp:
		*(*Time)(v) = Time(d.varint())
	case Float:
		*(*float64)(v) = d.float()
	case Pointer:
		if d.byte() == 0 {
			*(*unsafe.Pointer)(v) = nil
			return
		}
		d.read(p.elem, p.renew(v), depth+1)
	case List:
		d.readList(p, v, depth)
	case Map:
		d.readMap(p, v, depth)
	default:
		d.readStruct(p, v, depth)
	}
}

func (d *rowReader) readInt(p *Plan, v unsafe.Pointer) {
	n := d.varint()
	if p.size == 4 && !p.fits(n) {
		d.bad = true
		return
	}
	p.setInt(v, n)
}

func (d *rowReader) readStruct(p *Plan, v unsafe.Pointer, depth int) {
	if len(p.fields) == 0 {
		d.byte()
	}
	for i := range p.fields {
		f := &p.fields[i]
		d.read(f.plan, f.at(v), depth+1)
	}
}

func (d *rowReader) readList(p *Plan, v unsafe.Pointer, depth int) {
	n, some := d.count()
	if p.value(v).SetZero(); !some {
		return
	}
	p.reserve(v, min(n, 1024))
	for range n {
		if d.bad {
			return
		}
		d.read(p.elem, p.grow(v), depth+1)
	}
}

func (d *rowReader) readMap(p *Plan, v unsafe.Pointer, depth int) {
	n, some := d.count()
	if p.value(v).SetZero(); !some {
		return
	}
	p.emptyMap(v)
	for range n {
		key := string(d.take(d.uvarint()))
		e := newValue(p.elem)
		d.read(p.elem, e.UnsafePointer(), depth+1)
		if d.bad {
			return
		}
		p.put(v, key, e.Elem())
	}
}

func (d *rowReader) take(n uint64) []byte {
	if d.bad || n > uint64(len(d.b)) {
		d.bad = true
		return nil
	}
	s := d.b[:n]
	d.b = d.b[n:]
	return s
}

func (d *rowReader) byte() byte {
	if s := d.take(1); s != nil {
		return s[0]
	}
	return 0
}

func (d *rowReader) float() float64 {
	if s := d.take(8); s != nil {
		return math.Float64frombits(binary.LittleEndian.Uint64(s))
	}
	return 0
}

func (d *rowReader) varint() int64 {
	n, size := binary.Varint(d.b)
	d.advance(size)
	return n
}

func (d *rowReader) uvarint() uint64 {
	n, size := binary.Uvarint(d.b)
	d.advance(size)
	return n
}

func (d *rowReader) advance(size int) {
	if size <= 0 {
		d.bad = true
		return
	}
	d.b = d.b[size:]
}

// count reads a length; some is false for nil. Every element takes at least a byte, so a greater count is a lie.
func (d *rowReader) count() (n int, some bool) {
	c := d.uvarint()
	if d.bad || c == 0 {
		return 0, false
	}
	if c-1 > uint64(len(d.b)) {
		d.bad = true
		return 0, false
	}
	return int(c - 1), true
}
