package awscli

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// arity is how many values an option or a positional takes.
type arity int

const (
	one      arity = iota // exactly one
	flag                  // none
	optional              // none or one
	many                  // any number
)

// option is something a parser knows: --name or, without dashes, a positional.
type option struct {
	name     string // "--queue-url", or "command"
	dest     string // where the value goes; several options may share one
	arity    arity
	value    any    // of a flag: what it sets
	absent   string // of an optional option: the value when it is given without one
	choices  []string
	number   bool // the value must be an integer
	required bool
}

// parser reads arguments by the rules of Python's argparse, which the real CLI uses: options may be abbreviated and may
// be written --name=value, positionals are taken where they come, and what it does not know is left over, in order.
type parser struct {
	options    []*option
	positional *option // at most one
}

// parsed is what a parser found: values are string, []string or what a flag sets.
type parsed struct {
	values map[string]any
	rest   []string
}

func (p parsed) str(dest string) string { s, _ := p.values[dest].(string); return s }

func (p parsed) flag(dest string) bool { b, _ := p.values[dest].(bool); return b }

// usageError is a mistake on the command line that is answered with the usage.
type usageError string

func (e usageError) Error() string {
	return usage + "\naws: error: " + string(e) + "\n"
}

const usage = `usage: aws [options] <command> <subcommand> [<subcommand> ...] [parameters]
To see help text, you can run:

  aws help
  aws <command> help
  aws <command> <subcommand> help
`

var negative = regexp.MustCompile(`^-\d+$|^-\d*\.\d+$`)

// found is what an argument that looks like an option turned out to be; opt is nil for one that is not known.
type found struct {
	opt      *option
	explicit *string // after =
}

// run is one pass over the arguments.
type run struct {
	*parser
	args    []string
	at      map[int]found // the arguments that are options
	seen    map[*option]bool
	out     parsed
	literal int // index of "--", after which nothing is an option; len(args) if there is none
}

func (p *parser) parse(args []string) (parsed, error) {
	r := &run{parser: p, args: args, at: map[int]found{}, seen: map[*option]bool{}, out: parsed{values: map[string]any{}}}
	if r.literal = slices.Index(args, "--"); r.literal < 0 {
		r.literal = len(args)
	}
	last := -1
	for i, a := range args[:r.literal] {
		f, is, err := p.classify(a)
		if err != nil {
			return parsed{}, err
		}
		if is {
			r.at[i] = f
			last = i
		}
	}
	i := 0
	for i <= last {
		next := i
		for ; next <= last; next++ {
			if _, is := r.at[next]; is {
				break
			}
		}
		if next != i {
			took, err := r.takePositional(i, next)
			if err != nil {
				return parsed{}, err
			}
			if took > i {
				i = took
				continue
			}
			r.out.rest = append(r.out.rest, args[i:next]...)
			i = next
		}
		var err error
		if i, err = r.takeOption(i); err != nil {
			return parsed{}, err
		}
	}
	i, err := r.takePositional(i, len(args))
	if err != nil {
		return parsed{}, err
	}
	r.out.rest = append(r.out.rest, args[i:]...)
	return r.out, r.missing()
}

// classify tells whether an argument is an option, and which.
func (p *parser) classify(arg string) (found, bool, error) {
	if !strings.HasPrefix(arg, "-") || arg == "-" {
		return found{}, false, nil
	}
	name, value, hasValue := strings.Cut(arg, "=")
	f := found{}
	if hasValue {
		f.explicit = &value
	}
	for _, o := range p.options {
		if o.name == arg {
			return found{opt: o}, true, nil
		}
	}
	var matches []*option
	if strings.HasPrefix(arg, "--") {
		for _, o := range p.options {
			if o.name == name {
				f.opt = o
				return f, true, nil
			}
			if strings.HasPrefix(o.name, name) {
				matches = append(matches, o)
			}
		}
	}
	switch {
	case len(matches) == 1:
		f.opt = matches[0]
		return f, true, nil
	case len(matches) > 1:
		var names []string
		for _, o := range matches {
			names = append(names, o.name)
		}
		return found{}, false, usageError(fmt.Sprintf("ambiguous option: %s could match %s", arg, strings.Join(names, ", ")))
	case negative.MatchString(arg), strings.Contains(arg, " "):
		return found{}, false, nil
	}
	return found{}, true, nil
}

