package jmespath

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"haneul/engine/awscli/ordered"
)

// function is one row of JMESPath's library: what each argument may be, and what to do with them. A signature's
// "array-number" is an array of numbers; the empty list allows anything.
type function struct {
	args     [][]string
	variadic bool
	do       func(args []any) any
}

var (
	anything  []string
	number    = []string{"number"}
	str       = []string{"string"}
	array     = []string{"array"}
	object    = []string{"object"}
	reference = []string{"expref"}
	numbers   = []string{"array-number"}
	sortable  = []string{"array-number", "array-string"}
)

// functions is filled by init: map and its like evaluate expressions, which may call functions, a circle that a plain
// declaration may not have.
var functions map[string]function

func init() {
	functions = map[string]function{
		"abs":         {args: [][]string{number}, do: func(a []any) any { return abs(a[0]) }},
		"avg":         {args: [][]string{numbers}, do: avg},
		"ceil":        {args: [][]string{number}, do: func(a []any) any { return round(a[0], math.Ceil) }},
		"contains":    {args: [][]string{{"array", "string"}, anything}, do: contains},
		"ends_with":   {args: [][]string{str, str}, do: func(a []any) any { return strings.HasSuffix(a[0].(string), a[1].(string)) }},
		"floor":       {args: [][]string{number}, do: func(a []any) any { return round(a[0], math.Floor) }},
		"join":        {args: [][]string{str, {"array-string"}}, do: join},
		"keys":        {args: [][]string{object}, do: keys},
		"length":      {args: [][]string{{"string", "array", "object"}}, do: length},
		"map":         {args: [][]string{reference, array}, do: mapOver},
		"max":         {args: [][]string{sortable}, do: func(a []any) any { return extreme(a[0].([]any), a[0].([]any), 1) }},
		"max_by":      {args: [][]string{array, reference}, do: func(a []any) any { return extremeBy("max_by", a, 1) }},
		"merge":       {args: [][]string{object}, variadic: true, do: merge},
		"min":         {args: [][]string{sortable}, do: func(a []any) any { return extreme(a[0].([]any), a[0].([]any), -1) }},
		"min_by":      {args: [][]string{array, reference}, do: func(a []any) any { return extremeBy("min_by", a, -1) }},
		"not_null":    {args: [][]string{anything}, variadic: true, do: notNull},
		"reverse":     {args: [][]string{{"array", "string"}}, do: reverse},
		"sort":        {args: [][]string{{"array-string", "array-number"}}, do: func(a []any) any { return sorted(a[0].([]any), a[0].([]any)) }},
		"sort_by":     {args: [][]string{array, reference}, do: sortBy},
		"starts_with": {args: [][]string{str, str}, do: func(a []any) any { return strings.HasPrefix(a[0].(string), a[1].(string)) }},
		"sum":         {args: [][]string{numbers}, do: func(a []any) any { return sum(a[0].([]any)) }},
		"to_array":    {args: [][]string{anything}, do: toArray},
		"to_number":   {args: [][]string{anything}, do: toNumber},
		"to_string":   {args: [][]string{anything}, do: toString},
		"type":        {args: [][]string{anything}, do: func(a []any) any { return typeOf(a[0]) }},
		"values":      {args: [][]string{object}, do: func(a []any) any { return values(a[0].(*ordered.Object)) }},
	}
}

func call(name string, args []any) any {
	f, ok := functions[name]
	if !ok {
		panic(evalError("Unknown function: " + name + "()"))
	}
	atLeast := ""
	if f.variadic {
		atLeast = "at least "
	}
	if n := len(f.args); len(args) < n || len(args) > n && !f.variadic {
		plural := "s"
		if n == 1 {
			plural = ""
		}
		panic(evalError(fmt.Sprintf("Expected %s%d argument%s for function %s(), received %d", atLeast, n, plural, name, len(args))))
	}
	for i, allowed := range f.args {
		check(name, args[i], allowed)
	}
	return f.do(args)
}

// check panics unless v is one of the allowed types.
func check(name string, v any, allowed []string) {
	if allowed == nil {
		return
	}
	kind := typeOf(v)
	var elements []string
	found := false
	for _, a := range allowed {
		outer, element, typed := strings.Cut(a, "-")
		found = found || outer == kind
		if typed {
			elements = append(elements, element)
		}
	}
	if !found {
		mistyped(name, v, kind, allowed)
	}
	list, _ := v.([]any)
	if len(elements) == 0 || len(list) == 0 {
		return
	}
	want := elements[0]
	if len(elements) > 1 {
		want = typeOf(list[0])
		if !slices.Contains(elements, want) {
			mistyped(name, list[0], pythonType(list[0]), allowed)
		}
	}
	for _, e := range list {
		if typeOf(e) != want {
			mistyped(name, e, pythonType(e), allowed)
		}
	}
}

func mistyped(name string, v any, kind string, allowed []string) {
	list := make([]any, len(allowed))
	for i, a := range allowed {
		list[i] = a
	}
	panic(evalError(fmt.Sprintf("In function %s(), invalid type for value: %s, expected one of: %s, received: \"%s\"",
		name, ordered.Str(v), ordered.Repr(list), kind)))
}

func typeOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case []any:
		return "array"
	case *ordered.Object:
		return "object"
	case expref:
		return "expref"
	}
	return "number"
}

