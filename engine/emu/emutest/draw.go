package emutest

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"haneul/engine/codec"
	"haneul/engine/emu"
)

// Draw makes inputs up. It draws from what it has learnt from earlier answers, from hints, and from chance.
type Draw struct {
	*rand.Rand
	hints   map[string][]string
	seen    map[string][]string // values by the member's name, and by the last word of it
	service string
	op      string
	longest int // how long random texts may be
}

func newDraw(seed uint64, hints map[string][]string) *Draw {
	return &Draw{Rand: rand.New(rand.NewPCG(seed, 0x6861_6e65_756c)), hints: hints, seen: map[string][]string{}, longest: 40}
}

// Input makes an input of an operation. It tries to make one that is valid.
func (d *Draw) Input(op *emu.Operation) any {
	p := op.Input()
	in := p.New()
	for range 20 {
		in = p.New()
		d.service, d.op = op.Service().Name, op.Name
		d.fill(reflect.ValueOf(in).Elem(), p, 0)
		if p.Validate(in) == nil {
			break
		}
	}
	return in
}

func (d *Draw) fill(v reflect.Value, p *codec.Plan, depth int) {
	for _, f := range p.Fields() {
		if s := d.settled(f.Name); len(s) == 1 && s[0] == "" {
			continue
		}
		if !f.Required && d.settled(f.Name) == nil && d.IntN(6) > 0 && !d.known(f.Name) || depth > 4 {
			continue
		}
		d.value(v.FieldByName(f.Name), &f, depth)
	}
}

// settled is what a member is always drawn from, because the suite has a hint for just this operation.
func (d *Draw) settled(name string) []string { return d.hints[d.op+"."+name] }

// hinted is what the suite says of a member: of this service, or of all.
func (d *Draw) hinted(name string) []string {
	if own := d.hints[d.service+":"+name]; own != nil {
		return own
	}
	return d.hints[name]
}

// known reports whether a member that may be left out had better not be.
func (d *Draw) known(name string) bool {
	return (len(d.seen[name]) > 0 || len(d.hinted(name)) > 0) && d.IntN(2) == 0
}

func (d *Draw) value(v reflect.Value, f *codec.Field, depth int) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.value(v.Elem(), f, depth)
	case reflect.String:
		v.SetString(d.text(f))
	case reflect.Bool:
		v.SetBool(d.truth(f))
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(d.number(f))
	case reflect.Uint32, reflect.Uint64:
		v.SetUint(uint64(max(0, d.number(f))))
	case reflect.Float64:
		v.SetFloat(d.Float64() * 100)
	case reflect.Slice:
		d.list(v, f, depth)
	case reflect.Map:
		d.entries(v, f, depth)
	case reflect.Struct:
		d.fill(v, f.Type, depth+1)
	}
}

func (d *Draw) list(v reflect.Value, f *codec.Field, depth int) {
	if v.Type().Elem().Kind() == reflect.Uint8 {
		v.SetBytes([]byte(d.text(f)))
		return
	}
	n := 1 + d.IntN(3)
	v.Set(reflect.MakeSlice(v.Type(), n, n))
	element := *f
	element.Min, element.Max = nil, nil // of the list
	if e := f.Type; e != nil && e.Kind() == codec.Struct {
		element.Type = e
	}
	for i := range n {
		d.value(v.Index(i), &element, depth)
	}
}

func (d *Draw) entries(v reflect.Value, f *codec.Field, depth int) {
	v.Set(reflect.MakeMap(v.Type()))
	for range 1 + d.IntN(3) {
		key := d.pick(f.Name + ".key")
		if key == "" {
			key = d.word()
		}
		e := reflect.New(v.Type().Elem()).Elem()
		d.value(e, &codec.Field{Name: key, Type: f.Type}, depth)
		v.SetMapIndex(reflect.ValueOf(key).Convert(v.Type().Key()), e)
	}
}

// text is a string for a member: mostly one that may mean something.
func (d *Draw) text(f *codec.Field) string {
	if s := d.settled(f.Name); s != nil {
		return d.meant(s[d.IntN(len(s))])
	}
	if len(f.Enum) > 0 && d.IntN(10) > 0 {
		return f.Enum[d.IntN(len(f.Enum))]
	}
	sources := []string{f.Name, singular(f.Name)} // InstanceIds are drawn from what was seen as InstanceId
	if d.IntN(4) == 0 {
		sources = append(sources, lastWord(f.Name))
	}
	if d.IntN(20) > 0 {
		for _, s := range sources {
			if text := d.pick(s); text != "" {
				return text
			}
		}
	}
	return d.word()
}

