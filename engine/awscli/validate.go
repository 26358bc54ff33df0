package awscli

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"haneul/engine/awscli/ordered"
	"haneul/engine/codec"
)

// validate checks an input before it is sent, as botocore does: types, required and unknown members, lower bounds.
// Upper bounds, patterns and enumerations are left to the service.
func (c *command) validate(in *ordered.Object) error {
	v := validator{bounds: !unbounded[c.service.Name]}
	v.check("", c.input, in)
	if v.problems == nil {
		return nil
	}
	return failf(exitUsage, "Parameter validation failed:\n%s", strings.Join(v.problems, "\n"))
}

// unbounded are services whose models hold no bounds: what the cloud enforces there is not the client's to check.
var unbounded = map[string]bool{"sqs": true}

// demanded are members that AWS's models require and the cloud checks in words of its own, by structure.
var demanded = map[string][]string{
	"SendMessageBatchRequestEntry":             {"Id", "MessageBody"},
	"DeleteMessageBatchRequestEntry":           {"Id", "ReceiptHandle"},
	"ChangeMessageVisibilityBatchRequestEntry": {"Id", "ReceiptHandle"},
	"MessageAttributeValue":                    {"DataType"},
	"MessageSystemAttributeValue":              {"DataType"},
}

type validator struct {
	bounds   bool
	problems []string
}

func (v *validator) report(format string, args ...any) {
	v.problems = append(v.problems, fmt.Sprintf(format, args...))
}

func title(path string) string {
	if path == "" {
		return "input"
	}
	return strings.TrimPrefix(path, ".")
}

func (v *validator) mistyped(path string, value any, valid string) {
	shown := ordered.Str(value)
	if b, ok := value.([]byte); ok {
		shown = "b" + pythonString(string(b))
	}
	v.report("Invalid type for parameter %s, value: %s, type: %s, valid types: %s", title(path), shown, pythonType(value), valid)
}

// validTypes are the Python types that each kind accepts, in botocore's words.
var validTypes = map[codec.Kind]string{
	codec.String: "<class 'str'>", codec.Bool: "<class 'bool'>", codec.Int: "<class 'int'>",
	codec.Float:     "<class 'float'>, <class 'decimal.Decimal'>, <class 'int'>",
	codec.Bytes:     "<class 'bytes'>, <class 'bytearray'>, file-like object",
	codec.Timestamp: "<class 'datetime.datetime'>, timestamp-string",
	codec.List:      "<class 'list'>, <class 'tuple'>", codec.Map: "<class 'dict'>", codec.Struct: "<class 'dict'>",
}

func accepts(k codec.Kind, value any) bool {
	_, number := ordered.Float(value)
	_, real := value.(float64)
	switch value.(type) {
	case string:
		return k == codec.String || k == codec.Bytes || k == codec.Timestamp
	case []byte:
		return k == codec.Bytes
	case bool:
		return k == codec.Bool || k == codec.Int || k == codec.Float
	case []any:
		return k == codec.List
	case *ordered.Object:
		return k == codec.Map || k == codec.Struct
	}
	return number && (k == codec.Float || k == codec.Timestamp || k == codec.Int && !real)
}

func (v *validator) check(path string, s shape, value any) {
	if !accepts(s.kind, value) {
		v.mistyped(path, value, validTypes[s.kind])
		return
	}
	switch x := value.(type) {
	case *ordered.Object:
		if s.kind == codec.Struct {
			v.checkMembers(path, s, x)
			return
		}
		for _, k := range x.Keys() {
			v.check(path+"."+k, s.elem(), x.Get(k))
		}
	case []any:
		v.atLeast(path, "length", s, int64(len(x)))
		for i, e := range x {
			v.check(fmt.Sprintf("%s[%d]", path, i), s.elem(), e)
		}
	case string:
		switch s.kind {
		case codec.String:
			v.atLeast(path, "length", s, int64(utf8.RuneCountInString(x)))
		case codec.Timestamp:
			if _, ok := parseTime(x, nil); !ok {
				v.mistyped(path, value, validTypes[s.kind])
			}
		}
	case int64:
		if s.kind != codec.Timestamp {
			v.atLeast(path, "value", s, x)
		}
	}
}

func (v *validator) checkMembers(path string, s shape, o *ordered.Object) {
	var names []string
	also := demanded[s.plan.Type().Name()]
	for _, f := range s.members() {
		names = append(names, f.JSON)
		if (f.Required || slices.Contains(also, f.JSON)) && !o.Has(f.JSON) {
			v.report("Missing required parameter in %s: \"%s\"", title(path), f.JSON)
		}
	}
	for _, k := range o.Keys() {
		if _, ok := s.member(k); !ok {
			v.report("Unknown parameter in %s: \"%s\", must be one of: %s", title(path), k, strings.Join(names, ", "))
		}
	}
	for _, k := range o.Keys() {
		if m, ok := s.member(k); ok {
			v.check(path+"."+k, m, o.Get(k))
		}
	}
}

func (v *validator) atLeast(path, what string, s shape, n int64) {
	low := s.field.Min
	if !v.bounds || low == nil || n >= *low {
		return
	}
	v.report("Invalid %s for parameter %s, value: %d, valid min %s: %d", what, title(path), n, what, *low)
}
