package awscli

import (
	"strings"

	"haneul/engine/awscli/ordered"
	"haneul/engine/codec"
)

// fit adjusts what shorthand read to its shape: a lone value becomes a list of one, digits a number, true a boolean.
func fit(s shape, v any) (any, error) {
	if v == nil {
		return nil, nil
	}
	switch s.kind {
	case codec.Struct:
		o, ok := v.(*ordered.Object)
		if !ok {
			return v, nil
		}
		for _, f := range s.members() {
			if err := fitMember(o, f.JSON, memberShape(f)); err != nil {
				return nil, err
			}
		}
	case codec.Map:
		if o, ok := v.(*ordered.Object); ok {
			for _, k := range o.Keys() {
				if err := fitMember(o, k, s.elem()); err != nil {
					return nil, err
				}
			}
		}
	case codec.List:
		list, ok := v.([]any)
		if !ok {
			return []any{v}, nil
		}
		for i := range list {
			e, err := fit(s.elem(), list[i])
			if err != nil {
				return nil, err
			}
			list[i] = e
		}
	case codec.Int, codec.Float, codec.Bool:
		return fitScalar(s, v)
	}
	return v, nil
}

func fitMember(o *ordered.Object, name string, s shape) error {
	if !o.Has(name) {
		return nil
	}
	v, err := fit(s, o.Get(name))
	if err == nil {
		o.Set(name, v)
	}
	return err
}

func fitScalar(s shape, v any) (any, error) {
	text, ok := v.(string)
	switch {
	case s.kind == codec.Bool && ok:
		switch strings.ToLower(text) {
		case "true":
			return true, nil
		case "false":
			return false, nil
		}
		return v, nil
	case !ok:
		return nil, failf(exitGeneral, "int() argument must be a string, a bytes-like object or a real number, not '%s'", pythonName(v))
	case s.kind == codec.Float:
		return pythonFloat(text)
	}
	return pythonInt(text)
}
