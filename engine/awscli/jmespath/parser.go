package jmespath

import (
	"fmt"
	"strings"
)

// Expression is a compiled expression. It may be used by several goroutines.
type Expression struct{ root *node }

// node is an expression's tree. The kinds and the shape of children are those of JMESPath's reference implementation.
type node struct {
	kind     string
	value    any // field's and function's name, literal's value, index, comparator's kind, hash's key
	children []*node
	slice    [3]*int64
}

// syntaxError is an expression that does not parse.
type syntaxError string

func (e syntaxError) Error() string { return string(e) }

// Compile parses an expression. The error's text is what the CLI prints after "Bad value for --query".
func Compile(expression string) (e *Expression, err error) {
	if expression == "" {
		return nil, syntaxError("Invalid JMESPath expression: cannot be empty.")
	}
	defer func() {
		switch bad := recover().(type) {
		case nil:
		case syntaxError:
			e, err = nil, bad
		default:
			panic(bad)
		}
	}()
	p := &parser{text: expression, tokens: lex(expression)}
	root := p.expression(0)
	if t := p.peek(0); t.kind != "eof" {
		p.fail(t, "Unexpected token: "+t.text)
	}
	return &Expression{root}, nil
}

// binding is how strongly a token holds what stands on its left.
var binding = map[string]int{
	"pipe": 1, "or": 2, "and": 3, "eq": 5, "gt": 5, "lt": 5, "gte": 5, "lte": 5, "ne": 5, "flatten": 9,
	"star": 20, "filter": 21, "dot": 40, "not": 45, "lbrace": 50, "lbracket": 55, "lparen": 60,
}

// projectionStop is the binding power below which a token ends a projection.
const projectionStop = 10

type parser struct {
	text   string
	tokens []token
	i      int
	depth  int
}

func (p *parser) peek(n int) token {
	if k := p.i + n; k < len(p.tokens) {
		return p.tokens[k]
	}
	return p.tokens[len(p.tokens)-1]
}

func (p *parser) is(kind string) bool { return p.peek(0).kind == kind }

func (p *parser) fail(t token, reason string) {
	panic(syntaxError(fmt.Sprintf("%s: Parse error at column %d, token \"%s\" (%s), for expression:\n\"%s\"\n%s^",
		reason, t.start, t.text, strings.ToUpper(t.kind), p.text, strings.Repeat(" ", t.start+1))))
}

// unexpected fails at a token that cannot stand where it stands.
func (p *parser) unexpected(reason string) {
	t := p.peek(0)
	if t.kind == "eof" {
		panic(syntaxError(fmt.Sprintf("Invalid jmespath expression: Incomplete expression:\n\"%s\"\n%s^",
			p.text, strings.Repeat(" ", len([]rune(p.text))+1))))
	}
	p.fail(t, reason)
}

func (p *parser) match(kind string) {
	if !p.is(kind) {
		p.unexpected("Invalid jmespath expression")
	}
	p.i++
}

func (p *parser) expression(power int) *node {
	if p.depth++; p.depth > 500 {
		p.fail(p.peek(0), "Too deeply nested")
	}
	defer func() { p.depth-- }()
	left := p.prefix()
	for power < binding[p.peek(0).kind] {
		left = p.infix(left)
	}
	return left
}

func identity() *node { return &node{kind: "identity"} }

func inner(kind string, value any, children ...*node) *node {
	return &node{kind: kind, value: value, children: children}
}

// prefix parses what may begin an expression.
func (p *parser) prefix() *node {
	t := p.peek(0)
	switch t.kind {
	case "literal":
		p.i++
		return inner("literal", t.value)
	case "unquoted_identifier", "quoted_identifier":
		p.i++
		if t.kind == "quoted_identifier" && p.is("lparen") {
			p.fail(token{kind: "lparen", text: "("}, "Quoted identifier not allowed for function names.")
		}
		return inner("field", t.value)
	case "star":
		p.i++
		if p.is("rbracket") {
			return inner("values", nil, identity(), identity())
		}
		return inner("values", nil, identity(), p.projected(binding["star"]))
	case "filter", "flatten":
		return p.infix(identity())
	case "lbrace":
		p.i++
		return p.hash()
	case "lparen":
		p.i++
		e := p.expression(0)
		p.match("rparen")
		return e
	case "not":
		p.i++
		return inner("not", nil, p.expression(binding["not"]))
	case "lbracket":
		p.i++
		return p.bracket()
	case "current":
		p.i++
		return identity()
	case "expref":
		p.i++
		return inner("expref", nil, p.expression(0))
	}
	p.unexpected("invalid token")
	return nil
}

