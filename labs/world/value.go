package world

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"

	"go.starlark.net/starlark"
)

// answer is a JSON object as Starlark reads it: out.Name, out["Name"], "Name" in out, out.get("Name", default).
type answer struct {
	keys   []string
	values map[string]starlark.Value
}

var (
	_ starlark.HasAttrs        = (*answer)(nil)
	_ starlark.IterableMapping = (*answer)(nil)
)

func (a *answer) String() string {
	b, err := json.Marshal(fromStarlark(a))
	if err != nil {
		return "{…}"
	}
	return string(b)
}
func (a *answer) Type() string          { return "answer" }
func (a *answer) Freeze()               {}
func (a *answer) Truth() starlark.Bool  { return len(a.keys) > 0 }
func (a *answer) Hash() (uint32, error) { return 0, fmt.Errorf("an answer cannot be a key") }
func (a *answer) Len() int              { return len(a.keys) }
func (a *answer) AttrNames() []string   { return append(slices.Clone(a.keys), "get", "keys") }

func (a *answer) Attr(name string) (starlark.Value, error) {
	if v, ok := a.values[name]; ok {
		return v, nil
	}
	switch name {
	case "get":
		return builtin("get", a.get), nil
	case "keys":
		return builtin("keys", func(*starlark.Thread, starlark.Tuple, []starlark.Tuple) (starlark.Value, error) {
			return a.list(), nil
		}), nil
	}
	return absent{}, nil
}

func (a *answer) get(_ *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var key string
	var otherwise starlark.Value = starlark.None
	if err := starlark.UnpackPositionalArgs("get", args, kwargs, 1, &key, &otherwise); err != nil {
		return nil, err
	}
	if v, ok := a.values[key]; ok {
		return v, nil
	}
	return otherwise, nil
}

// Get implements starlark.Mapping.
func (a *answer) Get(k starlark.Value) (starlark.Value, bool, error) {
	s, ok := starlark.AsString(k)
	if !ok {
		return nil, false, fmt.Errorf("an answer's keys are strings, not %s", k.Type())
	}
	v, ok := a.values[s]
	return v, ok, nil
}

func (a *answer) list() *starlark.List {
	keys := make([]starlark.Value, len(a.keys))
	for i, k := range a.keys {
		keys[i] = starlark.String(k)
	}
	return starlark.NewList(keys)
}

// Iterate implements starlark.Iterable: over the keys.
func (a *answer) Iterate() starlark.Iterator { return a.list().Iterate() }

// Items implements starlark.IterableMapping.
func (a *answer) Items() []starlark.Tuple {
	items := make([]starlark.Tuple, len(a.keys))
	for i, k := range a.keys {
		items[i] = starlark.Tuple{starlark.String(k), a.values[k]}
	}
	return items
}

// absent is a member that an answer does not have: empty, false, and so are its own members.
type absent struct{}

var _ starlark.HasAttrs = absent{}

func (absent) String() string             { return "absent" }
func (absent) Type() string               { return "absent" }
func (absent) Freeze()                    {}
func (absent) Truth() starlark.Bool       { return false }
func (absent) Hash() (uint32, error)      { return 0, nil }
func (absent) Len() int                   { return 0 }
func (absent) Iterate() starlark.Iterator { return starlark.Tuple{}.Iterate() }
func (absent) AttrNames() []string        { return []string{"get"} }
func (absent) Items() []starlark.Tuple    { return nil }
func (absent) Index(int) starlark.Value   { return absent{} }
func (absent) Attr(name string) (starlark.Value, error) {
	if name == "get" {
		return (&answer{}).Attr("get")
	}
	return absent{}, nil
}

// Get implements starlark.Mapping.
func (absent) Get(starlark.Value) (starlark.Value, bool, error) { return absent{}, true, nil }

// parse reads JSON as Starlark values. Objects keep their order.
func parse(b []byte) (starlark.Value, error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	return decode(d)
}

func decode(d *json.Decoder) (starlark.Value, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch v := token.(type) {
	case json.Delim:
		if v == '{' {
			return decodeObject(d)
		}
		return decodeList(d)
	case string:
		return starlark.String(v), nil
	case bool:
		return starlark.Bool(v), nil
	case json.Number:
		if i, ok := new(big.Int).SetString(v.String(), 10); ok {
			return starlark.MakeBigInt(i), nil
		}
		f, err := v.Float64()
		return starlark.Float(f), err
	}
	return starlark.None, nil
}

func decodeObject(d *json.Decoder) (starlark.Value, error) {
	a := &answer{values: map[string]starlark.Value{}}
	for d.More() {
		k, err := d.Token()
		if err != nil {
			return nil, err
		}
		v, err := decode(d)
		if err != nil {
			return nil, err
		}
		a.keys = append(a.keys, k.(string))
		a.values[k.(string)] = v
	}
	_, err := d.Token()
	return a, err
}

func decodeList(d *json.Decoder) (starlark.Value, error) {
	var items []starlark.Value
	for d.More() {
		v, err := decode(d)
		if err != nil {
			return nil, err
		}
		items = append(items, v)
	}
	_, err := d.Token()
	return starlark.NewList(items), err
}

// fromStarlark turns a value into what encoding/json writes. What has no JSON form is written as it prints.
func fromStarlark(v starlark.Value) any {
	switch v := v.(type) {
	case nil, starlark.NoneType, absent:
		return nil
	case starlark.Bool:
		return bool(v)
	case starlark.String:
		return string(v)
	case starlark.Bytes:
		return []byte(v)
	case starlark.Int:
		if i, ok := v.Int64(); ok {
			return i
		}
		return json.Number(v.String())
	case starlark.Float:
		return float64(v)
	case starlark.IterableMapping:
		m := map[string]any{}
		for _, kv := range v.Items() {
			if k, ok := starlark.AsString(kv[0]); ok {
				m[k] = fromStarlark(kv[1])
			} else {
				m[kv[0].String()] = fromStarlark(kv[1])
			}
		}
		return m
	case starlark.Iterable:
		items := []any{}
		for x := range starlark.Elements(v) {
			items = append(items, fromStarlark(x))
		}
		return items
	}
	return v.String()
}

// toStarlark turns what a Go function returns into a value.
func toStarlark(v any) starlark.Value {
	switch v := v.(type) {
	case nil:
		return starlark.None
	case starlark.Value:
		return v
	case string:
		return starlark.String(v)
	case bool:
		return starlark.Bool(v)
	case int:
		return starlark.MakeInt(v)
	case []string:
		items := make([]starlark.Value, len(v))
		for i := range v {
			items[i] = starlark.String(v[i])
		}
		return starlark.NewList(items)
	}
	return starlark.String(fmt.Sprint(v))
}

// function is the shape of a function that Starlark calls.
type function = func(*starlark.Thread, starlark.Tuple, []starlark.Tuple) (starlark.Value, error)

// builtin names a Go function for Starlark.
func builtin(name string, f function) *starlark.Builtin {
	return starlark.NewBuiltin(name, func(th *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		return f(th, args, kwargs)
	})
}
