package jmespath

import "haneul/engine/awscli/ordered"

// evalError is an expression that cannot be applied to its data.
type evalError string

func (e evalError) Error() string { return string(e) }

// expref is what &expression evaluates to.
type expref struct{ n *node }

// Search applies the expression to a value. Objects and lists of the result may be those of the value.
func (e *Expression) Search(v any) (out any, err error) {
	defer func() {
		switch bad := recover().(type) {
		case nil:
		case evalError:
			out, err = nil, bad
		default:
			panic(bad)
		}
	}()
	return eval(e.root, v), nil
}

func eval(n *node, v any) any {
	switch n.kind {
	case "identity":
		return v
	case "field":
		if o, ok := v.(*ordered.Object); ok {
			return o.Get(n.value.(string))
		}
		return nil
	case "literal":
		return n.value
	case "sub":
		return eval(n.children[1], eval(n.children[0], v))
	case "index":
		return index(v, n.value.(int64))
	case "slice":
		return slice(v, n.slice)
	case "expref":
		return expref{n.children[0]}
	case "function":
		args := make([]any, len(n.children))
		for i, c := range n.children {
			args[i] = eval(c, v)
		}
		return call(n.value.(string), args)
	case "compare":
		return compare(n.value.(string), eval(n.children[0], v), eval(n.children[1], v))
	case "or", "and":
		left := eval(n.children[0], v)
		if truthy(left) == (n.kind == "or") {
			return left
		}
		return eval(n.children[1], v)
	case "not":
		return !truthy(eval(n.children[0], v))
	}
	return collect(n, v)
}

// collect evaluates the kinds that make lists and objects.
func collect(n *node, v any) any {
	switch n.kind {
	case "list", "hash":
		return selected(n, v)
	case "flatten":
		return flatten(eval(n.children[0], v))
	}
	base := eval(n.children[0], v)
	if n.kind == "values" {
		o, ok := base.(*ordered.Object)
		if !ok {
			return nil
		}
		base = values(o)
	}
	list, ok := base.([]any)
	if !ok {
		return nil
	}
	out := []any{}
	for _, e := range list {
		if n.kind == "filter" && !truthy(eval(n.children[2], e)) {
			continue
		}
		if r := eval(n.children[1], e); r != nil {
			out = append(out, r)
		}
	}
	return out
}

// selected is a multi-select: [a, b] or {x: a, y: b}.
func selected(n *node, v any) any {
	if v == nil {
		return nil
	}
	if n.kind == "list" {
		out := make([]any, len(n.children))
		for i, c := range n.children {
			out[i] = eval(c, v)
		}
		return out
	}
	out := &ordered.Object{}
	for _, c := range n.children {
		out.Set(c.value.(string), eval(c.children[0], v))
	}
	return out
}

func flatten(v any) any {
	list, ok := v.([]any)
	if !ok {
		return nil
	}
	out := []any{}
	for _, e := range list {
		if l, ok := e.([]any); ok {
			out = append(out, l...)
		} else {
			out = append(out, e)
		}
	}
	return out
}

func values(o *ordered.Object) []any {
	out := make([]any, 0, o.Len())
	for _, k := range o.Keys() {
		out = append(out, o.Get(k))
	}
	return out
}

func index(v any, i int64) any {
	list, ok := v.([]any)
	if !ok {
		return nil
	}
	if i < 0 {
		i += int64(len(list))
	}
	if i < 0 || i >= int64(len(list)) {
		return nil
	}
	return list[i]
}

// slice is Python's list[start:stop:step].
func slice(v any, parts [3]*int64) any {
	list, ok := v.([]any)
	if !ok {
		return nil
	}
	n, step := int64(len(list)), int64(1)
	if parts[2] != nil {
		step = *parts[2]
	}
	if step == 0 {
		panic(evalError("slice step cannot be zero"))
	}
	low, high := int64(0), n // bounds of a position
	if step < 0 {
		low, high = -1, n-1
	}
	bound := func(p *int64, missing int64) int64 {
		if p == nil {
			return missing
		}
		if *p < 0 {
			return max(*p+n, low)
		}
		return min(*p, high)
	}
	out := []any{}
	if step > 0 {
		for i, stop := bound(parts[0], 0), bound(parts[1], n); i < stop; i += step {
			out = append(out, list[i])
		}
		return out
	}
	for i, stop := bound(parts[0], n-1), bound(parts[1], -1); i > stop; i += step {
		out = append(out, list[i])
	}
	return out
}

// truthy is JMESPath's truth: empty strings, lists and objects, null and false are not; 0 is.
func truthy(v any) bool {
	switch x := v.(type) {
	case nil:
		return false
	case bool:
		return x
	case string:
		return x != ""
	case []any:
		return len(x) > 0
	case *ordered.Object:
		return x.Len() > 0
	}
	return true
}

func compare(op string, a, b any) any {
	switch op {
	case "eq":
		return ordered.Equal(a, b)
	case "ne":
		return !ordered.Equal(a, b)
	}
	x, aok := a.(string)
	y, bok := b.(string)
	if aok && bok {
		return holds(op, x < y, x == y)
	}
	f, aok := ordered.Float(a)
	g, bok := ordered.Float(b)
	if aok && bok {
		return holds(op, f < g, f == g)
	}
	return nil
}

func holds(op string, less, equal bool) bool {
	switch op {
	case "lt":
		return less
	case "lte":
		return less || equal
	case "gt":
		return !less && !equal
	}
	return !less
}
