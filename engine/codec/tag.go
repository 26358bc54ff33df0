package codec

import (
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
)

// declare fills the field from its declaration and tags.
func (f *field) declare(sf reflect.StructField) error {
	f.Name, f.JSON, f.Query = sf.Name, sf.Name, sf.Name
	f.Item, f.Key, f.Value = "member", "key", "value"
	inner := f.plan
	if inner.kind == Pointer {
		f.Optional, inner = true, inner.elem
	}
	f.Kind = inner.kind
	switch inner.kind {
	case Struct:
		f.Type = inner
	case List, Map:
		f.Type = inner.elem
	case Pointer:
		return fmt.Errorf("a pointer to a pointer")
	}
	if name := sf.Tag.Get("json"); name != "" {
		f.JSON = name
	}
	f.jsonKey = strconv.Quote(f.JSON) + ":"
	if err := f.queryTag(sf.Tag.Get("query")); err != nil {
		return err
	}
	f.ec2Name = strings.ToLower(f.Query[:1]) + f.Query[1:]
	return f.isTag(sf.Tag.Get("is"))
}

func (f *field) queryTag(tag string) error {
	name, options, _ := strings.Cut(tag, ",")
	if name != "" {
		f.Query = name
	}
	for options != "" {
		var option string
		option, options, _ = strings.Cut(options, ",")
		key, value, _ := strings.Cut(option, "=")
		switch key {
		case "flat":
			f.Flat = true
		case "member":
			f.Item = value
		case "key":
			f.Key = value
		case "value":
			f.Value = value
		default:
			return fmt.Errorf("unknown query option %q", option)
		}
	}
	return nil
}

// javaEscape is how AWS's patterns write a character; they are kept as AWS has them, as its messages quote them.
var javaEscape = regexp.MustCompile(`\\u([0-9A-Fa-f]{4})`)

func (f *field) isTag(tag string) (err error) {
	for tag != "" && err == nil {
		if pattern, ok := strings.CutPrefix(tag, "pattern="); ok {
			f.Pattern = pattern
			f.pattern, err = regexp.Compile(`\A(?:` + javaEscape.ReplaceAllString(pattern, `\x{$1}`) + `)\z`)
			return err
		}
		var rule string
		rule, tag, _ = strings.Cut(tag, ",")
		key, value, _ := strings.Cut(rule, "=")
		switch key {
		case "required":
			f.Required = true
		case "secret":
			f.Secret = true
		case "enum":
			f.Enum = strings.Split(value, "|")
		case "len":
			if f.Kind == Int || f.Kind == Float || f.Kind == Bool {
				return fmt.Errorf("a %v has no length", f.Kind)
			}
			err = f.bounds(value)
		case "range":
			if f.Kind != Int && f.Kind != Float {
				return fmt.Errorf("a %v has no range", f.Kind)
			}
			err = f.bounds(value)
		default:
			return fmt.Errorf("unknown constraint %q", rule)
		}
	}
	return err
}

// bounds reads 1..80, 1.. or ..80.
func (f *field) bounds(s string) error {
	low, high, ok := strings.Cut(s, "..")
	if !ok {
		return fmt.Errorf("bounds %q are not of the form low..high", s)
	}
	for _, side := range []struct {
		text string
		to   **int64
	}{{low, &f.Min}, {high, &f.Max}} {
		if side.text == "" {
			continue
		}
		n, err := strconv.ParseInt(side.text, 10, 64)
		if err != nil {
			return err
		}
		*side.to = &n
	}
	return nil
}

func (f *field) constrained() bool {
	return f.Required || f.Min != nil || f.Max != nil || f.Enum != nil || f.pattern != nil
}
