package codec

import (
	"encoding/base64"
	"strconv"
	"unsafe"
)

// DecodeJSON reads one JSON object into v, a *T. Empty input is an empty object, members that are null are left alone, and
// of a member given twice the last one counts. It returns the members T does not have, as paths, and a *Problem for
// anything malformed or of the wrong type. v keeps nothing of b.
func (p *Plan) DecodeJSON(b []byte, v any) (unknown []string, err error) {
	d := jsonDecoder{jsonScanner: jsonScanner{b: b}}
	d.space()
	if d.i == len(b) {
		return nil, nil
	}
	bad := d.value(p, p.of(v), 0)
	if d.space(); bad == nil && d.i != len(b) {
		bad = problem("more follows the end of the document")
	}
	if bad != nil {
		return d.unknown, bad
	}
	return d.unknown, nil
}

type jsonDecoder struct {
	jsonScanner
	unknown []string
}

// value reads one value that is not null, in AWS's words where it is of another type.
func (d *jsonDecoder) value(p *Plan, v unsafe.Pointer, depth int) *Problem {
	if depth > maxDepth {
		return tooDeep()
	}
	switch p.kind {
	case Pointer:
		return d.value(p.elem, p.renew(v), depth)
	case List:
		return d.list(p, v, depth)
	case Map, Struct:
		return d.object(p, v, depth)
	}
	switch c := d.peek(); {
	case c == '{':
		return problem("Start of structure or map found where not expected")
	case c == '[':
		return problem("Start of list found where not expected")
	case c == 0:
		return problem("unexpected end of the document")
	case p.kind == String || p.kind == Bytes:
		return d.text(p, v)
	case p.kind == Bool:
		return d.boolean(v)
	}
	return d.number(p, v)
}

func (d *jsonDecoder) text(p *Plan, v unsafe.Pointer) *Problem {
	if c := d.peek(); c != '"' {
		return problem("%s can not be converted to %s", d.tokenName(c), javaName(p.kind))
	}
	s, bad := d.str()
	if bad != nil {
		return bad
	}
	if p.kind == String {
		*(*string)(v) = string(s)
		return nil
	}
	data, err := base64.StdEncoding.AppendDecode([]byte{}, s)
	if err != nil {
		return problem("not valid Base64")
	}
	*(*[]byte)(v) = data
	return nil
}

func (d *jsonDecoder) boolean(v unsafe.Pointer) *Problem {
	switch {
	case d.word("true"):
		*(*bool)(v) = true
	case d.word("false"):
		*(*bool)(v) = false
	default:
		return problem("%s can not be converted to a Boolean", d.tokenName(d.peek()))
	}
	return nil
}

func (d *jsonDecoder) number(p *Plan, v unsafe.Pointer) *Problem {
	if c := d.peek(); c != '-' && (c < '0' || c > '9') {
		return problem("%s can not be converted to %s", d.tokenName(c), javaName(p.kind))
	}
	token, integral, bad := d.numeral()
	if bad != nil {
		return bad
	}
	return p.setNumber(v, token, integral)
}

// setNumber stores a numeral; integers may be written 5.0 or 5e0, but must be whole and fit.
func (p *Plan) setNumber(v unsafe.Pointer, token string, integral bool) *Problem {
	switch p.kind {
	case Timestamp:
		t, err := parseEpoch(token)
		if err != nil {
			return problem("%s", err)
		}
		*(*Time)(v) = t
		return nil
	case Float:
		f, err := strconv.ParseFloat(token, 64)
		if err != nil {
			return problem("a number out of range")
		}
		*(*float64)(v) = f
		return nil
	}
	n, ok := p.parseInt(token, integral)
	if !ok {
		return problem("not a whole number between the bounds of its type")
	}
	p.setInt(v, n)
	return nil
}

func (p *Plan) parseInt(token string, integral bool) (int64, bool) {
	if !integral {
		f, err := strconv.ParseFloat(token, 64)
		n := int64(f)
		return n, err == nil && f > -1<<53 && f < 1<<53 && float64(n) == f && p.fits(n)
	}
	if p.unsigned && p.size == 8 {
		n, err := strconv.ParseUint(token, 10, 64)
		return int64(n), err == nil
	}
	n, err := strconv.ParseInt(token, 10, 64)
	return n, err == nil && p.fits(n)
}

func (d *jsonDecoder) list(p *Plan, v unsafe.Pointer, depth int) *Problem {
	if c := d.peek(); c != '[' {
		return problem("%s found where a list is expected", d.tokenName(c))
	}
	p.reserve(v, 0)
	for first := true; ; first = false {
		if more, bad := d.next(first, '[', ']'); !more {
			return bad
		}
		i := (*listHeader)(v).len
		if d.peek() == 'n' {
			return problem("null is not an element of a list").at(i)
		}
		if bad := d.value(p.elem, p.grow(v), depth+1); bad != nil {
			return bad.at(i)
		}
	}
}

func (d *jsonDecoder) object(p *Plan, v unsafe.Pointer, depth int) *Problem {
	if c := d.peek(); c != '{' {
		return problem("%s found where a structure or map is expected", d.tokenName(c))
	}
	if p.kind == Map {
		p.emptyMap(v)
	}
	for first := true; ; first = false {
		if more, bad := d.next(first, '{', '}'); !more {
			return bad
		}
		key, bad := d.key()
		if bad != nil {
			return bad
		}
		if p.kind == Map {
			bad = d.entry(p, v, string(key), depth)
		} else if i, ok := p.byJSON[string(key)]; ok {
			bad = d.member(&p.fields[i], v, depth)
		} else {
			d.unknown = append(d.unknown, string(key))
			bad = d.skip(depth + 1)
		}
		if bad != nil {
			return bad
		}
	}
}

func (d *jsonDecoder) member(f *field, v unsafe.Pointer, depth int) *Problem {
	if d.word("null") {
		return nil
	}
	unknown := len(d.unknown)
	if bad := d.value(f.plan, f.at(v), depth+1); bad != nil {
		return bad.in(f.Name)
	}
	for i := unknown; i < len(d.unknown); i++ {
		d.unknown[i] = f.Name + "." + d.unknown[i]
	}
	return nil
}

func (d *jsonDecoder) entry(p *Plan, v unsafe.Pointer, key string, depth int) *Problem {
	if d.peek() == 'n' {
		return problem("null is not a value of a map").in(key)
	}
	e := newValue(p.elem)
	if bad := d.value(p.elem, e.UnsafePointer(), depth+1); bad != nil {
		return bad.in(key)
	}
	p.put(v, key, e.Elem())
	return nil
}
