package codec

import (
	"encoding/base64"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"
	"unsafe"
)

// DecodeQuery reads an application/x-www-form-urlencoded body into v, a *T. Names are walked through the plan: lists as
// X.member.1 or X.1, maps as X.entry.1.key and X.1.Name, structs as X.Y, `X=` for an empty list. Names for which skip
// answers true (Action, Version, …) are passed over; skip may be nil. It returns the names T does not have, and a
// *Problem for anything malformed or of the wrong type. v keeps nothing of body.
func (p *Plan) DecodeQuery(body string, v any, skip func(name string) bool) (unknown []string, err error) {
	return p.decodeQuery(body, v, skip, queryDecoder{})
}

// DecodeEC2 is DecodeQuery in EC2's dialect: every name begins with a capital, whatever the answer's begins with, and no
// list has a .member. level.
func (p *Plan) DecodeEC2(body string, v any, skip func(name string) bool) (unknown []string, err error) {
	return p.decodeQuery(body, v, skip, queryDecoder{ec2: true})
}

func (p *Plan) decodeQuery(body string, v any, skip func(name string) bool, d queryDecoder) (unknown []string, err error) {
	// A list costs memory by its highest number, so what numbers may claim is bounded by what was sent.
	d.budget = 64 + 2*(1+strings.Count(body, "&"))
	root := p.of(v)
	for body != "" {
		var pair string
		pair, body, _ = strings.Cut(body, "&")
		if pair == "" {
			continue
		}
		rawName, rawText, _ := strings.Cut(pair, "=")
		name, ok := unquote(rawName)
		if !ok {
			return unknown, problem("a parameter name that is not valid UTF-8 in URL encoding")
		}
		if skip != nil && skip(name) {
			continue
		}
		text, ok := unquote(rawText)
		if !ok {
			return unknown, problem("not valid UTF-8 in URL encoding").in(name)
		}
		d.name = name
		found, bad := d.set(p, root, name, text, 0)
		if bad != nil {
			return unknown, bad.in(name)
		}
		if !found {
			unknown = append(unknown, name)
		}
	}
	for prefix, e := range d.entries {
		if !e.named {
			return unknown, problem("a value without its name").in(strings.TrimSuffix(prefix, "."))
		}
	}
	return unknown, nil
}

func unquote(s string) (string, bool) {
	if strings.ContainsAny(s, "%+") {
		var err error
		if s, err = url.QueryUnescape(s); err != nil {
			return "", false
		}
	}
	return s, utf8.ValidString(s)
}

type queryDecoder struct {
	name    string // the whole name of the current parameter
	budget  int    // list elements that may still be made
	ec2     bool   // members are known by their capitalised names
	entries map[string]*queryEntry
}

// queryEntry is a map's entry, of which name and value arrive apart and in any order; keyed by its prefix "X.entry.1.".
type queryEntry struct {
	key   string
	named bool
	value reflect.Value // pointer to the value
}

// set stores text under name, as seen from p, and says whether p has such a member.
func (d *queryDecoder) set(p *Plan, v unsafe.Pointer, name, text string, depth int) (found bool, bad *Problem) {
	if depth > maxDepth {
		return true, tooDeep()
	}
	switch p.kind {
	case Pointer:
		if getPointer(v) == nil {
			p.renew(v)
		}
		return d.set(p.elem, getPointer(v), name, text, depth)
	case Struct:
		first, rest, _ := strings.Cut(name, ".")
		names := p.byQuery
		if d.ec2 {
			names = p.byEC2
		}
		i, ok := names[first]
		if !ok {
			return false, nil
		}
		f := &p.fields[i]
		switch f.plan.bare().kind {
		case List, Map:
			return d.setNumbered(f, f.plan, f.at(v), rest, text, depth)
		}
		return d.set(f.plan, f.at(v), rest, text, depth+1)
	case List, Map:
		return d.setNumbered(&unnamed, p, v, name, text, depth)
	}
	if name != "" {
		return false, nil
	}
	return true, p.setText(v, text)
}

// unnamed stands for the field of a list in a list, which has no tags of its own.
var unnamed = field{Field: Field{Item: "member", Key: "key", Value: "value"}}

