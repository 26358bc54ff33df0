package codec

import (
	"unicode/utf16"
	"unicode/utf8"
)

// jsonScanner reads tokens.
type jsonScanner struct {
	b []byte
	i int
}

func (s *jsonScanner) space() {
	for s.i < len(s.b) && (s.b[s.i] == ' ' || s.b[s.i] == '\n' || s.b[s.i] == '\t' || s.b[s.i] == '\r') {
		s.i++
	}
}

// peek returns the first byte of the next token, 0 at the end.
func (s *jsonScanner) peek() byte {
	s.space()
	if s.i == len(s.b) {
		return 0
	}
	return s.b[s.i]
}

// next moves to the next element of a list or object that open and shut enclose, and says whether there is one.
func (s *jsonScanner) next(first bool, open, shut byte) (more bool, bad *Problem) {
	if first {
		s.i++ // open, which the caller saw
	}
	switch c := s.peek(); {
	case c == shut:
		s.i++
		return false, nil
	case first:
		return true, nil
	case c == ',':
		s.i++
		if s.peek() == shut {
			return false, problem("a value is missing after a comma")
		}
		return true, nil
	case c == 0:
		return false, problem("unexpected end of the document")
	}
	return false, problem("a comma or %c is missing", shut)
}

// key reads a member's name and its colon.
func (s *jsonScanner) key() ([]byte, *Problem) {
	if s.peek() != '"' {
		return nil, problem("a member's name is missing")
	}
	key, bad := s.str()
	if bad != nil {
		return nil, bad
	}
	if s.peek() != ':' {
		return nil, problem("a colon is missing")
	}
	s.i++
	return key, nil
}

// word consumes w if it comes next.
func (s *jsonScanner) word(w string) bool {
	s.space()
	if len(s.b)-s.i < len(w) || string(s.b[s.i:s.i+len(w)]) != w {
		return false
	}
	s.i += len(w)
	return true
}

// tokenName is what AWS's parser calls a token that begins with c.
func (s *jsonScanner) tokenName(c byte) string {
	switch {
	case c == '"':
		return "STRING_VALUE"
	case c == 't':
		return "TRUE_VALUE"
	case c == 'f':
		return "FALSE_VALUE"
	case c == 'n':
		return "NULL_VALUE"
	case c == '-' || c >= '0' && c <= '9':
		return "NUMBER_VALUE"
	case c == '{':
		return "START_OBJECT"
	case c == '[':
		return "START_ARRAY"
	case c == 0:
		return "the end of the document"
	}
	return "an invalid token"
}

func javaName(k Kind) string {
	switch k {
	case Int:
		return "an Integer"
	case Float:
		return "a Double"
	case Bytes:
		return "a Blob"
	case Timestamp:
		return "a Timestamp"
	}
	return "a String"
}

// numeral reads a number by JSON's grammar; integral says it has neither fraction nor exponent.
func (s *jsonScanner) numeral() (token string, integral bool, bad *Problem) {
	from := s.i
	if s.b[s.i] == '-' {
		s.i++
	}
	zero := s.i < len(s.b) && s.b[s.i] == '0'
	n := s.digits()
	ok, integral := n > 0 && !(zero && n > 1), true
	if s.i < len(s.b) && s.b[s.i] == '.' {
		s.i++
		integral = false
		ok = s.digits() > 0 && ok
	}
	if s.i < len(s.b) && s.b[s.i]|0x20 == 'e' {
		s.i++
		integral = false
		if s.i < len(s.b) && (s.b[s.i] == '+' || s.b[s.i] == '-') {
			s.i++
		}
		ok = s.digits() > 0 && ok
	}
	if !ok || s.i-from > 400 {
		return "", false, problem("a malformed number")
	}
	return string(s.b[from:s.i]), integral, nil
}

func (s *jsonScanner) digits() (n int) {
	for s.i < len(s.b) && s.b[s.i] >= '0' && s.b[s.i] <= '9' {
		s.i++
		n++
	}
	return n
}

// str reads a string, whose quote comes next: the bytes between the quotes, or a copy where something was escaped.
func (s *jsonScanner) str() ([]byte, *Problem) {
	s.i++
	from, ascii := s.i, true
	for s.i < len(s.b) {
		switch c := s.b[s.i]; {
		case c == '"':
			text := s.b[from:s.i]
			s.i++
			return checked(text, ascii)
		case c == '\\':
			return s.unescape(from)
		case c < 0x20:
			return nil, problem("a control character in a string")
		case c >= utf8.RuneSelf:
			ascii = false
		}
		s.i++
	}
	return nil, problem("a string without an end")
}

func checked(text []byte, ascii bool) ([]byte, *Problem) {
	if !ascii && !utf8.Valid(text) {
		return nil, problem("a string that is not valid UTF-8")
	}
	return text, nil
}

func (s *jsonScanner) unescape(from int) ([]byte, *Problem) {
	out := append(make([]byte, 0, s.i-from+64), s.b[from:s.i]...)
	for s.i < len(s.b) {
		c := s.b[s.i]
		s.i++
		switch {
		case c == '"':
			return checked(out, false)
		case c < 0x20:
			return nil, problem("a control character in a string")
		case c != '\\':
			out = append(out, c)
		default:
			var bad *Problem
			if out, bad = s.escape(out); bad != nil {
				return nil, bad
			}
		}
	}
	return nil, problem("a string without an end")
}

var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// escape reads what follows a backslash.
func (s *jsonScanner) escape(out []byte) ([]byte, *Problem) {
	if s.i == len(s.b) {
		return nil, problem("a string without an end")
	}
	c := s.b[s.i]
	s.i++
	if c != 'u' {
		if escapes[c] == 0 {
			return nil, problem("an unknown escape in a string")
		}
		return append(out, escapes[c]), nil
	}
	r, ok := s.hex4()
	if ok && utf16.IsSurrogate(r) {
		ok = s.word16()
		if ok {
			var low rune
			if low, ok = s.hex4(); ok {
				r = utf16.DecodeRune(r, low)
				ok = r != utf8.RuneError
			}
		}
	}
	if !ok {
		return nil, problem("a malformed \\u escape in a string")
	}
	return utf8.AppendRune(out, r), nil
}

// word16 consumes the \u of a surrogate's second half.
func (s *jsonScanner) word16() bool {
	if len(s.b)-s.i < 2 || s.b[s.i] != '\\' || s.b[s.i+1] != 'u' {
		return false
	}
	s.i += 2
	return true
}

func (s *jsonScanner) hex4() (r rune, ok bool) {
	if len(s.b)-s.i < 4 {
		return 0, false
	}
	for _, c := range s.b[s.i : s.i+4] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	s.i += 4
	return r, true
}

// skip reads any value and checks its grammar.
func (s *jsonScanner) skip(depth int) *Problem {
	if depth > maxDepth {
		return tooDeep()
	}
	switch c := s.peek(); {
	case c == '"':
		_, bad := s.str()
		return bad
	case c == '{' || c == '[':
		for first := true; ; first = false {
			more, bad := s.next(first, c, c+2)
			if !more {
				return bad
			}
			if c == '{' {
				if _, bad := s.key(); bad != nil {
					return bad
				}
			}
			if bad := s.skip(depth + 1); bad != nil {
				return bad
			}
		}
	case c == '-' || c >= '0' && c <= '9':
		_, _, bad := s.numeral()
		return bad
	case s.word("true"), s.word("false"), s.word("null"):
		return nil
	}
	return problem("a malformed value")
}
