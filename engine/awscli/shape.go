package awscli

import (
	"haneul/engine/codec"
)

// shape is a parameter's or a result's type in the words of AWS's models.
type shape struct {
	kind  codec.Kind
	field codec.Field // constraints, where the shape is a member
	plan  *codec.Plan // the structure's own plan; of lists and maps the element's
}

func shapeOf(p *codec.Plan) shape {
	for p.Kind() == codec.Pointer {
		p = p.Elem()
	}
	s := shape{kind: p.Kind(), plan: p}
	if s.kind == codec.List || s.kind == codec.Map {
		s.plan = p.Elem()
	}
	return s
}

func memberShape(f codec.Field) shape { return shape{kind: f.Kind, field: f, plan: f.Type} }

// elem is the shape of a list's or map's elements; of anything else it is a string.
func (s shape) elem() shape {
	if s.plan == nil || s.kind != codec.List && s.kind != codec.Map {
		return shape{}
	}
	return shapeOf(s.plan)
}

// members are a structure's, in the model's order.
func (s shape) members() []codec.Field { return s.plan.Fields() }

func (s shape) member(name string) (shape, bool) {
	for _, f := range s.members() {
		if f.JSON == name {
			return memberShape(f), true
		}
	}
	return shape{}, false
}

// at is the shape of an object's member, or of a map's element. One the cloud does not know is a string.
func (s shape) at(name string) shape {
	if s.kind == codec.Struct {
		m, _ := s.member(name)
		return m
	}
	return s.elem()
}

// complex tells whether shorthand syntax applies: everything but scalars and lists of scalars.
func (s shape) complex() bool {
	switch s.kind {
	case codec.Struct, codec.Map:
		return true
	case codec.List:
		e := s.elem().kind
		return e == codec.Struct || e == codec.Map || e == codec.List
	}
	return false
}

// typeName is the model's word for the kind.
func (s shape) typeName() string {
	switch s.kind {
	case codec.Bool:
		return "boolean"
	case codec.Int:
		return "integer"
	case codec.Float:
		return "double"
	case codec.Bytes:
		return "blob"
	case codec.Timestamp:
		return "timestamp"
	case codec.List:
		return "list"
	case codec.Map:
		return "map"
	case codec.Struct:
		return "structure"
	}
	return "string"
}