// setNumbered stores into a list or map: rest is "member.1.Name", "1", "entry.2.value" and the like.
func (d *queryDecoder) setNumbered(f *field, p *Plan, v unsafe.Pointer, rest, text string, depth int) (bool, *Problem) {
	if p.kind == Pointer {
		if getPointer(v) == nil {
			p.renew(v)
		}
		p, v = p.elem, getPointer(v)
	}
	if rest == "" { // X= is how clients say that a list is empty
		if text != "" {
			return true, problem("a list whose elements are not numbered")
		}
		if p.absent(v) {
			p.makeEmpty(v)
		}
		return true, nil
	}
	first, after, _ := strings.Cut(rest, ".")
	if !d.ec2 && (first == f.Item || first == "member" || first == "entry") {
		first, after, _ = strings.Cut(after, ".")
	}
	n, err := strconv.Atoi(first)
	if err != nil {
		return false, nil
	}
	if n < 1 {
		return true, problem("elements are numbered from 1")
	}
	if p.kind == Map {
		return d.setEntry(f, p, v, after, text, depth)
	}
	if missing := n - (*listHeader)(v).len; missing > 0 {
		if missing > d.budget {
			return true, problem("an element's number is too high for the elements given")
		}
		d.budget -= missing
		for range missing {
			p.grow(v)
		}
	}
	return d.set(p.elem, p.element(v, n-1), after, text, depth+1)
}

func (p *Plan) makeEmpty(v unsafe.Pointer) {
	if p.kind == Map {
		p.emptyMap(v)
	} else {
		p.reserve(v, 0)
	}
}

// setEntry stores one half of a map's entry; the entry enters the map with its name and is stored again as its value
// fills, as the map itself may move between two parameters.
func (d *queryDecoder) setEntry(f *field, p *Plan, v unsafe.Pointer, rest, text string, depth int) (bool, *Problem) {
	prefix := d.name[:len(d.name)-len(rest)]
	part, after, _ := strings.Cut(rest, ".")
	isKey := part == f.Key || part == "key"
	if !isKey && part != f.Value && part != "value" || isKey && after != "" {
		return false, nil
	}
	e := d.entries[prefix]
	if e == nil {
		if d.entries == nil {
			d.entries = map[string]*queryEntry{}
		}
		e = &queryEntry{value: newValue(p.elem)}
		d.entries[prefix] = e
	}
	if isKey {
		if e.named && e.key != text {
			return true, problem("an entry with two names")
		}
		e.key, e.named = strings.Clone(text), true
	} else if found, bad := d.set(p.elem, e.value.UnsafePointer(), after, text, depth+1); !found || bad != nil {
		return found, bad
	}
	if e.named {
		p.put(v, e.key, e.value.Elem())
	}
	return true, nil
}

func (p *Plan) setText(v unsafe.Pointer, text string) *Problem {
	switch p.kind {
	case String:
		*(*string)(v) = strings.Clone(text)
	case Bool:
		b, ok := map[string]bool{"true": true, "false": false, "True": true, "False": false, "1": true, "0": false}[text]
		if !ok {
			return problem("%q is not a boolean", shorten(text))
		}
		*(*bool)(v) = b
	case Int:
		n, ok := p.parseInt(text, true)
		if !ok {
			return problem("%q is not a whole number between the bounds of its type", shorten(text))
		}
		p.setInt(v, n)
	case Float:
		n, err := strconv.ParseFloat(text, 64)
		if err != nil || n-n != 0 { // n-n is NaN for infinities
			return problem("%q is not a number", shorten(text))
		}
		*(*float64)(v) = n
	case Bytes:
		b, err := base64.StdEncoding.AppendDecode([]byte{}, []byte(text))
		if err != nil {
			return problem("not valid Base64")
		}
		*(*[]byte)(v) = b
	case Timestamp:
		t, err := parseTime(text)
		if err != nil {
			return problem("%s", err)
		}
		*(*Time)(v) = t
	}
	return nil
}

// shorten keeps a value quotable in a message.
func shorten(s string) string {
	if len(s) <= 64 {
		return s
	}
	return strings.ToValidUTF8(s[:64], "") + "…"
}