// meant is what a hint stands for: "=InstanceId" for a value that was seen under that name.
func (d *Draw) meant(hint string) string {
	name, other := strings.CutPrefix(hint, "=")
	if !other {
		return hint
	}
	if seen := d.seen[name]; len(seen) > 0 {
		return seen[d.IntN(len(seen))]
	}
	return d.word()
}

// pick is a value that was seen or hinted at under a name, "" if there is none.
func (d *Draw) pick(name string) string {
	hints := d.hinted(name)
	all := len(d.seen[name]) + len(hints)
	if all == 0 {
		return ""
	}
	i := d.IntN(all)
	if i < len(hints) {
		return hints[i]
	}
	return d.seen[name][i-len(hints)]
}

// word is a name out of few, so that they meet again, or now and then anything at all.
func (d *Draw) word() string {
	if d.IntN(10) > 0 {
		return []string{"alpha", "beta", "gamma", "delta"}[d.IntN(4)]
	}
	const letters = "abcXYZ019 -_./:*é한\n\"{}"
	all := []rune(letters)
	b := make([]rune, d.IntN(d.longest))
	for i := range b {
		b[i] = all[d.IntN(len(all))]
	}
	return string(b)
}

// hint is what the suite says of a member that is no text, "" if nothing, or now and then.
func (d *Draw) hint(f *codec.Field) string {
	hints := d.settled(f.Name)
	if hints == nil && d.IntN(10) > 0 {
		hints = d.hinted(f.Name)
	}
	if len(hints) == 0 {
		return ""
	}
	return hints[d.IntN(len(hints))]
}

func (d *Draw) truth(f *codec.Field) bool {
	if b, err := strconv.ParseBool(d.hint(f)); err == nil {
		return b
	}
	return d.IntN(2) == 0
}

func (d *Draw) number(f *codec.Field) int64 {
	if n, err := strconv.ParseInt(d.hint(f), 10, 64); err == nil {
		return n
	}
	low, high := int64(0), int64(12)
	if f.Min != nil {
		low, high = *f.Min, *f.Min+12
	}
	if f.Max != nil && d.IntN(3) == 0 || f.Max != nil && *f.Max < high {
		high = *f.Max
	}
	if d.IntN(20) == 0 {
		return d.Int64N(1<<40) - 1<<39
	}
	return low + d.Int64N(max(1, high-low+1))
}

// learn keeps every string in a value under the name of its member.
func (d *Draw) learn(p *codec.Plan, v any) {
	if r := reflect.ValueOf(v); r.Kind() == reflect.Pointer && !r.IsNil() {
		d.learnFrom("", r.Elem())
	}
}

func (d *Draw) learnFrom(name string, v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		d.note(name, v.String())
	case reflect.Pointer:
		if !v.IsNil() {
			d.learnFrom(name, v.Elem())
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() != reflect.Uint8 {
			for i := range v.Len() {
				d.learnFrom(singular(name), v.Index(i))
			}
		}
	case reflect.Map:
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		for _, k := range keys {
			d.learnFrom(k.String(), v.MapIndex(k))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).Anonymous {
				d.learnFrom(name, v.Field(i))
			} else {
				d.learnFrom(v.Type().Field(i).Name, v.Field(i))
			}
		}
	}
}

// remembered is how many values are kept under one name.
const remembered = 8

func (d *Draw) note(name, text string) {
	if text == "" || len(text) > 4096 {
		return
	}
	for _, n := range []string{name, lastWord(name)} {
		if !slices.Contains(d.seen[n], text) {
			if d.seen[n] = append(d.seen[n], text); len(d.seen[n]) > remembered {
				d.seen[n] = d.seen[n][1:]
			}
		}
	}
}

func singular(name string) string { return strings.TrimSuffix(name, "s") }

// lastWord is Arn of SourceArn and Url of QueueUrls.
func lastWord(name string) string {
	name = singular(name)
	for i := len(name) - 1; i > 0; i-- {
		if unicode.IsUpper(rune(name[i])) && !unicode.IsUpper(rune(name[i-1])) {
			return name[i:]
		}
	}
	return name
}
