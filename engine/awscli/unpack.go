package awscli

import (
	"errors"
	"io/fs"
	"strconv"
	"strings"
	"unicode/utf8"

	"haneul/engine/awscli/ordered"
	"haneul/engine/codec"
)

// unpack turns a parameter's text, or texts, into its value: file:// first, then shorthand or JSON, else the text itself.
// Values are those of package ordered, and []byte for fileb://.
func (r *runner) unpack(s shape, cli string, v any) (any, error) {
	if b, ok := v.(bool); ok {
		return b, nil
	}
	path, _ := v.(string)
	if list, ok := v.([]string); ok && len(list) == 1 {
		path = list[0]
	}
	b, is, err := r.paramFile(cli, path)
	switch {
	case err != nil:
		return nil, err
	case is && strings.HasPrefix(path, "fileb://"):
		return b, nil
	case is:
		v = string(b)
	}
	if s.complex() && !looksLikeJSON(v) {
		return unpackShorthand(s, cli, v)
	}
	return unpackPlain(s, cli, v)
}

// paramFile reads the file a parameter names; is tells whether it names one.
func (r *runner) paramFile(cli, value string) (b []byte, is bool, err error) {
	path, binary := strings.CutPrefix(value, "fileb://")
	if !binary {
		if path, is = strings.CutPrefix(value, "file://"); !is {
			return nil, false, nil
		}
	}
	b, err = r.readFile(path)
	if err != nil {
		reason := err.Error()
		switch {
		case errors.Is(err, fs.ErrNotExist):
			reason = "[Errno 2] No such file or directory: " + pythonString(path)
		case errors.Is(err, fs.ErrPermission):
			reason = "[Errno 13] Permission denied: " + pythonString(path)
		}
		return nil, true, paramError(cli, "Unable to load paramfile %s: %s", value, reason)
	}
	if binary {
		return b, true, nil
	}
	if !utf8.Valid(b) {
		return nil, true, paramError(cli, "Unable to load paramfile (%s), text contents could not be decoded.  If this is a "+
			"binary file, please use the fileb:// prefix instead of the file:// prefix.", path)
	}
	return []byte(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(b))), true, nil
}

func looksLikeJSON(v any) bool {
	s, _ := v.(string)
	if list, ok := v.([]string); ok && len(list) > 0 {
		s = list[0]
	}
	s = strings.TrimSpace(s)
	return strings.HasPrefix(s, "[") || strings.HasPrefix(s, "{")
}

func unpackShorthand(s shape, cli string, v any) (any, error) {
	text, _ := v.(string)
	if m := valueOnly(s); m && !strings.Contains(text, "=") {
		return ordered.Obj("Value", text), nil
	}
	if texts, ok := v.([]string); ok {
		list := []any{}
		for _, t := range texts {
			o, err := parseShorthand(t)
			if err != nil {
				return nil, paramError(cli, "%s", err)
			}
			list = append(list, o)
		}
		return fit(s, list)
	}
	o, err := parseShorthand(text)
	if err != nil {
		return nil, paramError(cli, "%s", err)
	}
	if s.kind == codec.List { // a list from a file: the real CLI reads one element and refuses it later
		return o, nil
	}
	return fit(s, o)
}

// valueOnly is the structure with one member, Value, which may be given bare.
func valueOnly(s shape) bool {
	if s.kind != codec.Struct {
		return false
	}
	m := s.members()
	return len(m) == 1 && m[0].JSON == "Value" && m[0].Kind == codec.String
}

func unpackPlain(s shape, cli string, v any) (any, error) {
	text, _ := v.(string)
	switch s.kind {
	case codec.Int:
		return pythonInt(text)
	case codec.Float:
		return pythonFloat(text)
	case codec.Struct, codec.Map:
		if !strings.HasPrefix(strings.TrimSpace(text), "{") {
			return nil, paramError(cli, "Invalid JSON:\n%s", text)
		}
		return unpackJSON(cli, text)
	case codec.List:
		return unpackList(s, cli, v)
	}
	return text, nil
}

func unpackList(s shape, cli string, v any) (any, error) {
	texts, ok := v.([]string)
	if !ok { // from a file: without brackets the real CLI takes each character for an element
		for _, r := range v.(string) {
			texts = append(texts, string(r))
		}
		if strings.HasPrefix(strings.TrimSpace(v.(string)), "[") {
			return unpackJSON(cli, v.(string))
		}
	} else if len(texts) == 1 && strings.HasPrefix(strings.TrimSpace(texts[0]), "[") {
		return unpackJSON(cli, texts[0])
	}
	list := []any{}
	for _, t := range texts {
		e, err := unpackPlain(s.elem(), cli, t)
		var exit *exitError
		if errors.As(err, &exit) && exit.code == exitGeneral {
			return nil, paramError(cli, "%s", texts[0])
		}
		if err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return list, nil
}

func unpackJSON(cli, text string) (any, error) {
	v, err := ordered.Parse(text)
	if err != nil {
		return nil, paramError(cli, "Invalid JSON: %s\nJSON received: %s", err, text)
	}
	return v, nil
}

// pythonInt is int(text).
func pythonInt(text string) (any, error) {
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	if err != nil {
		return nil, failf(exitGeneral, "invalid literal for int() with base 10: %s", pythonString(text))
	}
	return n, nil
}

// pythonFloat is float(text).
func pythonFloat(text string) (any, error) {
	f, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil {
		return nil, failf(exitGeneral, "could not convert string to float: %s", pythonString(text))
	}
	return f, nil
}

func pythonString(s string) string { return ordered.Repr(s) }

// pythonType is str(type(v)).
func pythonType(v any) string { return "<class '" + pythonName(v) + "'>" }

func pythonName(v any) string {
	switch v.(type) {
	case nil:
		return "NoneType"
	case bool:
		return "bool"
	case string:
		return "str"
	case []byte:
		return "bytes"
	case []any:
		return "list"
	case *ordered.Object:
		return "dict"
	case float64:
		return "float"
	}
	return "int"
}
