package codec

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"unsafe"
)

// Kind is the sort of value a plan describes.
type Kind uint8

// The kinds. Int covers every integer type; a Pointer marks an optional value.
const (
	String Kind = iota
	Bool
	Int
	Float
	Bytes
	Timestamp
	Pointer
	List
	Map
	Struct
)

var kindNames = [...]string{"string", "bool", "int", "float", "bytes", "time", "pointer", "list", "map", "struct"}

func (k Kind) String() string { return kindNames[k] }

// Plan is the compiled description of one Go type. It is immutable and safe to share.
type Plan struct {
	kind     Kind
	typ      reflect.Type
	size     uintptr
	unsigned bool
	elem     *Plan // of pointers, lists and maps
	fields   []field
	parts    []field // what rows compare: a struct's fields, else the whole as one
	byJSON   map[string]int
	byQuery  map[string]int
	byEC2    map[string]int // the Query names with a capital
	checked  bool           // some member has a constraint
}

// Field describes one member of a struct, as its declaration and tags say.
type Field struct {
	Name             string // in Go
	JSON, Query      string // on the wire
	Flat             bool   // Query: without a .member. or .entry. level
	Item, Key, Value string // Query: names inside lists and maps
	Required, Secret bool
	Optional         bool   // declared as a pointer
	Kind             Kind   // never Pointer
	Type             *Plan  // the struct's own plan; the element's for lists and maps; nil for scalars
	Min, Max         *int64 // of the length (strings, bytes, lists, maps) or the value (numbers)
	Enum             []string
	Pattern          string
}

type field struct {
	Field
	plan    *Plan
	off     uintptr
	jsonKey string // `"Name":`
	ec2Name string // the Query name without a capital
	pattern *regexp.Regexp
}

var (
	plans    sync.Map // reflect.Type to *Plan
	building sync.Mutex
)

// PlanOf returns the plan of t, compiled on first use. It panics on a type or tag it does not know: such a type is a
// programming mistake, found by the first test that touches it.
func PlanOf(t reflect.Type) *Plan {
	if p, ok := plans.Load(t); ok {
		return p.(*Plan)
	}
	building.Lock()
	defer building.Unlock()
	b := builder{}
	p := b.build(t)
	for _, made := range b {
		made.checked = made.findChecks(map[*Plan]bool{})
	}
	for t, made := range b { // only now: types may refer to each other
		plans.Store(t, made)
	}
	return p
}

// Fields lists a struct's members in declaration order.
func (p *Plan) Fields() []Field {
	fs := make([]Field, len(p.fields))
	for i := range p.fields {
		fs[i] = p.fields[i].Field
	}
	return fs
}

// Kind says what the plan describes.
func (p *Plan) Kind() Kind { return p.kind }

// Elem is the plan of a pointer's, list's or map's element, else nil.
func (p *Plan) Elem() *Plan { return p.elem }

// Type is the Go type the plan was compiled from.
func (p *Plan) Type() reflect.Type { return p.typ }

// New returns a pointer to a new zero value of the plan's type.
func (p *Plan) New() any { return reflect.New(p.typ).Interface() }

// of returns the address in v, which must be a *T of the plan's own T.
func (p *Plan) of(v any) unsafe.Pointer {
	r := reflect.ValueOf(v)
	if r.Kind() != reflect.Pointer || r.Type().Elem() != p.typ {
		panic(fmt.Sprintf("codec: a *%v is wanted, not %T", p.typ, v))
	}
	return r.UnsafePointer()
}

// builder holds the plans under construction; nobody else sees them until all are complete.
type builder map[reflect.Type]*Plan

func (b builder) build(t reflect.Type) *Plan {
	if p, ok := plans.Load(t); ok {
		return p.(*Plan)
	}
	if p := b[t]; p != nil {
		return p
	}
	p := &Plan{typ: t, size: t.Size()}
	p.parts = []field{{plan: p}}
	b[t] = p
	if t == reflect.TypeFor[Time]() {
		p.kind = Timestamp
		return p
	}
	switch t.Kind() {
	case reflect.String:
		p.kind = String
	case reflect.Bool:
		p.kind = Bool
	case reflect.Int, reflect.Int32, reflect.Int64:
		p.kind = Int
	case reflect.Uint32, reflect.Uint64:
		p.kind, p.unsigned = Int, true
	case reflect.Float64:
		p.kind = Float
	case reflect.Pointer:
		p.kind, p.elem = Pointer, b.build(t.Elem())
	case reflect.Slice:
		p.kind = Bytes
		if t.Elem().Kind() != reflect.Uint8 {
			p.kind, p.elem = List, b.build(t.Elem())
		}
	case reflect.Map:
		if t.Key().Kind() != reflect.String {
			panic("codec: a map's keys must be strings: " + t.String())
		}
		p.kind, p.elem = Map, b.build(t.Elem())
	case reflect.Struct:
		p.kind, p.byJSON, p.byQuery, p.byEC2 = Struct, map[string]int{}, map[string]int{}, map[string]int{}
		b.addFields(p, t, 0)
		p.parts = p.fields
	default:
		panic("codec: no form for " + t.String())
	}
	return p
}

func (b builder) addFields(p *Plan, t reflect.Type, off uintptr) {
	for i := range t.NumField() {
		sf := t.Field(i)
		if sf.Anonymous && sf.Type.Kind() == reflect.Struct {
			b.addFields(p, sf.Type, off+sf.Offset)
			continue
		}
		if !sf.IsExported() {
			panic(fmt.Sprintf("codec: %v.%s is not exported and would be lost", t, sf.Name))
		}
		f := field{plan: b.build(sf.Type), off: off + sf.Offset}
		if err := f.declare(sf); err != nil {
			panic(fmt.Sprintf("codec: %v.%s: %v", t, sf.Name, err))
		}
		_, json := p.byJSON[f.JSON]
		_, query := p.byQuery[f.Query]
		if json || query {
			panic(fmt.Sprintf("codec: %v.%s: another member has that name", t, sf.Name))
		}
		p.byJSON[f.JSON], p.byQuery[f.Query] = len(p.fields), len(p.fields)
		p.byEC2[strings.ToUpper(f.Query[:1])+f.Query[1:]] = len(p.fields)
		p.fields = append(p.fields, f)
	}
}

// findChecks reports whether validating a value of the plan can find anything.
func (p *Plan) findChecks(seen map[*Plan]bool) bool {
	if p.checked {
		return true
	}
	if seen[p] {
		return false
	}
	seen[p] = true
	if p.elem != nil && p.elem.findChecks(seen) {
		return true
	}
	for i := range p.fields {
		if p.fields[i].constrained() || p.fields[i].plan.findChecks(seen) {
			return true
		}
	}
	return false
}