// bracket parses an expression that begins with [, which has been read.
func (p *parser) bracket() *node {
	switch {
	case p.is("number"), p.is("colon"):
		return p.index(identity())
	case p.is("star") && p.peek(1).kind == "rbracket":
		p.i += 2
		return inner("projection", nil, identity(), p.projected(binding["star"]))
	}
	return p.list()
}

// infix parses a token that takes what stands on its left.
func (p *parser) infix(left *node) *node {
	t := p.peek(0)
	p.i++
	switch t.kind {
	case "dot":
		if p.is("star") {
			p.i++
			return inner("values", nil, left, p.projected(binding["dot"]))
		}
		return inner("sub", nil, left, p.afterDot(binding["dot"]))
	case "pipe":
		return inner("sub", nil, left, p.expression(binding["pipe"]))
	case "or", "and":
		return inner(t.kind, nil, left, p.expression(binding[t.kind]))
	case "eq", "ne", "gt", "gte", "lt", "lte":
		return inner("compare", t.kind, left, p.expression(binding[t.kind]))
	case "flatten":
		return inner("projection", nil, inner("flatten", nil, left), p.projected(binding["flatten"]))
	case "filter":
		condition := p.expression(0)
		p.match("rbracket")
		right := identity()
		if !p.is("flatten") {
			right = p.projected(binding["filter"])
		}
		return inner("filter", nil, left, right, condition)
	case "lbracket":
		if p.is("number") || p.is("colon") {
			return p.index(left)
		}
		p.match("star")
		p.match("rbracket")
		return inner("projection", nil, left, p.projected(binding["star"]))
	case "lparen":
		return p.call(left)
	}
	p.i--
	p.unexpected("invalid token")
	return nil
}

func (p *parser) call(left *node) *node {
	if left.kind != "field" {
		t := p.peek(-2)
		p.fail(t, "Invalid function name '"+t.text+"'")
	}
	n := inner("function", left.value)
	for !p.is("rparen") {
		n.children = append(n.children, p.expression(0))
		if p.is("comma") {
			p.i++
		}
	}
	p.i++
	return n
}

// index parses [n] or [start:stop:step] after its bracket.
func (p *parser) index(left *node) *node {
	if !p.is("colon") && p.peek(1).kind != "colon" {
		n := inner("index", p.peek(0).value)
		p.i++
		p.match("rbracket")
		return inner("sub", nil, left, n)
	}
	n := &node{kind: "slice"}
	for part := 0; !p.is("rbracket"); p.i++ {
		switch t := p.peek(0); t.kind {
		case "colon":
			if part++; part == 3 {
				p.unexpected("syntax error")
			}
		case "number":
			v := t.value.(int64)
			n.slice[part] = &v
		default:
			p.unexpected("syntax error")
		}
	}
	p.i++
	return inner("projection", nil, inner("sub", nil, left, n), p.projected(binding["star"]))
}

func (p *parser) list() *node {
	n := inner("list", nil)
	for {
		n.children = append(n.children, p.expression(0))
		if p.is("rbracket") {
			p.i++
			return n
		}
		p.match("comma")
	}
}

func (p *parser) hash() *node {
	n := inner("hash", nil)
	for {
		key := p.peek(0)
		if key.kind != "quoted_identifier" && key.kind != "unquoted_identifier" {
			p.unexpected("Invalid jmespath expression")
		}
		p.i++
		p.match("colon")
		n.children = append(n.children, inner("pair", key.value, p.expression(0)))
		switch {
		case p.is("comma"):
			p.i++
		case p.is("rbrace"):
			p.i++
			return n
		}
	}
}

// projected parses what is applied to each element of a projection.
func (p *parser) projected(power int) *node {
	switch t := p.peek(0); {
	case binding[t.kind] < projectionStop:
		return identity()
	case t.kind == "lbracket", t.kind == "filter":
		return p.expression(power)
	case t.kind == "dot":
		p.i++
		return p.afterDot(power)
	}
	p.unexpected("syntax error")
	return nil
}

func (p *parser) afterDot(power int) *node {
	switch t := p.peek(0); t.kind {
	case "quoted_identifier", "unquoted_identifier", "star":
		return p.expression(power)
	case "lbracket":
		p.i++
		return p.list()
	case "lbrace":
		p.i++
		return p.hash()
	default:
		p.fail(t, "Expecting: ['quoted_identifier', 'unquoted_identifier', 'lbracket', 'lbrace'], got: "+t.kind)
	}
	return nil
}
