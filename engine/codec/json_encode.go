package codec

import (
	"encoding/base64"
	"math"
	"strconv"
	"unicode/utf8"
	"unsafe"
)

// AppendJSON appends v, a *T, as JSON. A nil v is {}.
func (p *Plan) AppendJSON(b []byte, v any) []byte {
	if v == nil {
		return append(b, "{}"...)
	}
	return p.appendJSON(b, p.of(v), false)
}

// AppendRedacted is AppendJSON with "***" in place of every member tagged secret.
func (p *Plan) AppendRedacted(b []byte, v any) []byte {
	if v == nil {
		return append(b, "{}"...)
	}
	return p.appendJSON(b, p.of(v), true)
}

func (p *Plan) appendJSON(b []byte, v unsafe.Pointer, redact bool) []byte {
	switch p.kind {
	case String:
		return AppendJSONString(b, getString(v))
	case Bool:
		return strconv.AppendBool(b, *(*bool)(v))
	case Int:
		return p.appendInt(b, v)
	case Float:
		return appendFloat(b, *(*float64)(v))
	case Bytes:
		b = append(b, '"')
		b = base64.StdEncoding.AppendEncode(b, getBytes(v))
		return append(b, '"')
	case Timestamp:
		return (*(*Time)(v)).appendEpoch(b)
	case Pointer:
		e := getPointer(v)
		if e == nil {
			return append(b, "null"...)
		}
		return p.elem.appendJSON(b, e, redact)
	case List:
		b = append(b, '[')
		for i := range (*listHeader)(v).len {
			if i > 0 {
				b = append(b, ',')
			}
			b = p.elem.appendJSON(b, p.element(v, i), redact)
		}
		return append(b, ']')
	case Map:
		b = append(b, '{')
		start := len(b)
		p.each(v, func(key string, e unsafe.Pointer) {
			if len(b) > start {
				b = append(b, ',')
			}
			b = append(AppendJSONString(b, key), ':')
			b = p.elem.appendJSON(b, e, redact)
		})
		return append(b, '}')
	}
	return p.appendObject(b, v, redact)
}

func (p *Plan) appendObject(b []byte, v unsafe.Pointer, redact bool) []byte {
	b = append(b, '{')
	start := len(b)
	for i := range p.fields {
		f := &p.fields[i]
		e := f.at(v)
		if f.plan.absent(e) {
			continue
		}
		if len(b) > start {
			b = append(b, ',')
		}
		b = append(b, f.jsonKey...)
		if redact && f.Secret {
			b = append(b, `"***"`...)
			continue
		}
		b = f.plan.appendJSON(b, e, redact)
	}
	return append(b, '}')
}

func (p *Plan) appendInt(b []byte, v unsafe.Pointer) []byte {
	if p.unsigned {
		return strconv.AppendUint(b, uint64(p.getInt(v)), 10)
	}
	return strconv.AppendInt(b, p.getInt(v), 10)
}

// appendFloat writes the shortest form that reads back the same; JSON and XML have no infinities here, so they become 0.
func appendFloat(b []byte, f float64) []byte {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		f = 0
	}
	if abs := math.Abs(f); abs >= 1e15 || abs < 1e-6 && abs > 0 {
		return strconv.AppendFloat(b, f, 'e', -1, 64)
	}
	return strconv.AppendFloat(b, f, 'f', -1, 64)
}

// plain marks the bytes a JSON string holds as they are.
var plain = func() (t [256]bool) {
	for c := 0x20; c < utf8.RuneSelf; c++ {
		t[c] = c != '"' && c != '\\' && c != 0x7f
	}
	return t
}()

const hexDigits = "0123456789abcdef"

// AppendJSONString appends s as a JSON string. What is not UTF-8 in it becomes U+FFFD.
func AppendJSONString(b []byte, s string) []byte {
	b = append(b, '"')
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if plain[c] {
			i++
			continue
		}
		size := 1
		if c >= utf8.RuneSelf {
			var r rune
			if r, size = utf8.DecodeRuneInString(s[i:]); r != utf8.RuneError || size > 1 {
				i += size
				continue
			}
		}
		b = append(b, s[from:i]...)
		b = appendEscaped(b, c)
		i += size
		from = i
	}
	b = append(b, s[from:]...)
	return append(b, '"')
}

// appendEscaped writes one byte that a JSON string cannot hold; bytes that are not UTF-8 become U+FFFD.
func appendEscaped(b []byte, c byte) []byte {
	switch {
	case c >= utf8.RuneSelf:
		return append(b, "\ufffd"...)
	case c == '"' || c == '\\':
		return append(b, '\\', c)
	case c == '\n':
		return append(b, '\\', 'n')
	case c == '\r':
		return append(b, '\\', 'r')
	case c == '\t':
		return append(b, '\\', 't')
	}
	return append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
}
