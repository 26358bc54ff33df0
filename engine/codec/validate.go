package codec

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
	"unsafe"
)

// Violation is one broken constraint, in AWS's words: Value is 'quoted', null, or empty for a secret; Path is like
// records.1.member.partitionKey, Constraint like "Member must have length less than or equal to 64".
type Violation struct {
	Path, Value, Constraint string
	Missing                 bool // a required member is absent
	Field                   Field
}

// String is the violation as AWS words it inside "1 validation error detected: …".
func (v Violation) String() string {
	value := v.Value
	if value != "" {
		value += " "
	}
	return "Value " + value + "at '" + v.Path + "' failed to satisfy constraint: " + v.Constraint
}

// Validate checks the `is` tags of v, a *T, and of everything in it, in the order of declaration.
func (p *Plan) Validate(v any) []Violation {
	if v == nil || !p.checked {
		return nil
	}
	var c checker
	c.members(p, p.of(v), "", 0)
	return c.found
}

type checker struct{ found []Violation }

func (c *checker) members(p *Plan, v unsafe.Pointer, path string, depth int) {
	if depth > maxDepth {
		return
	}
	for i := range p.fields {
		f := &p.fields[i]
		if !f.constrained() && !f.plan.checked {
			continue
		}
		c.field(f, f.at(v), join(path, f.Name), depth)
	}
}

func (c *checker) field(f *field, v unsafe.Pointer, path string, depth int) {
	if f.plan.absent(v) {
		if f.Required {
			c.found = append(c.found, Violation{path, "null", "Member must not be null", true, f.Field})
		}
		return
	}
	p := f.plan
	if p.kind == Pointer {
		p, v = p.elem, getPointer(v)
	}
	for _, constraint := range f.broken(p, v) {
		c.found = append(c.found, Violation{path, f.quoted(p, v), constraint, false, f.Field})
	}
	c.inside(f, p, v, path, depth+1)
}

// inside checks what a value holds: members, elements and entries.
func (c *checker) inside(f *field, p *Plan, v unsafe.Pointer, path string, depth int) {
	switch p.kind {
	case Pointer:
		if e := getPointer(v); e != nil {
			c.inside(f, p.elem, e, path, depth)
		}
	case Struct:
		c.members(p, v, path, depth)
	case List:
		for i := range (*listHeader)(v).len {
			c.element(f, p.elem, p.element(v, i), path+"."+strconv.Itoa(i+1)+".member", depth)
		}
	case Map:
		p.each(v, func(key string, e unsafe.Pointer) {
			c.element(f, p.elem, e, path+"."+key+".member", depth)
		})
	}
}

func (c *checker) element(f *field, p *Plan, v unsafe.Pointer, path string, depth int) {
	if constraint := f.brokenText(p, v); constraint != "" {
		c.found = append(c.found, Violation{path, f.quoted(p, v), constraint, false, f.Field})
	}
	if p.checked {
		c.inside(f, p, v, path, depth)
	}
}

// broken lists the field's own constraints that its value breaks.
func (f *field) broken(p *Plan, v unsafe.Pointer) (texts []string) {
	if f.Min != nil || f.Max != nil {
		what, less, more := p.measure(f, v)
		if less {
			texts = append(texts, fmt.Sprintf("Member must have %s greater than or equal to %d", what, *f.Min))
		}
		if more {
			texts = append(texts, fmt.Sprintf("Member must have %s less than or equal to %d", what, *f.Max))
		}
	}
	if text := f.brokenText(p, v); text != "" {
		texts = append(texts, text)
	}
	return texts
}

func (f *field) brokenText(p *Plan, v unsafe.Pointer) string {
	if p.kind != String {
		return ""
	}
	s := getString(v)
	if f.Enum != nil && !slices.Contains(f.Enum, s) {
		return "Member must satisfy enum value set: [" + strings.Join(f.Enum, ", ") + "]"
	}
	if f.pattern != nil && !f.pattern.MatchString(s) {
		return "Member must satisfy regular expression pattern: " + f.Pattern
	}
	return ""
}

// measure says what of the value is bounded, and whether it is below or above.
func (p *Plan) measure(f *field, v unsafe.Pointer) (what string, less, more bool) {
	what = "length"
	var n int64
	switch p.kind {
	case Int:
		what, n = "value", p.getInt(v)
	case Float:
		x := *(*float64)(v)
		return "value", f.Min != nil && x < float64(*f.Min), f.Max != nil && x > float64(*f.Max)
	case String:
		n = int64(length(getString(v)))
	case Bytes, List:
		n = int64((*listHeader)(v).len)
	case Map:
		n = int64(p.value(v).Len())
	}
	return what, f.Min != nil && n < *f.Min, f.Max != nil && n > *f.Max
}

// length counts UTF-16 units, as AWS's Java does.
func length(s string) (n int) {
	for _, r := range s {
		n += max(utf16.RuneLen(r), 1)
	}
	return n
}

// quoted is how AWS shows a value: 'text', '[a, b]', '5'.
func (f *field) quoted(p *Plan, v unsafe.Pointer) string {
	if f.Secret {
		return ""
	}
	return "'" + p.show(v) + "'"
}

func (p *Plan) show(v unsafe.Pointer) string {
	switch p.kind {
	case String:
		return getString(v)
	case Pointer:
		if e := getPointer(v); e != nil {
			return p.elem.show(e)
		}
		return "null"
	case List:
		items := make([]string, (*listHeader)(v).len)
		for i := range items {
			items[i] = p.elem.show(p.element(v, i))
		}
		return "[" + strings.Join(items, ", ") + "]"
	case Map:
		var items []string
		p.each(v, func(key string, e unsafe.Pointer) { items = append(items, key+"="+p.elem.show(e)) })
		return "{" + strings.Join(items, ", ") + "}"
	}
	return string(p.appendJSON(nil, v, true))
}

// join adds a member to a path, in the spelling of AWS's messages: QueueName is queueName there.
func join(path, name string) string {
	r, size := utf8.DecodeRuneInString(name)
	name = string(unicode.ToLower(r)) + name[size:]
	if path == "" {
		return name
	}
	return path + "." + name
}
