package policy

import (
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// condition is one key of one operator of a Condition element.
type condition struct {
	op       *operator
	each     quantifier
	ifExists bool
	key      string // lower case
	operands []operand
}

// quantifier is ForAnyValue: or ForAllValues:.
type quantifier uint8

const (
	single quantifier = iota
	forAny
	forAll
)

// operand is one value on the policy's side of a comparison, read once.
type operand struct {
	pattern  pattern
	segments []pattern // ARN operators
	number   float64
	date     time.Time
	network  netip.Prefix
	ok       bool // the value could be read as what the operator compares
}

// operator is a condition operator without its prefix and suffix.
type operator struct {
	name    string
	negated bool
	read    func(o *operand, text string, variables bool)
	equal   func(o *operand, text string, keys Keys) bool
}

// operators are those of https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
var operators = [...]operator{
	{"StringEquals", false, readExact, matchExact},
	{"StringNotEquals", true, readExact, matchExact},
	{"StringEqualsIgnoreCase", false, readExact, matchFold},
	{"StringNotEqualsIgnoreCase", true, readExact, matchFold},
	{"StringLike", false, readGlob, matchExact},
	{"StringNotLike", true, readGlob, matchExact},
	{"NumericEquals", false, readNumber, compareNumber(func(c int) bool { return c == 0 })},
	{"NumericNotEquals", true, readNumber, compareNumber(func(c int) bool { return c == 0 })},
	{"NumericLessThan", false, readNumber, compareNumber(func(c int) bool { return c < 0 })},
	{"NumericLessThanEquals", false, readNumber, compareNumber(func(c int) bool { return c <= 0 })},
	{"NumericGreaterThan", false, readNumber, compareNumber(func(c int) bool { return c > 0 })},
	{"NumericGreaterThanEquals", false, readNumber, compareNumber(func(c int) bool { return c >= 0 })},
	{"DateEquals", false, readDate, compareDate(func(c int) bool { return c == 0 })},
	{"DateNotEquals", true, readDate, compareDate(func(c int) bool { return c == 0 })},
	{"DateLessThan", false, readDate, compareDate(func(c int) bool { return c < 0 })},
	{"DateLessThanEquals", false, readDate, compareDate(func(c int) bool { return c <= 0 })},
	{"DateGreaterThan", false, readDate, compareDate(func(c int) bool { return c > 0 })},
	{"DateGreaterThanEquals", false, readDate, compareDate(func(c int) bool { return c >= 0 })},
	{"Bool", false, readExact, matchFold},
	{"BinaryEquals", false, readExact, matchExact},
	{"IpAddress", false, readNetwork, matchNetwork},
	{"NotIpAddress", true, readNetwork, matchNetwork},
	{"ArnEquals", false, readARN, matchARN},
	{"ArnLike", false, readARN, matchARN},
	{"ArnNotEquals", true, readARN, matchARN},
	{"ArnNotLike", true, readARN, matchARN},
	{"Null", false, readExact, matchFold},
}

// findOperator reads an operator's name with its prefix and suffix; ok is false for an unknown one.
func findOperator(name string) (op *operator, each quantifier, ifExists, ok bool) {
	if rest, found := strings.CutPrefix(name, "ForAnyValue:"); found {
		name, each = rest, forAny
	} else if rest, found := strings.CutPrefix(name, "ForAllValues:"); found {
		name, each = rest, forAll
	}
	name, ifExists = strings.CutSuffix(name, "IfExists")
	for i := range operators {
		if operators[i].name == name {
			return &operators[i], each, ifExists, !ifExists || name != "Null"
		}
	}
	return nil, each, ifExists, false
}

// readConditions compiles a Condition element that has been checked.
func readConditions(v value, variables bool) []condition {
	var all []condition
	for _, m := range v.members {
		op, each, ifExists, ok := findOperator(m.name)
		if !ok {
			continue // it has no keys
		}
		for _, k := range m.value.members {
			c := condition{op: op, each: each, ifExists: ifExists, key: strings.ToLower(k.name)}
			for _, text := range k.value.strings() {
				var o operand
				op.read(&o, text, variables)
				c.operands = append(c.operands, o)
			}
			all = append(all, c)
		}
	}
	return all
}

// holds evaluates the condition. Without the key, a plain operator fails and a negated one holds.
func (c *condition) holds(keys Keys) bool {
	var values []string
	if keys != nil {
		values = keys.Key(c.key)
	}
	if c.op.name == "Null" {
		return c.matches(strconv.FormatBool(len(values) == 0), keys)
	}
	if values == nil && c.ifExists {
		return true
	}
	switch {
	case c.each == forAny:
		return c.some(values, keys)
	case c.each == forAll || c.op.negated:
		return c.every(values, keys)
	}
	return c.some(values, keys)
}

func (c *condition) some(values []string, keys Keys) bool {
	for _, v := range values {
		if c.matches(v, keys) {
			return true
		}
	}
	return false
}

func (c *condition) every(values []string, keys Keys) bool {
	for _, v := range values {
		if !c.matches(v, keys) {
			return false
		}
	}
	return true
}

// matches compares one value of the request with all of the policy's: any of them, or for a negated operator none.
func (c *condition) matches(v string, keys Keys) bool {
	for i := range c.operands {
		if c.op.equal(&c.operands[i], v, keys) {
			return !c.op.negated
		}
	}
	return c.op.negated
}

func readExact(o *operand, s string, variables bool) {
	o.pattern = compile(s, syntax{variables: variables})
}

func readGlob(o *operand, s string, variables bool) {
	o.pattern = compile(s, syntax{wildcards: true, variables: variables})
}

func matchExact(o *operand, s string, keys Keys) bool { return o.pattern.match(s, false, keys) }
func matchFold(o *operand, s string, keys Keys) bool  { return o.pattern.match(s, true, keys) }

func readNumber(o *operand, s string, _ bool) {
	n, err := strconv.ParseFloat(s, 64)
	o.number, o.ok = n, err == nil
}

func compareNumber(is func(int) bool) func(*operand, string, Keys) bool {
	return func(o *operand, s string, _ Keys) bool {
		n, err := strconv.ParseFloat(s, 64)
		if err != nil || !o.ok {
			return false
		}
		switch {
		case n < o.number:
			return is(-1)
		case n > o.number:
			return is(1)
		}
		return is(0)
	}
}

func readDate(o *operand, s string, _ bool) { o.date, o.ok = parseDate(s) }

func compareDate(is func(int) bool) func(*operand, string, Keys) bool {
	return func(o *operand, s string, _ Keys) bool {
		t, ok := parseDate(s)
		return ok && o.ok && is(t.Compare(o.date))
	}
}

func readNetwork(o *operand, s string, _ bool) {
	if p, err := netip.ParsePrefix(s); err == nil {
		o.network, o.ok = p.Masked(), true
	} else if a, err := netip.ParseAddr(s); err == nil {
		o.network, o.ok = netip.PrefixFrom(a, a.BitLen()), true
	}
}

func matchNetwork(o *operand, s string, _ Keys) bool {
	a, err := netip.ParseAddr(s)
	return err == nil && o.ok && o.network.Contains(a.Unmap())
}

// readARN splits at the colons: the ARN operators compare segment by segment, so that no wildcard crosses one.
func readARN(o *operand, s string, variables bool) {
	x := syntax{wildcards: true, variables: variables}
	if s == "*" {
		o.pattern = compile(s, x)
		return
	}
	for _, segment := range strings.SplitN(s, ":", 6) {
		o.segments = append(o.segments, compile(segment, x))
	}
}

func matchARN(o *operand, s string, keys Keys) bool {
	if o.segments == nil {
		return o.pattern.match(s, false, keys)
	}
	for i := range o.segments {
		segment, rest, more := strings.Cut(s, ":")
		if i == 5 {
			segment, more = s, false
		}
		if !o.segments[i].match(segment, false, keys) {
			return false
		}
		if last := i == len(o.segments)-1; last || !more {
			return last && !more
		}
		s = rest
	}
	return false
}
