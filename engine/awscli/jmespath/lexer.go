package jmespath

import (
	"strconv"
	"strings"

	"haneul/engine/awscli/ordered"
)

// token is a word of an expression; kinds are named as Python's jmespath names them, for messages.
type token struct {
	kind  string
	text  string
	value any // of literals, identifiers and numbers
	start int // in characters
}

// symbols are the tokens of fixed spelling, the longer before its prefix.
var symbols = []struct{ text, kind string }{
	{"[]", "flatten"}, {"[?", "filter"}, {"[", "lbracket"}, {"]", "rbracket"},
	{"{", "lbrace"}, {"}", "rbrace"}, {"(", "lparen"}, {")", "rparen"},
	{".", "dot"}, {"*", "star"}, {",", "comma"}, {":", "colon"}, {"@", "current"},
	{"||", "or"}, {"|", "pipe"}, {"&&", "and"}, {"&", "expref"},
	{"<=", "lte"}, {"<", "lt"}, {">=", "gte"}, {">", "gt"}, {"!=", "ne"}, {"!", "not"}, {"==", "eq"},
}

type lexer struct {
	expr []rune
	i    int
}

func lex(expression string) []token {
	l := &lexer{expr: []rune(expression)}
	var out []token
	for {
		for l.i < len(l.expr) && strings.ContainsRune(" \t\n\r", l.expr[l.i]) {
			l.i++
		}
		if l.i == len(l.expr) {
			return append(out, token{kind: "eof", start: l.i})
		}
		out = append(out, l.next())
	}
}

func (l *lexer) fail(at int, reason string) {
	panic(syntaxError("Bad jmespath expression: " + reason + ":\n" + string(l.expr) + "\n" + strings.Repeat(" ", at) + "^"))
}

func (l *lexer) next() token {
	start, r := l.i, l.expr[l.i]
	switch {
	case isStart(r):
		for l.i < len(l.expr) && (isStart(l.expr[l.i]) || isDigit(l.expr[l.i])) {
			l.i++
		}
		name := string(l.expr[start:l.i])
		return token{"unquoted_identifier", name, name, start}
	case isDigit(r), r == '-':
		for l.i++; l.i < len(l.expr) && isDigit(l.expr[l.i]); l.i++ {
		}
		text := string(l.expr[start:l.i])
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			l.fail(start, "Unknown token '"+text+"'")
		}
		return token{"number", text, n, start}
	case r == '\'':
		s := strings.ReplaceAll(l.until('\''), `\'`, `'`)
		return token{"literal", s, s, start}
	case r == '"':
		return l.quoted(start)
	case r == '`':
		return l.literal(start)
	}
	rest := string(l.expr[l.i:min(l.i+2, len(l.expr))])
	for _, s := range symbols {
		if strings.HasPrefix(rest, s.text) {
			l.i += len(s.text)
			return token{s.kind, s.text, s.text, start}
		}
	}
	if r == '=' {
		l.fail(start, "Unknown token '='")
	}
	l.fail(start, "Unknown token "+string(r))
	return token{}
}

func (l *lexer) quoted(start int) token {
	text := `"` + l.until('"') + `"`
	v, err := ordered.Parse(text)
	if err != nil {
		l.fail(start, err.(*ordered.SyntaxError).Reason)
	}
	return token{"quoted_identifier", v.(string), v, start}
}

// literal reads `JSON`. What is not JSON is a string, as before JEP-12.
func (l *lexer) literal(start int) token {
	text := strings.ReplaceAll(l.until('`'), "\\`", "`")
	v, err := ordered.Parse(text)
	if err != nil {
		v, err = ordered.Parse(`"` + strings.TrimLeft(text, " \t\n\r") + `"`)
	}
	if err != nil {
		l.fail(start, "Bad token "+text)
	}
	return token{"literal", text, v, start}
}

// until reads up to an unescaped delimiter and keeps the backslashes.
func (l *lexer) until(delimiter rune) string {
	start := l.i
	for l.i++; l.i < len(l.expr); l.i++ {
		switch l.expr[l.i] {
		case delimiter:
			l.i++
			return string(l.expr[start+1 : l.i-1])
		case '\\':
			l.i++
		}
	}
	l.fail(start, "Unclosed "+string(delimiter)+" delimiter")
	return ""
}

func isStart(r rune) bool { return r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }
func isDigit(r rune) bool { return r >= '0' && r <= '9' }
