package tool

import (
	"fmt"
	"strconv"
	"strings"
)

// Options are the options and operands of a call.
type Options struct {
	Args   []string // the operands
	values map[byte][]string
}

// Parse reads options as GNU's getopt_long does: bundled, with values attached or apart, also after operands.
//
// short lists the letters; one followed by ":" takes a value, by "?" an optional one that must be attached. A leading
// "+" stops at the first operand. long are "name=letter" pairs; their values come after "=" or as the next word.
func Parse(args []string, short string, long ...string) (*Options, error) {
	o := &Options{values: map[byte][]string{}}
	stop := strings.HasPrefix(short, "+")
	p := parsing{o: o, short: strings.TrimPrefix(short, "+"), long: long, rest: args}
	for len(p.rest) > 0 {
		a := p.rest[0]
		p.rest = p.rest[1:]
		var err error
		switch {
		case a == "--":
			o.Args = append(o.Args, p.rest...)
			return o, nil
		case strings.HasPrefix(a, "--"):
			err = p.word(a[2:])
		case len(a) > 1 && a[0] == '-':
			err = p.letters(a[1:])
		case stop:
			o.Args = append(append(o.Args, a), p.rest...)
			return o, nil
		default:
			o.Args = append(o.Args, a)
		}
		if err != nil {
			return nil, err
		}
	}
	return o, nil
}

type parsing struct {
	o     *Options
	short string
	long  []string
	rest  []string
}

func (p *parsing) takes(letter byte) byte {
	i := strings.IndexByte(p.short, letter)
	if i < 0 || letter == ':' || letter == '?' {
		return 'x'
	}
	if i+1 < len(p.short) && (p.short[i+1] == ':' || p.short[i+1] == '?') {
		return p.short[i+1]
	}
	return 0
}

func (p *parsing) letters(s string) error {
	for s != "" {
		letter := s[0]
		s = s[1:]
		value := ""
		switch p.takes(letter) {
		case 'x':
			return fmt.Errorf("invalid option -- '%c'", letter)
		case ':':
			if s == "" {
				if len(p.rest) == 0 {
					return fmt.Errorf("option requires an argument -- '%c'", letter)
				}
				s, p.rest = p.rest[0], p.rest[1:]
			}
			value, s = s, ""
		case '?':
			value, s = s, ""
		}
		p.o.values[letter] = append(p.o.values[letter], value)
	}
	return nil
}

func (p *parsing) word(s string) error {
	name, value, has := strings.Cut(s, "=")
	letter, found := byte(0), 0
	for _, l := range p.long {
		full, short, _ := strings.Cut(l, "=")
		if full == name {
			letter, found = short[0], 1
			break
		}
		if strings.HasPrefix(full, name) {
			letter, found = short[0], found+1
		}
	}
	if found != 1 {
		return fmt.Errorf("unrecognized option '--%s'", name)
	}
	if p.takes(letter) == ':' && !has {
		if len(p.rest) == 0 {
			return fmt.Errorf("option '--%s' requires an argument", name)
		}
		value, p.rest = p.rest[0], p.rest[1:]
	}
	p.o.values[letter] = append(p.o.values[letter], value)
	return nil
}

// Has tells whether the option was given.
func (o *Options) Has(letter byte) bool { return len(o.values[letter]) > 0 }

// Count tells how often.
func (o *Options) Count(letter byte) int { return len(o.values[letter]) }

// All are the option's values in order.
func (o *Options) All(letter byte) []string { return o.values[letter] }

// Str is the option's last value.
func (o *Options) Str(letter byte, otherwise string) string {
	if v := o.values[letter]; len(v) > 0 {
		return v[len(v)-1]
	}
	return otherwise
}

// Int is the option's last value as a number.
func (o *Options) Int(letter byte, otherwise int) (int, error) {
	v := o.values[letter]
	if len(v) == 0 {
		return otherwise, nil
	}
	n, err := strconv.Atoi(v[len(v)-1])
	if err != nil {
		return 0, fmt.Errorf("invalid number: '%s'", v[len(v)-1])
	}
	return n, nil
}