// takePositional gives the positional its value from args[i:next], if it wants one; it returns where to go on.
func (r *run) takePositional(i, next int) (int, error) {
	if i < len(r.args) && i == r.literal {
		i++ // "--" itself is nobody's value
	}
	o := r.positional
	if o == nil || r.seen[o] || i >= next {
		return i, nil
	}
	r.seen[o] = true
	if err := check(o, r.args[i]); err != nil {
		return i, err
	}
	r.out.values[o.dest] = r.args[i]
	return i + 1, nil
}

func (r *run) takeOption(i int) (int, error) {
	f := r.at[i]
	arg := r.args[i]
	i++
	o := f.opt
	if o == nil {
		r.out.rest = append(r.out.rest, arg)
		return i, nil
	}
	r.seen[o] = true
	values := r.valuesAt(i)
	if o.arity != many {
		values = values[:min(1, len(values))]
	}
	took := len(values)
	if f.explicit != nil {
		if o.arity == flag {
			return i, usageError(fmt.Sprintf("argument %s: ignored explicit argument %s", o.name, pythonString(*f.explicit)))
		}
		values, took = []string{*f.explicit}, 0
	}
	for _, v := range values {
		if o.arity == flag {
			break
		}
		if err := check(o, v); err != nil {
			return i, err
		}
	}
	switch o.arity {
	case flag:
		r.out.values[o.dest], took = o.value, 0
	case many:
		r.out.values[o.dest] = append([]string{}, values...)
	case optional:
		r.out.values[o.dest] = o.absent
		if len(values) == 1 {
			r.out.values[o.dest] = values[0]
		}
	default:
		if len(values) == 0 {
			return i, usageError(fmt.Sprintf("argument %s: expected one argument", o.name))
		}
		r.out.values[o.dest] = values[0]
	}
	return i + took, nil
}

// valuesAt are the arguments from i on that are not options.
func (r *run) valuesAt(i int) []string {
	end := i
	for ; end < len(r.args); end++ {
		if _, is := r.at[end]; is || end == r.literal {
			break
		}
	}
	return r.args[i:end]
}

func check(o *option, v string) error {
	if o.number {
		if _, err := pythonInt(v); err != nil {
			return usageError(fmt.Sprintf("argument %s: invalid int value: %s", o.name, pythonString(v)))
		}
	}
	if o.choices == nil || slices.Contains(o.choices, v) {
		return nil
	}
	return usageError(fmt.Sprintf("argument %s: %s", o.name, invalidChoice(v, o.choices)))
}

// invalidChoice lists the choices two a line, then those that look like v.
func invalidChoice(v string, choices []string) string {
	lines := []string{"Invalid choice, valid choices are:\n"}
	for i := 0; i < len(choices); i += 2 {
		line := fmt.Sprintf("%-40s", choices[i])
		if i+1 < len(choices) {
			line += fmt.Sprintf(" | %-40s", choices[i+1])
		}
		lines = append(lines, line)
	}
	if like := closest(v, choices); like != nil {
		lines = append(lines, fmt.Sprintf("\n\nInvalid choice: %s, maybe you meant:\n", pythonString(v)))
		for _, w := range like {
			lines = append(lines, "  * "+w)
		}
	}
	return strings.Join(lines, "\n")
}

func (r *run) missing() error {
	var names []string
	for _, o := range r.options {
		if o.required && !r.seen[o] {
			names = append(names, o.name)
		}
	}
	if o := r.positional; o != nil && o.required && !r.seen[o] {
		names = append(names, o.name)
	}
	if names == nil {
		return nil
	}
	return usageError("the following arguments are required: " + strings.Join(names, ", "))
}
