package awscli

import (
	"fmt"
	"strings"

	"haneul/engine/awscli/ordered"
)

// shorthand reads the CLI's shorthand syntax, Key=a,List=b,c,Map={k=v},Name='quoted, text', into objects, lists and
// strings. It knows nothing of the shapes; [fit] adjusts its result to them. Grammar and messages are those of the real
// CLI, quirks included.
type shorthand struct {
	s []rune
	i int
}

// shorthandError says what was expected where.
type shorthandError struct{ text string }

func (e *shorthandError) Error() string { return e.text }

func parseShorthand(text string) (*ordered.Object, error) {
	p := &shorthand{s: []rune(text)}
	out := &ordered.Object{}
	for {
		at := p.i
		key, value, err := p.keyValue()
		if err != nil {
			return nil, err
		}
		if out.Has(key) {
			return nil, &shorthandError{fmt.Sprintf("Second instance of key \"%s\" encountered for input:\n%s\n"+
				"This is often because there is a preceding \",\" instead of a space.", key, p.location(at))}
		}
		out.Set(key, value)
		if p.i >= len(p.s) {
			return out, nil
		}
		if err := p.expect(',', true); err != nil {
			return nil, err
		}
	}
}

// location shows the input with a caret under a position.
func (p *shorthand) location(at int) string {
	consumed, remaining, spaces := string(p.s), "", at
	if nl := strings.LastIndex(string(p.s[:at]), "\n"); nl >= 0 {
		spaces = at - len([]rune(string(p.s[:at])[:nl])) - 1
	}
	if nl := strings.Index(string(p.s[at:]), "\n"); nl >= 0 {
		consumed = string(p.s[:at]) + string(p.s[at:])[:nl]
		remaining = string(p.s[at:])[nl:]
	}
	return consumed + "\n" + strings.Repeat(" ", spaces) + "^" + remaining
}

func (p *shorthand) unexpected(want, got string) error {
	return &shorthandError{fmt.Sprintf("Expected: '%s', received: '%s' for input:\n%s", want, got, p.location(p.i))}
}

const eof = rune(-1)

func (p *shorthand) current() rune {
	if p.i < len(p.s) {
		return p.s[p.i]
	}
	return eof
}

func (p *shorthand) space() {
	for strings.ContainsRune(" \t\n\r\v\f", p.current()) {
		p.i++
	}
}

func (p *shorthand) expect(r rune, spaces bool) error {
	if spaces {
		p.space()
	}
	switch c := p.current(); c {
	case r:
		p.i++
	case eof:
		return p.unexpected(string(r), "EOF")
	default:
		return p.unexpected(string(r), string(c))
	}
	if spaces {
		p.space()
	}
	return nil
}

func (p *shorthand) key() string {
	start := p.i
	for strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.#/:", p.current()) {
		p.i++
	}
	return string(p.s[start:p.i])
}

func (p *shorthand) keyValue() (string, any, error) {
	key := p.key()
	if err := p.expect('=', true); err != nil {
		return "", nil, err
	}
	var v any
	var err error
	switch p.current() {
	case eof:
		v = ""
	case '[':
		v, err = p.list()
	case '{':
		v, err = p.hash()
	default:
		v, err = p.csv()
	}
	return key, v, err
}

// csv reads a value that may go on: a=b is a string, a=b,c a list; in a=b,c=d the second comma's key ends it.
func (p *shorthand) csv() (any, error) {
	first, err := p.firstValue()
	if err != nil {
		return nil, err
	}
	p.space()
	if p.current() != ',' {
		return first, nil
	}
	if err := p.expect(',', true); err != nil {
		return nil, err
	}
	list := []any{first}
	for {
		v, err := p.secondValue()
		if err == nil {
			p.space()
			if p.i >= len(p.s) {
				list = append(list, v)
				break
			}
			if err = p.expect(',', true); err == nil {
				list = append(list, v)
				continue
			}
		}
		if p.i >= len(p.s) {
			return nil, err
		}
		for p.i > 0 && p.current() != ',' { // back to the comma before what turned out to be a key
			p.i--
		}
		break
	}
	if len(list) == 1 {
		return first, nil
	}
	return list, nil
}

