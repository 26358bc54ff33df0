package ordered

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
)

// SyntaxError says where a text stops being JSON, in the words of Python's json module.
type SyntaxError struct {
	Reason       string
	Line, Column int // from 1
	Char         int // from 0
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%s: line %d column %d (char %d)", e.Reason, e.Line, e.Column, e.Char)
}

// Parse reads one JSON value. The error is a *[SyntaxError].
func Parse(text string) (v any, err error) {
	d := &decoder{s: []rune(text)}
	defer func() {
		switch e := recover().(type) {
		case nil:
		case *SyntaxError:
			v, err = nil, e
		default:
			panic(e)
		}
	}()
	d.space()
	v = d.value()
	d.space()
	if d.i < len(d.s) {
		d.fail("Extra data", d.i)
	}
	return v, nil
}

// maxDepth bounds nesting, so that no input exhausts the stack.
const maxDepth = 900

type decoder struct {
	s     []rune
	i     int
	depth int
}

func (d *decoder) fail(reason string, at int) {
	at = min(at, len(d.s))
	line, start := 1, 0
	for j, r := range d.s[:at] {
		if r == '\n' {
			line, start = line+1, j+1
		}
	}
	panic(&SyntaxError{Reason: reason, Line: line, Column: at - start + 1, Char: at})
}

func (d *decoder) peek() rune {
	if d.i < len(d.s) {
		return d.s[d.i]
	}
	return -1
}

func (d *decoder) space() {
	for d.i < len(d.s) && strings.ContainsRune(" \t\n\r", d.s[d.i]) {
		d.i++
	}
}

func (d *decoder) value() any {
	if d.depth++; d.depth > maxDepth {
		d.fail("Too deeply nested", d.i)
	}
	defer func() { d.depth-- }()
	switch r := d.peek(); {
	case r == '"':
		d.i++
		return d.str()
	case r == '{':
		d.i++
		return d.object()
	case r == '[':
		d.i++
		return d.array()
	case r == '-' || r >= '0' && r <= '9':
		return d.number()
	}
	for word, v := range map[string]any{"null": nil, "true": true, "false": false} {
		if end := d.i + len(word); end <= len(d.s) && string(d.s[d.i:end]) == word {
			d.i = end
			return v
		}
	}
	d.fail("Expecting value", d.i)
	return nil
}

func (d *decoder) object() any {
	o := &Object{}
	d.space()
	if d.peek() == '}' {
		d.i++
		return o
	}
	for {
		if d.peek() != '"' {
			d.fail("Expecting property name enclosed in double quotes", d.i)
		}
		d.i++
		key := d.str()
		d.space()
		if d.peek() != ':' {
			d.fail("Expecting ':' delimiter", d.i)
		}
		d.i++
		d.space()
		o.Set(key, d.value())
		d.space()
		switch d.peek() {
		case '}':
			d.i++
			return o
		case ',':
			d.i++
			d.space()
		default:
			d.fail("Expecting ',' delimiter", d.i)
		}
	}
}

func (d *decoder) array() any {
	list := []any{}
	d.space()
	if d.peek() == ']' {
		d.i++
		return list
	}
	for {
		list = append(list, d.value())
		d.space()
		switch d.peek() {
		case ']':
			d.i++
			return list
		case ',':
			d.i++
			d.space()
		default:
			d.fail("Expecting ',' delimiter", d.i)
		}
	}
}

func (d *decoder) number() any {
	start := d.i
	if d.peek() == '-' {
		d.i++
	}
	digits := func() int {
		from := d.i
		for r := d.peek(); r >= '0' && r <= '9'; r = d.peek() {
			d.i++
		}
		return d.i - from
	}
	if d.peek() == '0' {
		d.i++
	} else if digits() == 0 {
		d.fail("Expecting value", start)
	}
	whole := true
	if mark := d.i; d.peek() == '.' {
		d.i++
		if whole = digits() == 0; whole {
			d.i = mark
		}
	}
	if mark := d.i; d.peek() == 'e' || d.peek() == 'E' {
		d.i++
		if d.peek() == '+' || d.peek() == '-' {
			d.i++
		}
		if digits() > 0 {
			whole = false
		} else {
			d.i = mark
		}
	}
	lit := string(d.s[start:d.i])
	if whole {
		if n, err := strconv.ParseInt(lit, 10, 64); err == nil {
			return n
		}
		return json.Number(lit)
	}
	f, _ := strconv.ParseFloat(lit, 64)
	return f
}

// str reads a string whose opening quote has been read.
func (d *decoder) str() string {
	start := d.i - 1
	var b strings.Builder
	for {
		r := d.peek()
		switch {
		case r < 0:
			d.fail("Unterminated string starting at", start)
		case r == '"':
			d.i++
			return b.String()
		case r < ' ':
			d.fail("Invalid control character at", d.i)
		case r == '\\':
			d.i++
			b.WriteRune(d.escape(start))
		default:
			d.i++
			b.WriteRune(r)
		}
	}
}

const escapes = "\"\\/bfnrt"

func (d *decoder) escape(start int) rune {
	r := d.peek()
	if r < 0 {
		d.fail("Unterminated string starting at", start)
	}
	if k := strings.IndexRune(escapes, r); k >= 0 {
		d.i++
		return rune("\"\\/\b\f\n\r\t"[k])
	}
	if r != 'u' {
		d.fail("Invalid \\escape", d.i-1)
	}
	u := d.hex4()
	if utf16.IsSurrogate(u) && d.i+1 < len(d.s) && d.s[d.i] == '\\' && d.s[d.i+1] == 'u' {
		mark := d.i
		d.i++
		if r := utf16.DecodeRune(u, d.hex4()); r != '\uFFFD' {
			return r
		}
		d.i = mark
	}
	return u
}

func (d *decoder) hex4() rune {
	at := d.i
	d.i++
	if d.i+4 <= len(d.s) {
		if n, err := strconv.ParseUint(string(d.s[d.i:d.i+4]), 16, 16); err == nil {
			d.i += 4
			return rune(n)
		}
	}
	d.fail("Invalid \\uXXXX escape", at)
	return 0
}
