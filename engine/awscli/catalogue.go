package awscli

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	"haneul/engine/codec"
	"haneul/engine/emu"
)

// CataloguePath is where an engine serves its catalogue, to anybody: GET, with ?service=NAME for the services whose
// operations are wanted.
const CataloguePath = "/_haneul/catalogue"

// catalogue is the operation tables as data: an aws that has no service linked into it, such as the one in instances,
// asks the cloud what there is.
type catalogue struct {
	Types    []typeText    `json:"types"`
	Services []serviceText `json:"services"`
}

type serviceText struct {
	Name, Title string
	Wire        []emu.Protocol
	Missing     []string
	Ops         []opText
}

type opText struct {
	Name, Action string
	In, Out      int // types
}

// typeText is a Go type as far as a plan is made from it.
type typeText struct {
	Kind   string      `json:"k"`
	Elem   int         `json:"e,omitempty"`
	Fields []fieldText `json:"f,omitempty"`
}

type fieldText struct {
	Name string `json:"n"`
	Type int    `json:"t"`
	Tag  string `json:"g,omitempty"`
}

// Catalogue describes services for [ReadCatalogue]: all by name, the wanted ones with their operations.
func Catalogue(services []*emu.Service, wanted []string) ([]byte, error) {
	d := describer{seen: map[reflect.Type]int{}}
	for _, s := range services {
		text := serviceText{Name: s.Name, Title: s.Title, Wire: s.Wire}
		if slices.Contains(wanted, s.Name) {
			text.Missing = s.Missing
			for _, op := range s.Ops {
				in, out := d.add(op.Input().Type()), d.add(op.Output().Type())
				text.Ops = append(text.Ops, opText{op.Name, op.Action, in, out})
			}
		}
		d.Services = append(d.Services, text)
	}
	return json.Marshal(d.catalogue)
}

type describer struct {
	catalogue
	seen map[reflect.Type]int
	open []reflect.Type
}

func (d *describer) add(t reflect.Type) int {
	if i, ok := d.seen[t]; ok {
		return i
	}
	text := typeText{}
	switch {
	case t == reflect.TypeFor[codec.Time]():
		text.Kind = "time"
	case slices.Contains(d.open, t):
		text.Kind = "string" // a type inside itself: no command line reaches that deep
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8:
		text.Kind = "bytes"
	case t.Kind() == reflect.Struct:
		text.Kind = "struct"
		d.open = append(d.open, t)
		text.Fields = d.fields(t)
		d.open = d.open[:len(d.open)-1]
	case t.Kind() == reflect.Pointer, t.Kind() == reflect.Slice, t.Kind() == reflect.Map:
		text.Kind = map[reflect.Kind]string{reflect.Pointer: "pointer", reflect.Slice: "list", reflect.Map: "map"}[t.Kind()]
		d.open = append(d.open, t)
		text.Elem = d.add(t.Elem())
		d.open = d.open[:len(d.open)-1]
	default:
		text.Kind = t.Kind().String()
	}
	d.Types = append(d.Types, text)
	i := len(d.Types) - 1
	if !slices.Contains(d.open, t) {
		d.seen[t] = i
	}
	return i
}

// fields flattens embedded structs, as plans do.
func (d *describer) fields(t reflect.Type) (out []fieldText) {
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous && f.Type.Kind() == reflect.Struct {
			out = append(out, d.fields(f.Type)...)
			continue
		}
		out = append(out, fieldText{f.Name, d.add(f.Type), string(f.Tag)})
	}
	return out
}

// scalars are the kinds without parts.
var scalars = map[string]reflect.Type{
	"time": reflect.TypeFor[codec.Time](), "bytes": reflect.TypeFor[[]byte](), "string": reflect.TypeFor[string](), "bool": reflect.TypeFor[bool](),
	"int": reflect.TypeFor[int](), "int32": reflect.TypeFor[int32](), "int64": reflect.TypeFor[int64](), "uint32": reflect.TypeFor[uint32](),
	"uint64": reflect.TypeFor[uint64](), "float64": reflect.TypeFor[float64](),
}

// ReadCatalogue makes services from what [Catalogue] wrote. They describe; they cannot run.
func ReadCatalogue(b []byte) ([]*emu.Service, error) {
	var c catalogue
	if err := json.Unmarshal(b, &c); err != nil {
		return nil, fmt.Errorf("the cloud's catalogue: %w", err)
	}
	types := make([]reflect.Type, len(c.Types))
	for i, t := range c.Types { // parts come before what they are part of
		made, err := build(t, types[:i])
		if err != nil {
			return nil, err
		}
		types[i] = made
	}
	var out []*emu.Service
	for _, s := range c.Services {
		service := &emu.Service{Name: s.Name, Title: s.Title, Wire: s.Wire, Missing: s.Missing}
		for _, op := range s.Ops {
			if op.In < 0 || op.In >= len(types) || op.Out < 0 || op.Out >= len(types) {
				return nil, fmt.Errorf("the cloud's catalogue: %s has no types", op.Name)
			}
			service.Ops = append(service.Ops, emu.Described(op.Name, types[op.In], types[op.Out]).As(op.Action))
		}
		out = append(out, service)
	}
	return out, nil
}

func build(t typeText, made []reflect.Type) (reflect.Type, error) {
	part := func(i int) (reflect.Type, error) {
		if i < 0 || i >= len(made) {
			return nil, fmt.Errorf("the cloud's catalogue: type %d is not there yet", i)
		}
		return made[i], nil
	}
	if s := scalars[t.Kind]; s != nil {
		return s, nil
	}
	if t.Kind == "struct" {
		var fields []reflect.StructField
		for _, f := range t.Fields {
			p, err := part(f.Type)
			if err != nil {
				return nil, err
			}
			fields = append(fields, reflect.StructField{Name: f.Name, Type: p, Tag: reflect.StructTag(f.Tag)})
		}
		return reflect.StructOf(fields), nil
	}
	e, err := part(t.Elem)
	if err != nil {
		return nil, err
	}
	switch t.Kind {
	case "pointer":
		return reflect.PointerTo(e), nil
	case "list":
		return reflect.SliceOf(e), nil
	case "map":
		return reflect.MapOf(reflect.TypeFor[string](), e), nil
	}
	return nil, fmt.Errorf("the cloud's catalogue: kind %q is newer than this program", t.Kind)
}
