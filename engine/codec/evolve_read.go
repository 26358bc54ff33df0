package codec

import "unsafe"

// readAs reads a value of the old shape into the new plan at v; a nil plan means that nobody wants it any more.
func (d *rowReader) readAs(sh *shape, p *Plan, v unsafe.Pointer, depth int) {
	if depth > maxDepth {
		d.bad = true
	}
	if d.bad {
		return
	}
	if sh.kind == Pointer {
		if d.byte() == 0 {
			if p != nil {
				p.value(v).SetZero()
			}
			return
		}
		sh = sh.elem
	}
	if p != nil && p.kind == Pointer {
		p, v = p.elem, p.renew(v)
	}
	switch sh.kind {
	case List:
		d.listAs(sh, p, v, depth)
	case Map:
		d.mapAs(sh, p, v, depth)
	case Struct:
		if len(sh.fields) == 0 {
			d.byte()
		}
		for i := range sh.fields {
			d.fieldAs(sh, i, p, v, depth)
		}
	default:
		if p == nil {
			d.skipScalar(sh.kind)
			return
		}
		d.read(p, v, depth)
	}
}

func (d *rowReader) fieldAs(sh *shape, i int, p *Plan, v unsafe.Pointer, depth int) {
	if p != nil {
		if f := p.fieldNamed(sh.names[i]); f != nil {
			d.readAs(sh.fields[i], f.plan, f.at(v), depth+1)
			return
		}
	}
	d.readAs(sh.fields[i], nil, nil, depth+1)
}

func (d *rowReader) listAs(sh *shape, p *Plan, v unsafe.Pointer, depth int) {
	n, some := d.count()
	if p != nil {
		if p.value(v).SetZero(); some {
			p.reserve(v, min(n, 1024))
		}
	}
	for range n {
		if d.bad {
			return
		}
		if p == nil {
			d.readAs(sh.elem, nil, nil, depth+1)
		} else {
			d.readAs(sh.elem, p.elem, p.grow(v), depth+1)
		}
	}
}

func (d *rowReader) mapAs(sh *shape, p *Plan, v unsafe.Pointer, depth int) {
	n, some := d.count()
	if p != nil {
		if p.value(v).SetZero(); some {
			p.emptyMap(v)
		}
	}
	for range n {
		key := d.take(d.uvarint())
		if d.bad {
			return
		}
		if p == nil {
			d.readAs(sh.elem, nil, nil, depth+1)
			continue
		}
		e := newValue(p.elem)
		d.readAs(sh.elem, p.elem, e.UnsafePointer(), depth+1)
		if !d.bad {
			p.put(v, string(key), e.Elem())
		}
	}
}

func (d *rowReader) skipScalar(k Kind) {
	switch k {
	case String:
		d.take(d.uvarint())
	case Bytes:
		n, _ := d.count()
		d.take(uint64(n))
	case Bool:
		d.byte()
	case Float:
		d.float()
	default:
		d.varint()
	}
}
