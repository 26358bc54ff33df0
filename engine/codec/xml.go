package codec

import (
	"encoding/base64"
	"strconv"
	"unicode/utf8"
	"unsafe"
)

// AppendXML appends the members of v, a *T, as XML elements, without an element around them. A nil v is nothing.
func (p *Plan) AppendXML(b []byte, v any) []byte {
	if v == nil {
		return b
	}
	return p.appendXML(b, p.of(v), awsXML)
}

// AppendEC2 is AppendXML in EC2's dialect: no name begins with a capital, and the elements of lists are called item.
func (p *Plan) AppendEC2(b []byte, v any) []byte {
	if v == nil {
		return b
	}
	return p.appendXML(b, p.of(v), ec2XML)
}

// dialect is how names are spelled in XML.
type dialect bool

const (
	awsXML dialect = false
	ec2XML dialect = true
)

// appendXML writes what stands between a value's tags.
func (p *Plan) appendXML(b []byte, v unsafe.Pointer, d dialect) []byte {
	switch p.kind {
	case String:
		return AppendXMLText(b, getString(v))
	case Bool:
		return strconv.AppendBool(b, *(*bool)(v))
	case Int:
		return p.appendInt(b, v)
	case Float:
		return appendFloat(b, *(*float64)(v))
	case Bytes:
		return base64.StdEncoding.AppendEncode(b, getBytes(v))
	case Timestamp:
		return (*(*Time)(v)).appendISO(b)
	case Pointer:
		if e := getPointer(v); e != nil {
			return p.elem.appendXML(b, e, d)
		}
		return b
	case List, Map: // in another list or map
		return p.appendItems(b, v, &unnamed, "", d)
	}
	for i := range p.fields {
		f := &p.fields[i]
		b = f.appendElement(b, f.at(v), d)
	}
	return b
}

func (f *field) appendElement(b []byte, v unsafe.Pointer, d dialect) []byte {
	if f.plan.absent(v) {
		return b
	}
	p := f.plan
	if p.kind == Pointer {
		p, v = p.elem, getPointer(v)
	}
	name := f.Query
	if d == ec2XML {
		name = f.ec2Name
	}
	if p.kind != List && p.kind != Map {
		return shut(p.appendXML(open(b, name), v, d), name)
	}
	if f.Flat {
		return p.appendItems(b, v, f, name, d)
	}
	return shut(p.appendItems(open(b, name), v, f, "", d), name)
}

// appendItems writes a list's elements or a map's entries; flat ones repeat their field's name.
func (p *Plan) appendItems(b []byte, v unsafe.Pointer, f *field, flat string, d dialect) []byte {
	name := flat
	if p.kind == List {
		if flat == "" {
			name = f.Item
		}
		if d == ec2XML {
			name = "item"
		}
		for i := range (*listHeader)(v).len {
			b = shut(p.elem.appendXML(open(b, name), p.element(v, i), d), name)
		}
		return b
	}
	if flat == "" {
		name = "entry"
	}
	p.each(v, func(key string, e unsafe.Pointer) {
		b = open(b, name)
		b = shut(AppendXMLText(open(b, f.Key), key), f.Key)
		b = shut(p.elem.appendXML(open(b, f.Value), e, d), f.Value)
		b = shut(b, name)
	})
	return b
}

func open(b []byte, name string) []byte { return append(append(append(b, '<'), name...), '>') }

func shut(b []byte, name string) []byte { return append(append(append(b, "</"...), name...), '>') }

// AppendXMLText appends s escaped for an element or attribute. What XML 1.0 cannot hold becomes U+FFFD.
func AppendXMLText(b []byte, s string) []byte {
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if plainXML[c] {
			i++
			continue
		}
		size, substitute := 1, ""
		if c < utf8.RuneSelf {
			substitute = xmlEscape(c)
		} else {
			var r rune
			r, size = utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 || r == 0xfffe || r == 0xffff {
				substitute = "\ufffd"
			}
		}
		if substitute != "" {
			b = append(append(b, s[from:i]...), substitute...)
			from = i + size
		}
		i += size
	}
	return append(b, s[from:]...)
}

// plainXML marks the bytes that XML text holds as they are.
var plainXML = func() (t [256]bool) {
	for c := range byte(utf8.RuneSelf) {
		t[c] = xmlEscape(c) == ""
	}
	return t
}()

func xmlEscape(c byte) string {
	switch c {
	case '&':
		return "&amp;"
	case '<':
		return "&lt;"
	case '>':
		return "&gt;"
	case '"':
		return "&quot;"
	case '\r': // a bare one would be read as a line feed
		return "&#xD;"
	case '\t', '\n':
		return ""
	}
	if c < 0x20 {
		return "\ufffd"
	}
	return ""
}
