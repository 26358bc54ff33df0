package world

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"go.starlark.net/starlark"
)

// awsModule is t.aws: one attribute a service.
type awsModule struct{ w *World }

func (awsModule) String() string        { return "aws" }
func (awsModule) Type() string          { return "aws" }
func (awsModule) Freeze()               {}
func (awsModule) Truth() starlark.Bool  { return true }
func (awsModule) Hash() (uint32, error) { return 0, fmt.Errorf("aws cannot be a key") }
func (awsModule) AttrNames() []string   { return slices.Sorted(maps.Keys(operations())) }

func (m awsModule) Attr(name string) (starlark.Value, error) {
	if operations()[name] == nil {
		return nil, nil // Starlark says so, and what comes close
	}
	return serviceModule{m.w, name}, nil
}

// serviceModule is t.aws.sqs: one attribute an operation.
type serviceModule struct {
	w    *World
	name string
}

func (s serviceModule) String() string      { return "aws." + s.name }
func (serviceModule) Type() string          { return "service" }
func (serviceModule) Freeze()               {}
func (serviceModule) Truth() starlark.Bool  { return true }
func (serviceModule) Hash() (uint32, error) { return 0, fmt.Errorf("a service cannot be a key") }
func (s serviceModule) AttrNames() []string { return slices.Sorted(maps.Keys(operations()[s.name])) }

func (s serviceModule) Attr(name string) (starlark.Value, error) {
	op, ok := operations()[s.name][name]
	if !ok {
		return nil, nil
	}
	return builtin(s.name+"."+name, func(th *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		if len(args) > 0 {
			return nil, fmt.Errorf("%s.%s takes named arguments only, as boto3 does", s.name, name)
		}
		in := map[string]any{}
		for _, kv := range kwargs {
			in[string(kv[0].(starlark.String))] = fromStarlark(kv[1])
		}
		body, err := json.Marshal(in)
		if err != nil {
			return nil, err
		}
		out, err := s.w.api.call(contextOf(th), s.name, op, body)
		if err != nil {
			return nil, err
		}
		if len(out) == 0 {
			return &answer{}, nil
		}
		return parse(out)
	}), nil
}