func (p *shorthand) list() (any, error) {
	if err := p.expect('[', true); err != nil {
		return nil, err
	}
	out := []any{}
	for p.current() != ']' {
		v, err := p.element()
		if err != nil {
			return nil, err
		}
		out = append(out, v)
		if err := p.separator(']'); err != nil {
			return nil, err
		}
	}
	return out, p.expect(']', false)
}

func (p *shorthand) hash() (any, error) {
	if err := p.expect('{', true); err != nil {
		return nil, err
	}
	out := &ordered.Object{}
	for p.current() != '}' {
		key := p.key()
		if err := p.expect('=', true); err != nil {
			return nil, err
		}
		v, err := p.element()
		if err != nil {
			return nil, err
		}
		out.Set(key, v)
		if err := p.separator('}'); err != nil {
			return nil, err
		}
	}
	return out, p.expect('}', false)
}

// separator reads the comma between two elements, or nothing before the end.
func (p *shorthand) separator(end rune) error {
	p.space()
	if p.current() == end {
		return nil
	}
	if err := p.expect(',', false); err != nil {
		return err
	}
	p.space()
	return nil
}

func (p *shorthand) element() (any, error) {
	switch p.current() {
	case '[':
		return p.list()
	case '{':
		return p.hash()
	}
	return p.firstValue()
}

func (p *shorthand) firstValue() (string, error) {
	if r := p.current(); r == '\'' || r == '"' {
		return p.quoted(r)
	}
	s, _ := p.word(firstFollow)
	return s, nil
}

func (p *shorthand) secondValue() (string, error) {
	if r := p.current(); r == '\'' || r == '"' {
		return p.quoted(r)
	}
	s, ok := p.word(secondFollow)
	if !ok {
		return "", p.unexpected("<second>", "<none>")
	}
	return s, nil
}

func between(r rune, ranges ...rune) bool {
	for i := 0; i < len(ranges); i += 2 {
		if r >= ranges[i] && r <= ranges[i+1] {
			return true
		}
	}
	return false
}

func wordStart(r rune) bool {
	return between(r, '!', '!', '#', '&', '(', '+', '-', '<', '>', 'Z', '\\', 'z', '|', '\uffff')
}

func firstFollow(r rune) bool {
	return between(r, '\t', '\r', ' ', '!', '#', '&', '(', '+', '-', '\\', '^', '|', '~', '\uffff')
}

func secondFollow(r rune) bool {
	return between(r, '\t', '\r', ' ', '!', '#', '&', '(', '+', '-', '<', '>', '\uffff')
}

// word reads an unquoted value; \, is a comma in it.
func (p *shorthand) word(follow func(rune) bool) (string, bool) {
	var b strings.Builder
	start := p.i
	for ok := wordStart; ; ok = follow {
		r := p.current()
		if r == '\\' && p.i+1 < len(p.s) && p.s[p.i+1] == ',' {
			b.WriteByte(',')
			p.i += 2
			continue
		}
		if r == eof || !ok(r) {
			break
		}
		b.WriteRune(r)
		p.i++
	}
	return strings.TrimRight(b.String(), " \t\n\r\v\f"), p.i > start
}

func (p *shorthand) quoted(q rune) (string, error) {
	for j := p.i + 1; j < len(p.s); j++ {
		switch p.s[j] {
		case '\\':
			if j+1 < len(p.s) && (p.s[j+1] == '\\' || p.s[j+1] == q) {
				j++
			}
		case q:
			s := string(p.s[p.i+1 : j])
			p.i = j + 1
			s = strings.ReplaceAll(s, `\`+string(q), string(q))
			return strings.ReplaceAll(s, `\\`, `\`), nil
		}
	}
	kind := "<singled quoted>"
	if q == '"' {
		kind = "<double quoted>"
	}
	return "", p.unexpected(kind, "<none>")
}