// pythonType is how Python names the type: messages about elements show it.
func pythonType(v any) string {
	switch v.(type) {
	case nil:
		return "NoneType"
	case bool:
		return "bool"
	case string:
		return "str"
	case []any:
		return "list"
	case *ordered.Object:
		return "dict"
	case float64:
		return "float"
	}
	return "int"
}

func avg(a []any) any {
	list := a[0].([]any)
	if len(list) == 0 {
		return nil
	}
	total, _ := ordered.Float(sum(list))
	return total / float64(len(list))
}

func sum(list []any) any {
	var whole int64
	var real float64
	exact := true
	for _, e := range list {
		if n, ok := e.(int64); ok {
			whole += n
			continue
		}
		f, _ := ordered.Float(e)
		real, exact = real+f, false
	}
	if exact {
		return whole
	}
	return real + float64(whole)
}

func abs(v any) any {
	if n, ok := v.(int64); ok {
		return max(n, -n)
	}
	f, _ := ordered.Float(v)
	return math.Abs(f)
}

func round(v any, to func(float64) float64) any {
	if f, ok := v.(float64); ok {
		return int64(to(f))
	}
	return v
}

func contains(a []any) any {
	if s, ok := a[0].(string); ok {
		part, ok := a[1].(string)
		if !ok {
			panic(evalError("'in <string>' requires string as left operand, not " + pythonType(a[1])))
		}
		return strings.Contains(s, part)
	}
	return slices.ContainsFunc(a[0].([]any), func(e any) bool { return ordered.Equal(e, a[1]) })
}

func join(a []any) any {
	var parts []string
	for _, e := range a[1].([]any) {
		parts = append(parts, e.(string))
	}
	return strings.Join(parts, a[0].(string))
}

func keys(a []any) any {
	out := []any{}
	for _, k := range a[0].(*ordered.Object).Keys() {
		out = append(out, k)
	}
	return out
}

func length(a []any) any {
	switch x := a[0].(type) {
	case string:
		return int64(len([]rune(x)))
	case []any:
		return int64(len(x))
	case *ordered.Object:
		return int64(x.Len())
	}
	return nil
}

func mapOver(a []any) any {
	out := []any{}
	for _, e := range a[1].([]any) {
		out = append(out, eval(a[0].(expref).n, e))
	}
	return out
}

func merge(a []any) any {
	out := &ordered.Object{}
	for _, v := range a {
		check("merge", v, object)
		o := v.(*ordered.Object)
		for _, k := range o.Keys() {
			out.Set(k, o.Get(k))
		}
	}
	return out
}

func notNull(a []any) any {
	for _, v := range a {
		if v != nil {
			return v
		}
	}
	return nil
}

func reverse(a []any) any {
	if s, ok := a[0].(string); ok {
		r := []rune(s)
		slices.Reverse(r)
		return string(r)
	}
	list := slices.Clone(a[0].([]any))
	slices.Reverse(list)
	return list
}

func toArray(a []any) any {
	if list, ok := a[0].([]any); ok {
		return list
	}
	return []any{a[0]}
}

func toString(a []any) any {
	if s, ok := a[0].(string); ok {
		return s
	}
	return ordered.Compact(a[0])
}

func toNumber(a []any) any {
	switch x := a[0].(type) {
	case string:
		s := strings.TrimSpace(x)
		if n, err := strconv.ParseInt(s, 10, 64); err == nil {
			return n
		}
		if f, err := strconv.ParseFloat(s, 64); err == nil {
			return f
		}
		return nil
	case bool, nil, []any, *ordered.Object:
		return nil
	}
	return a[0]
}

// order compares two strings or two numbers.
func order(a, b any) int {
	if s, ok := a.(string); ok {
		return strings.Compare(s, b.(string))
	}
	x, _ := ordered.Float(a)
	y, _ := ordered.Float(b)
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// extreme is the first element whose key is the largest (sign 1) or the smallest (-1).
func extreme(list, keys []any, sign int) any {
	if len(list) == 0 {
		return nil
	}
	best := 0
	for i := range keys {
		if order(keys[i], keys[best])*sign > 0 {
			best = i
		}
	}
	return list[best]
}

func extremeBy(name string, a []any, sign int) any {
	list := a[0].([]any)
	allowed := []string{"number", "string"}
	return extreme(list, keyed(name, list, a[1].(expref), allowed), sign)
}

func sortBy(a []any) any {
	list := a[0].([]any)
	if len(list) == 0 {
		return list
	}
	first := typeOf(eval(a[1].(expref).n, list[0]))
	if first != "number" && first != "string" {
		mistyped("sort_by", list[0], first, []string{"string", "number"})
	}
	return sorted(list, keyed("sort_by", list, a[1].(expref), []string{first}))
}

// keyed evaluates a reference on every element. All keys are of one type.
func keyed(name string, list []any, ref expref, allowed []string) []any {
	out := make([]any, len(list))
	for i, e := range list {
		out[i] = eval(ref.n, e)
		check(name, out[i], allowed)
		if first := typeOf(out[0]); typeOf(out[i]) != first {
			mistyped(name, out[i], typeOf(out[i]), []string{first})
		}
	}
	return out
}

func sorted(list, keys []any) any {
	at := make([]int, len(list))
	for i := range at {
		at[i] = i
	}
	slices.SortStableFunc(at, func(i, j int) int { return order(keys[i], keys[j]) })
	out := make([]any, len(list))
	for i, k := range at {
		out[i] = list[k]
	}
	return out
}
