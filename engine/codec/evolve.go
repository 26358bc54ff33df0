package codec

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unsafe"
)

// A schema is text: s b i f x t are string, bool, int, float, bytes and time; * [] {} go before an element; a struct is
// (Name type;Name type;); a digit and ! is the struct so many levels up, for types that refer to themselves.

const scalarLetters = "sbifxt" // in the order of the kinds

func (p *Plan) schema(s *strings.Builder, up []*Plan) {
	switch p.kind {
	case Pointer, List, Map:
		s.WriteString(map[Kind]string{Pointer: "*", List: "[]", Map: "{}"}[p.kind])
		p.elem.schema(s, up)
	case Struct:
		for i, outer := range up {
			if outer == p {
				fmt.Fprintf(s, "%d!", len(up)-i)
				return
			}
		}
		s.WriteByte('(')
		for i := range p.fields {
			s.WriteString(p.fields[i].Name + " ")
			p.fields[i].plan.schema(s, append(up, p))
			s.WriteByte(';')
		}
		s.WriteByte(')')
	default:
		s.WriteByte(scalarLetters[p.kind])
	}
}

// shape is a schema read back.
type shape struct {
	kind   Kind
	elem   *shape
	names  []string
	fields []*shape
}

type schemaParser struct {
	s  string
	up []*shape
}

func parseSchema(s string) (*shape, error) {
	p := schemaParser{s: s}
	sh, ok := p.parse()
	if !ok || p.s != "" {
		return nil, fmt.Errorf("codec: malformed schema at %q", p.s)
	}
	return sh, nil
}

func (p *schemaParser) cut(prefix string) (ok bool) {
	p.s, ok = strings.CutPrefix(p.s, prefix)
	return ok
}

func (p *schemaParser) parse() (*shape, bool) {
	for prefix, kind := range map[string]Kind{"*": Pointer, "[]": List, "{}": Map} {
		if p.cut(prefix) {
			e, ok := p.parse()
			return &shape{kind: kind, elem: e}, ok
		}
	}
	if p.cut("(") {
		return p.parseStruct()
	}
	if number, rest, found := strings.Cut(p.s, "!"); found {
		if n, err := strconv.Atoi(number); err == nil && n >= 1 && n <= len(p.up) {
			p.s = rest
			return p.up[len(p.up)-n], true
		}
	}
	if p.s == "" {
		return nil, false
	}
	kind := strings.IndexByte(scalarLetters, p.s[0])
	p.s = p.s[1:]
	return &shape{kind: Kind(max(kind, 0))}, kind >= 0
}

func (p *schemaParser) parseStruct() (*shape, bool) {
	if len(p.up) > maxDepth {
		return nil, false
	}
	sh := &shape{kind: Struct}
	p.up = append(p.up, sh)
	defer func() { p.up = p.up[:len(p.up)-1] }()
	for !p.cut(")") {
		name, rest, ok := strings.Cut(p.s, " ")
		if !ok {
			return nil, false
		}
		p.s = rest
		f, ok := p.parse()
		if !ok || !p.cut(";") {
			return nil, false
		}
		sh.names, sh.fields = append(sh.names, name), append(sh.fields, f)
	}
	return sh, true
}

// OldRow reads rows written with an earlier schema of T. Fields are matched by name: new ones are left alone, removed
// ones skipped, integers may change size, and a value may become optional or stop being so.
type OldRow[T any] struct {
	p  *Plan
	sh *shape
}

// RowAs prepares to read rows of an old schema into T. It fails when a field of the same name has another type: such a
// change needs a migration.
func RowAs[T any](schema string) (OldRow[T], error) {
	sh, err := parseSchema(schema)
	if err != nil {
		return OldRow[T]{}, err
	}
	p := PlanOf(reflect.TypeFor[T]())
	if path, ok := sh.fits(p, map[[2]any]bool{}); !ok {
		return OldRow[T]{}, fmt.Errorf("codec: %v.%s was of another type in schema %s", p.typ, path, schema)
	}
	return OldRow[T]{p, sh}, nil
}

// Read is Row.Read for the old schema. v should be zero, or hold what new fields are to be.
func (r OldRow[T]) Read(b []byte, v *T) (rest []byte, err error) {
	d := rowReader{b: b}
	if d.readAs(r.sh, r.p, unsafe.Pointer(v), 0); d.bad {
		return nil, ErrRow
	}
	return d.b, nil
}

// Patch is Row.Patch for the old schema.
func (r OldRow[T]) Patch(b []byte, v *T) (rest []byte, err error) {
	parts := 1
	if r.sh.kind == Struct {
		parts = len(r.sh.fields)
	}
	n := maskLen(parts)
	if len(b) < n {
		return nil, ErrRow
	}
	mask, d := b[:n], rowReader{b: b[n:]}
	for i := range parts {
		switch changed := mask[i/8]&(1<<(i%8)) != 0; {
		case changed && r.sh.kind == Struct:
			d.fieldAs(r.sh, i, r.p, unsafe.Pointer(v), 0)
		case changed:
			d.readAs(r.sh, r.p, unsafe.Pointer(v), 0)
		}
	}
	if d.bad {
		return nil, ErrRow
	}
	return d.b, nil
}

// fits says whether values of the shape can be read into the plan, and the first field where not.
func (sh *shape) fits(p *Plan, seen map[[2]any]bool) (path string, ok bool) {
	sh, p = sh.bare(), p.bare()
	pair := [2]any{sh, p}
	if sh.kind != p.kind || seen[pair] {
		return "", sh.kind == p.kind
	}
	seen[pair] = true
	if sh.elem != nil {
		return sh.elem.fits(p.elem, seen)
	}
	for i, name := range sh.names {
		if f := p.fieldNamed(name); f != nil {
			if path, ok := sh.fields[i].fits(f.plan, seen); !ok {
				return strings.TrimSuffix(name+"."+path, "."), false
			}
		}
	}
	return "", true
}

func (sh *shape) bare() *shape {
	if sh.kind == Pointer {
		return sh.elem
	}
	return sh
}

func (p *Plan) bare() *Plan {
	if p.kind == Pointer {
		return p.elem
	}
	return p
}

func (p *Plan) fieldNamed(name string) *field {
	for i := range p.fields {
		if p.fields[i].Name == name {
			return &p.fields[i]
		}
	}
	return nil
}
