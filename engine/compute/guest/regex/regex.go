// Package regex reads POSIX regular expressions, basic and extended with GNU's additions, as Go's. Back-references inside
// a pattern are refused: Go's engine has none, and in return never takes exponential time.
package regex

import (
	"errors"
	"regexp"
	"strings"
)

// Compile compiles a pattern; the longest of the leftmost matches is the one, as POSIX wants.
func Compile(pattern string, extended, ignoreCase bool) (*regexp.Regexp, error) {
	s, err := Translate(pattern, extended)
	if err != nil {
		return nil, err
	}
	flags := "(?s)"
	if ignoreCase {
		flags = "(?si)"
	}
	re, err := regexp.Compile(flags + s)
	if err != nil {
		return nil, errors.New(strings.TrimPrefix(err.Error(), "error parsing regexp: "))
	}
	re.Longest()
	return re, nil
}

// escapes that mean the same in both syntaxes and in Go.
var escapes = map[byte]string{
	'w': `[0-9A-Za-z_]`, 'W': `[^0-9A-Za-z_]`, 's': `[[:space:]]`, 'S': `[^[:space:]]`, 'b': `\b`, 'B': `\B`,
	'<': `\b`, '>': `\b`, 'n': `\n`, 't': `\t`, '`': `\A`, '\'': `\z`,
}

// Translate writes a POSIX pattern in Go's syntax.
func Translate(p string, extended bool) (string, error) {
	var b strings.Builder
	start := true // nothing to repeat yet: after (, | and at the beginning
	for i := 0; i < len(p); i++ {
		ch := p[i]
		wasStart := start
		start = false
		switch {
		case ch == '\\':
			i++
			if i == len(p) {
				return "", posixError("Trailing backslash")
			}
			switch e := p[i]; {
			case e >= '1' && e <= '9':
				return "", errors.New("back-references in a pattern are not supported here")
			case !extended && strings.IndexByte("(){}|+?", e) >= 0:
				start = e == '(' || e == '|'
				b.WriteByte(e)
			case escapes[e] != "":
				b.WriteString(escapes[e])
			default:
				b.WriteString(regexp.QuoteMeta(string(e)))
			}
		case ch == '[':
			end, set, err := bracket(p, i)
			if err != nil {
				return "", err
			}
			b.WriteString(set)
			i = end
		case ch == '*' && wasStart:
			if !extended {
				b.WriteString(`\*`)
			}
		case extended && (ch == '+' || ch == '?') && wasStart:
		case extended && ch == '{' && !interval(p[i:]):
			b.WriteString(`\{`)
		case extended && ch == '}' && !closes(b.String()):
			b.WriteString(`\}`)
		case !extended && strings.IndexByte("(){}|+?", ch) >= 0:
			b.WriteString(`\` + string(ch))
		case !extended && ch == '^' && !wasStart:
			b.WriteString(`\^`)
		case !extended && ch == '$' && !lastOf(p[i+1:]):
			b.WriteString(`\$`)
		default:
			start = ch == '(' || ch == '|' || ch == '^' && wasStart
			b.WriteByte(ch)
		}
	}
	return b.String(), nil
}

// lastOf tells whether a basic pattern or its group ends here, so that $ is an anchor.
func lastOf(rest string) bool {
	return rest == "" || strings.HasPrefix(rest, `\)`) || strings.HasPrefix(rest, `\|`)
}

// interval tells whether s begins with a repetition such as {2,3}.
func interval(s string) bool {
	end := strings.IndexByte(s, '}')
	return end > 1 && strings.Trim(s[1:end], "0123456789,") == ""
}

// closes tells whether an interval is open.
func closes(s string) bool {
	open := strings.LastIndexByte(s, '{')
	return open >= 0 && (open == 0 || s[open-1] != '\\') && strings.IndexByte(s[open:], '}') < 0
}

// bracket copies the bracket expression at p[i] and returns the index of its last character.
func bracket(p string, i int) (end int, set string, err error) {
	var b strings.Builder
	b.WriteByte('[')
	i++
	if i < len(p) && p[i] == '^' {
		b.WriteByte('^')
		i++
	}
	for first := true; i < len(p); first = false {
		switch {
		case p[i] == ']' && !first:
			b.WriteByte(']')
			return i, b.String(), nil
		case strings.HasPrefix(p[i:], "[:"):
			n := strings.Index(p[i:], ":]")
			if n < 0 {
				return 0, "", posixError("Unmatched [, [^, [:, [., or [=")
			}
			b.WriteString(p[i : i+n+2])
			i += n + 2
			continue
		case p[i] == '\\' || p[i] == '[' || p[i] == ']':
			b.WriteString(`\` + p[i:i+1])
		default:
			b.WriteByte(p[i])
		}
		i++
	}
	return 0, "", posixError("Unmatched [, [^, [:, [., or [=")
}

// posixError is a fault in a pattern, in the words of the C library, which grep and sed repeat.
type posixError string

func (e posixError) Error() string { return string(e) }
