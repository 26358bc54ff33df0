package ordered

import "strings"

// JSON writes v as the CLI prints it: indented by four spaces, characters outside ASCII as they are.
func JSON(v any) string {
	var b strings.Builder
	encode(&b, v, style{indent: 4, raw: true, comma: ",", colon: ": "}, 0)
	return b.String()
}

// Compact writes v without spaces and with everything outside ASCII escaped, as JMESPath's to_string does.
func Compact(v any) string {
	var b strings.Builder
	encode(&b, v, style{comma: ",", colon: ":"}, 0)
	return b.String()
}

// Dumps writes v on one line as Python's json.dumps does, spaces after commas and colons.
func Dumps(v any) string {
	var b strings.Builder
	encode(&b, v, style{comma: ", ", colon: ": "}, 0)
	return b.String()
}

// Skeleton is JSON with everything outside ASCII escaped.
func Skeleton(v any) string {
	var b strings.Builder
	encode(&b, v, style{indent: 4, comma: ",", colon: ": "}, 0)
	return b.String()
}

type style struct {
	indent       int
	raw          bool // write characters outside ASCII as they are
	comma, colon string
}

func encode(b *strings.Builder, v any, s style, depth int) {
	switch x := v.(type) {
	case nil:
		b.WriteString("null")
	case bool:
		if x {
			b.WriteString("true")
		} else {
			b.WriteString("false")
		}
	case string:
		encodeString(b, x, s.raw)
	case []any:
		encodeItems(b, s, depth, '[', ']', len(x), func(i int) { encode(b, x[i], s, depth+1) })
	case *Object:
		encodeItems(b, s, depth, '{', '}', x.Len(), func(i int) {
			encodeString(b, x.keys[i], s.raw)
			b.WriteString(s.colon)
			encode(b, x.m[x.keys[i]], s, depth+1)
		})
	default:
		b.WriteString(number(v))
	}
}

func encodeItems(b *strings.Builder, s style, depth int, open, end byte, n int, item func(int)) {
	b.WriteByte(open)
	for i := range n {
		if i > 0 {
			b.WriteString(s.comma)
		}
		if s.indent > 0 {
			newline(b, s.indent*(depth+1))
		}
		item(i)
	}
	if n > 0 && s.indent > 0 {
		newline(b, s.indent*depth)
	}
	b.WriteByte(end)
}

func newline(b *strings.Builder, spaces int) {
	b.WriteByte('\n')
	for range spaces {
		b.WriteByte(' ')
	}
}

func encodeString(b *strings.Builder, s string, raw bool) {
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\f':
			b.WriteString(`\f`)
		case r == '\b':
			b.WriteString(`\b`)
		case r < ' ':
			b.WriteString(`\u` + hex(r, 4))
		case r < 0x7f || raw:
			b.WriteRune(r)
		case r < 0x10000:
			b.WriteString(`\u` + hex(r, 4))
		default:
			r -= 0x10000
			b.WriteString(`\u` + hex(0xd800+r>>10, 4) + `\u` + hex(0xdc00+r&0x3ff, 4))
		}
	}
	b.WriteByte('"')
}
