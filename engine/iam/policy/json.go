package policy

import (
	"encoding/json"
	"io"
	"strings"
)

// value is a piece of JSON that keeps the order of its members.
type value struct {
	kind    kind
	text    string // string, number or bool, as text
	list    []value
	members []member
}

type member struct {
	name  string
	value value
}

type kind uint8

const (
	isNull kind = iota
	isString
	isScalar // number or bool: IAM takes them in conditions without quotes
	isList
	isObject
)

// readJSON parses text; ok is false if it is not one JSON value, or has an object with the same name twice.
func readJSON(text string) (v value, ok bool) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	v, ok = readValue(d)
	if !ok {
		return v, false
	}
	_, err := d.Token()
	return v, err == io.EOF
}

func readValue(d *json.Decoder) (v value, ok bool) {
	t, err := d.Token()
	if err != nil {
		return v, false
	}
	switch t := t.(type) {
	case string:
		return value{kind: isString, text: t}, true
	case json.Number:
		return value{kind: isScalar, text: t.String()}, true
	case bool:
		if t {
			return value{kind: isScalar, text: "true"}, true
		}
		return value{kind: isScalar, text: "false"}, true
	case json.Delim:
		if t == '[' {
			return readList(d)
		}
		return readObject(d)
	}
	return v, true // null
}

func readList(d *json.Decoder) (value, bool) {
	v := value{kind: isList}
	for d.More() {
		e, ok := readValue(d)
		if !ok {
			return v, false
		}
		v.list = append(v.list, e)
	}
	_, err := d.Token()
	return v, err == nil
}

func readObject(d *json.Decoder) (value, bool) {
	v := value{kind: isObject}
	seen := map[string]bool{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return v, false
		}
		name := t.(string) // the decoder lets nothing else through
		if seen[name] {
			return v, false
		}
		seen[name] = true
		e, ok := readValue(d)
		if !ok {
			return v, false
		}
		v.members = append(v.members, member{name, e})
	}
	_, err := d.Token()
	return v, err == nil
}

func (v *value) get(name string) (value, bool) {
	for _, m := range v.members {
		if m.name == name {
			return m.value, true
		}
	}
	return value{}, false
}

func (v *value) has(name string) bool { _, ok := v.get(name); return ok }

// strings is a string, or a list of strings, as a list. Whatever else a list holds has been refused before.
func (v value) strings() []string {
	if v.kind == isString || v.kind == isScalar {
		return []string{v.text}
	}
	var all []string
	for _, e := range v.list {
		all = append(all, e.text)
	}
	return all
}

// isStrings reports whether v is a string or a list of strings; scalars also lets numbers and bools pass for strings.
func (v value) isStrings(scalars bool) bool {
	is := func(k kind) bool { return k == isString || scalars && k == isScalar }
	if v.kind != isList {
		return is(v.kind)
	}
	for _, e := range v.list {
		if !is(e.kind) {
			return false
		}
	}
	return true
}
