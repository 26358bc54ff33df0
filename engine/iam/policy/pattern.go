package policy

import (
	"strings"
	"unicode/utf8"
)

// pattern is a compiled string of a policy: literal text, the wildcards * and ?, and variables such as ${aws:username}.
type pattern struct {
	text  string // the literal, when there are no parts
	parts []part
}

type part struct {
	kind     partKind
	text     string // literal: the text; variable: the key in lower case
	fallback string // variable: ${key, 'default'}
	defaults bool   // variable: has a fallback
}

type partKind uint8

const (
	literal  partKind = iota
	star              // *
	one               // ?
	variable          // ${…}
)

// syntax says which special characters of a pattern mean something.
type syntax struct {
	wildcards bool
	variables bool // policies of version 2012-10-17 only
}

func compile(s string, x syntax) pattern {
	if !x.variables && (!x.wildcards || !strings.ContainsAny(s, "*?")) {
		return pattern{text: s}
	}
	var c compiler
	for i := 0; i < len(s); {
		switch {
		case x.variables && strings.HasPrefix(s[i:], "${"):
			end := strings.IndexByte(s[i:], '}')
			if end < 0 {
				c.literal(s[i:])
				i = len(s)
				continue
			}
			c.variable(s[i+2 : i+end])
			i += end + 1
		case x.wildcards && s[i] == '*':
			c.add(part{kind: star})
			i++
		case x.wildcards && s[i] == '?':
			c.add(part{kind: one})
			i++
		default:
			c.literal(s[i : i+1])
			i++
		}
	}
	if len(c.parts) == 0 {
		return pattern{text: c.text.String()}
	}
	c.flush()
	return pattern{parts: c.parts}
}

// compiler gathers neighbouring literal text into one part.
type compiler struct {
	parts []part
	text  strings.Builder
}

func (c *compiler) literal(s string) { c.text.WriteString(s) }

func (c *compiler) flush() {
	if c.text.Len() > 0 {
		c.parts = append(c.parts, part{kind: literal, text: c.text.String()})
		c.text.Reset()
	}
}

func (c *compiler) add(p part) {
	c.flush()
	if p.kind == star && len(c.parts) > 0 && c.parts[len(c.parts)-1].kind == star {
		return
	}
	c.parts = append(c.parts, p)
}

// variable adds what stands between ${ and }. ${*}, ${?} and ${$} are the characters themselves.
func (c *compiler) variable(s string) {
	switch s {
	case "*", "?", "$":
		c.literal(s)
		return
	}
	key, def, has := strings.Cut(s, ",")
	p := part{kind: variable, text: strings.ToLower(strings.TrimSpace(key))}
	if def = strings.TrimSpace(def); has && len(def) >= 2 && def[0] == '\'' && def[len(def)-1] == '\'' {
		p.fallback, p.defaults = def[1:len(def)-1], true
	}
	c.add(p)
}

// match reports whether the pattern matches all of s; fold ignores case. A variable stands for its value literally; one
// that the request has no value for matches nothing.
func (p *pattern) match(s string, fold bool, keys Keys) bool {
	if p.parts == nil {
		return equal(p.text, s, fold)
	}
	last := len(p.parts) - 1
	back, mark := -1, 0 // the last star, and where in s its match ends so far
	for i, n := 0, 0; ; {
		if n <= last {
			part := &p.parts[n]
			switch part.kind {
			case star:
				if n == last {
					return true
				}
				back, mark = n, i
				n++
				continue
			case one:
				if i < len(s) {
					_, size := utf8.DecodeRuneInString(s[i:])
					i, n = i+size, n+1
					continue
				}
			default:
				text, ok := part.value(keys)
				if !ok {
					return false
				}
				if len(s)-i >= len(text) && equal(text, s[i:i+len(text)], fold) {
					i, n = i+len(text), n+1
					continue
				}
			}
		} else if i == len(s) {
			return true
		}
		if back < 0 || mark >= len(s) {
			return false
		}
		mark++
		i, n = mark, back+1
	}
}

// value is the text a literal or a variable stands for. A key with several values has none here.
func (p *part) value(keys Keys) (string, bool) {
	if p.kind == literal {
		return p.text, true
	}
	if keys != nil {
		if v := keys.Key(p.text); len(v) == 1 {
			return v[0], true
		}
	}
	return p.fallback, p.defaults
}

func equal(a, b string, fold bool) bool {
	return a == b || fold && len(a) == len(b) && strings.EqualFold(a, b)
}
